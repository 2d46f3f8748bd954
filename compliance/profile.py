"""The shop profile: what a shop owns and offers, and what it wants handled differently (``shop.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from compliance.errors import ComplianceError, ProfileError
from compliance.model import Action, Category, Context, Severity, ToneName, platform_id

__all__ = ["Profile", "ShopException", "load_profile", "read_profile"]


@dataclass(frozen=True, slots=True)
class ShopException:
    """Words a shop may use although a rule forbids them, and who answers for it.

    Attributes:
        phrase: a term or a longer phrase; ``*`` stands for up to ten characters. It excuses hits inside it.
        rules: rule codes or categories it applies to; ``*`` for all.
        reason, owner: why, and who decided; both are printed.
        expires: the last day on which it holds.
    """

    phrase: str
    rules: frozenset[str]
    reason: str
    owner: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts about one shop.

    Attributes:
        name: shown in reports.
        platform: used where a call names none.
        domains: registrable domains of the shop's own.
        phones: the shop's own published numbers, digits only.
        brands: names of brands that the shop owns or is authorised to sell.
        return_address: the shop's registered return address.
        facts: yes/no facts such as ``cod``; a context given with a call wins.
        category: kind of goods, where a context names none.
        tone: how rewrites are worded; ``None`` means as the agent writes.
        actions: severity -> action, where it differs from the lexicon's.
        exceptions: in the order of the file.
    """

    name: str = ""
    platform: str | None = None
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    return_address: str = ""
    facts: Mapping[str, bool] = field(default_factory=dict)
    category: Category | None = None
    tone: ToneName | None = None
    actions: Mapping[Severity, Action] = field(default_factory=dict)
    exceptions: tuple[ShopException, ...] = ()

    def complete(self, context: Context) -> Context:
        """Add the profile's facts to a context.

        A shop that names its phones or its return address has also told that every other one is not its own.
        """
        facts = dict(self.facts)
        if self.phones:
            facts.setdefault("own_phone", False)
        if self.return_address:
            facts.setdefault("return_address", False)
        if not facts and self.category is None:
            return context
        return replace(context, shop={**facts, **context.shop}, category=context.category or self.category)


def load_profile(file: Path, *, today: date | None = None) -> Profile:
    """Read a ``shop.toml``.

    Args:
        file: the profile.
        today: exceptions that expired before this day are left out; ``None`` means the day of the call.

    Raises:
        ProfileError: the file cannot be read, has an unknown key or a value of the wrong kind; the text says where.
    """
    profile = read_profile(file)
    day = today or date.today()
    return replace(profile, exceptions=tuple(e for e in profile.exceptions if e.expires is None or e.expires >= day))


def read_profile(file: Path) -> Profile:
    """Read a ``shop.toml`` with its expired exceptions, as :func:`load_profile` otherwise does."""
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ProfileError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProfileError(f"{file}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}: {error}") from None
    from compliance.profile_schema import TONES, ProfileModel, explain  # noqa: PLC0415  pydantic only where a file is read

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
        brands=frozenset(model.own.brands),
        return_address=model.own.return_address,
        facts={str(name): value for name, value in model.offers.items()},
        category=model.category,
        tone=TONES[model.tone] if model.tone else None,
        actions={Severity[level.upper()]: Action(action) for level, action in model.actions.items()},
        exceptions=tuple(
            ShopException(item.phrase, frozenset(item.rules), item.reason, item.owner, item.expires)
            for item in model.exceptions
        ),
    )
