"""Code-point offsets in UTF-16 code units, the unit of browsers."""

from __future__ import annotations

import re
from bisect import bisect_left

__all__ = ["Utf16Offsets"]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16Offsets:
    """Maps code-point offsets of one text to UTF-16 offsets; each look-up is logarithmic in the astral characters."""

    __slots__ = ("_astral",)

    def __init__(self, text: str) -> None:
        self._astral = [match.start() for match in _ASTRAL.finditer(text)]

    def __getitem__(self, offset: int) -> int:
        return offset + bisect_left(self._astral, offset)
