"""The shop profile: what a shop owns and offers, and what it wants handled differently (``shop.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from compliance.errors import ComplianceError, ProfileError
from compliance.model import Action, Category, Context, Severity, platform_id

__all__ = ["Profile", "load_profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts about one shop.

    Attributes:
        name: shown in reports.
        platform: used where a call names none.
        domains: registrable domains of the shop's own.
        phones: the shop's own published numbers, digits only.
        facts: yes/no facts such as ``cod``; a context given with a call wins.
        category: kind of goods, where a context names none.
        actions: severity -> action, where it differs from the lexicon's.
    """

    name: str = ""
    platform: str | None = None
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    facts: Mapping[str, bool] = field(default_factory=dict)
    category: Category | None = None
    actions: Mapping[Severity, Action] = field(default_factory=dict)

    def complete(self, context: Context) -> Context:
        """Add the profile's facts to a context."""
        if not self.facts and self.category is None:
            return context
        return replace(
            context,
            shop={**self.facts, **context.shop},
            category=context.category or self.category,
        )


def load_profile(file: Path) -> Profile:
    """Read a ``shop.toml``.

    Raises:
        ProfileError: the file cannot be read, has an unknown key or a value of the wrong kind; the text says where.
    """
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ProfileError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProfileError(f"{file}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}: {error}") from None
    from compliance.profile_schema import ProfileModel, explain  # noqa: PLC0415  pydantic only where a file is read

    try:
        model = ProfileModel.model_validate(data)
        platform = platform_id(model.platform) if model.platform else None
    except ValueError as error:
        raise ProfileError(f"{file}: {explain(error)}") from None
    except ComplianceError as error:
        raise ProfileError(f"{file}: platform: {error}") from None
    return Profile(
        name=model.name,
        platform=platform,
        domains=frozenset(domain.lower() for domain in model.own.domains),
        phones=frozenset("".join(filter(str.isdigit, phone)) for phone in model.own.phones),
        facts={str(name): value for name, value in model.offers.items()},
        category=model.category,
        actions={Severity[level.upper()]: Action(action) for level, action in model.actions.items()},
    )
