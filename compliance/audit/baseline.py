"""Findings that are known already, by rule, entry and message, never by line, so that only new ones count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from compliance.errors import InputError

__all__ = ["digest_of", "fingerprint", "read_baseline", "write_baseline"]


def fingerprint(record: Mapping[str, Any]) -> str:
    """Return what identifies a finding wherever it stands."""
    return f"{record['code']}|{record['entry']}|{digest_of(str(record['text']))}"


def digest_of(text: str) -> str:
    """Return what stands for a message where its text shall not."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def read_baseline(file: Path) -> frozenset[str]:
    """Read a baseline.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return frozenset(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{file}: is no baseline that can be read: {error}") from None


def write_baseline(file: Path, findings: Iterable[str]) -> None:
    """Write the fingerprints of findings, given as lines of ``findings.jsonl``."""
    prints = sorted({fingerprint(json.loads(line)) for line in findings})
    file.write_text(json.dumps(prints, ensure_ascii=False, indent=1) + "\n", "utf-8")
