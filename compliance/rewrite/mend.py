"""Mend punctuation around words that were left out or replaced."""

from __future__ import annotations

import re

__all__ = ["mend"]

_REPEATED = re.compile(r"[，,、；;：:\s]+(?=[，,、；;。！!？?])")
_LEADING = re.compile(r"^[\s，,、；;。！!？?的]+")
_AFTER_END = re.compile(r"([。！!？?])\s*[，,、；;]+")


def mend(text: str) -> str:
    """Return the text without doubled, leading or dangling punctuation."""
    text = _REPEATED.sub("", text)
    text = _AFTER_END.sub(r"\1", text)
    return _LEADING.sub("", text).strip().rstrip("，,、；;")
