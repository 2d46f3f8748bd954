"""Digits written in other ways; only numbers of five digits and more are disguised."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from random import Random

from tests.disguise.units import Disguise, Units, replaced

__all__ = ["circled", "digit_words", "hanzi_digits", "keycaps", "mathematical"]

_FEWEST = 5
_DIGITS = "0123456789"


def _named(part: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {digit: [] for digit in _DIGITS}
    for code in range(0x80, sys.maxunicode + 1):
        if part in unicodedata.name(chr(code), "") and (value := unicodedata.digit(chr(code), -1)) >= 0:
            found[str(value)].append(chr(code))
    return found


def _by(ways: Mapping[str, Sequence[str]]) -> Disguise:
    """Make a technique that writes every digit in one of its ways, the same for equal digits."""

    def write(units: Units, random: Random) -> Units | None:
        if sum(unit in _DIGITS for unit in units if unit) < _FEWEST:
            return None
        chosen = {digit: random.choice(list(ways[digit])) for digit in _DIGITS}
        return replaced(units, {k: chosen[u] for k, u in enumerate(units) if u in chosen})

    return write


def _styles(rows: Sequence[str]) -> Callable[[Units, Random], Units | None]:
    """Make a technique that writes all digits in one style."""
    made = [_by(dict(zip(_DIGITS, row, strict=True))) for row in rows]
    return lambda units, random: random.choice(made)(units, random)


hanzi_digits = _styles(["零一二三四五六七八九", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖"])
"""Chinese numerals, everyday or of the bank."""
circled = _by(_named("CIRCLED"))
"""Digits in circles, white and black."""
keycaps = _by({digit: [digit + "\ufe0f\u20e3", digit + "\u20e3"] for digit in _DIGITS})
"""Digits on keycaps."""
mathematical = _by(_named("MATHEMATICAL"))
"""Bold, double-struck, sans-serif and monospace digits."""
digit_words = _styles(["洞幺两三四五六拐八勾", "零腰二三四五六拐八九", "洞妖两叁肆伍陆拐捌勾"])
"""Digits as they are called on the radio."""
