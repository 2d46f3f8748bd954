"""What a supervisor can change: column names, role words, placeholders and metrics, from ``lexicons/audit``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from compliance.audit.conversation_rules import ConversationRules
from compliance.audit.metrics import Metric
from compliance.audit.row import Role
from compliance.audit.scoring import Scoring
from compliance.errors import InputError, UnknownPlatformError
from compliance.lexicon.store import default_folder

__all__ = ["AuditData", "load_audit_data", "load_mapping"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AuditData:
    """What the files say.

    Attributes:
        aliases: headings by field.
        roles: words by role, and ``by_heading`` those that count only under a certain heading.
        metrics: what to count of the answers.
        placeholders: matches a message that stands for a picture or another thing that is no text.
        conversation: rules over whole conversations.
        scoring: how scores are made, and what is drawn for human review.
    """

    aliases: Mapping[str, list[str]]
    roles: Mapping[str, Any]
    metrics: tuple[Metric, ...]
    placeholders: re.Pattern[str]
    conversation: ConversationRules
    scoring: Scoring


def load_audit_data(folder: Path | None = None) -> AuditData:
    """Read the files of a lexicon folder.

    Raises:
        InputError: one is missing or is no YAML of its form.
    """
    root = (folder or default_folder()) / "audit"

    def read(name: str) -> Any:
        try:
            return yaml.safe_load((root / name).read_text("utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise InputError(f"{root / name}: cannot be read: {error}") from None

    def parsed(name: str, parse: Callable[[Any], _T]) -> _T:
        try:
            return parse(read(name))
        except KeyError as error:
            raise InputError(f"{root / name}: {error.args[0]!r} is missing or unknown") from None
        except (TypeError, ValueError, AttributeError, UnknownPlatformError) as error:
            raise InputError(f"{root / name}: {error}") from None

    return AuditData(
        aliases=read("columns.yaml"),
        roles=read("roles.yaml"),
        metrics=parsed("metrics.yaml", lambda items: tuple(map(Metric.parse, items))),
        placeholders=parsed("placeholders.yaml", _placeholders),
        conversation=parsed("conversation.yaml", ConversationRules.parse),
        scoring=parsed("scoring.yaml", Scoring.parse),
    )


def _placeholders(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    bracketed, plain = ("|".join(map(re.escape, words.get(kind, ()))) for kind in ("bracketed", "plain"))
    alone = rf"[\[【<(（#/]\s*(?:{bracketed})\s*[\]】>)）]?|(?:{plain})"
    return re.compile(rf"(?:(?:{alone})\s*)+", re.IGNORECASE)


def load_mapping(file: Path) -> dict[str, Any]:
    """Read a mapping file: TOML with ``field = "heading"`` lines, and names by role below ``[roles]``.

    Raises:
        InputError: it cannot be read.
    """
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None
    roles = data.get("roles", {})
    known = {role.value for role in Role}
    if not isinstance(roles, dict) or not all(
        role in known and isinstance(names, list) and all(isinstance(name, str) for name in names)
        for role, names in roles.items()
    ):
        raise InputError(
            f'{file}: below [roles] every line must read agent = ["name", ...]; roles are {", ".join(known)}'
        )
    if not all(isinstance(value, str) for field, value in data.items() if field != "roles"):
        raise InputError(f'{file}: every line must read field = "heading"')
    return data
