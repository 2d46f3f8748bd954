"""What tells one audit from another: logs, rules and options, as the manifest and unfinished work name them."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from compliance.lexicon.bundle import Bundle
from compliance.lexicon.store import default_folder
from compliance.profile import Profile

__all__ = ["inputs_of", "rules_of"]


def inputs_of(files: list[Path]) -> list[dict[str, str]]:
    """Return name and SHA-256 of each file."""
    return [{"file": file.name, "sha256": _sha256(file)} for file in files]


def rules_of(bundle: Bundle, lexicons: Path | None, profile: Profile) -> dict[str, Any]:
    """Return what tells apart rules that lead to other findings."""
    return {
        "version": metadata.version("compliance"),
        "lexicons": bundle.hash,
        "settings": [
            _sha256(file) for file in sorted(((lexicons or default_folder()) / "audit").iterdir()) if file.is_file()
        ],
        "profile": repr(_plain(profile)),
    }


def _plain(value: Any) -> Any:
    """Return a value whose words do not depend on the order of sets."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return [(field.name, _plain(getattr(value, field.name))) for field in fields(value)]
    return value


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
