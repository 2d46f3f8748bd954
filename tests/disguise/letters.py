"""Letters and characters in another dress: width, case, look-alikes, styles, traditional script."""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from random import Random

from opencc import OpenCC  # type: ignore[import-untyped]

from tests.disguise.units import Units, hanzi_at, replaced

__all__ = ["full_width", "lookalike_letters", "mixed_case", "styled_letters", "traditional"]

# Cyrillic, Greek, Armenian, Cherokee and Latin letters that are drawn like these
_ALIKE = {
    "a": "аɑα", "b": "ЬƄ", "c": "сϲⅽ", "d": "ԁⅾɗ", "e": "еҽ", "g": "ɡց", "h": "һհ", "i": "іɩΙ", "j": "јϳ",
    "k": "κкᴋ", "l": "ӏⅼΙ", "m": "мⅿ", "n": "ոп", "o": "оοօ", "p": "рρ", "q": "ԛզ", "r": "гᴦ", "s": "ѕꜱ",
    "t": "тτ", "u": "υսᴜ", "v": "νѵⅴ", "w": "ԝѡᴡ", "x": "хχⅹ", "y": "уγү", "z": "ᴢʐ",
    "A": "АΑ", "B": "ВΒ", "C": "СϹ", "E": "ЕΕ", "H": "НΗ", "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ",
    "Q": "Ԛ", "S": "Ѕ", "T": "ТΤ", "V": "ѴⅤ", "W": "Ԝ", "X": "ХΧ", "Y": "ҮΥ", "Z": "Ζ",
}  # fmt: skip
_STYLED: dict[str, list[str]] = defaultdict(list)
for _code in range(0x80, sys.maxunicode + 1):
    _plain = unicodedata.normalize("NFKC", chr(_code))
    if len(_plain) == 1 and _plain.isascii() and _plain.isalpha() and not 0xFF00 <= _code < 0xFFF0:
        _STYLED[_plain.lower()].append(chr(_code))
_TO_TRADITIONAL = OpenCC("s2t")


def full_width(units: Units, random: Random) -> Units | None:
    """Letters, digits and signs twice as wide."""
    return replaced(
        units, {k: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in u) for k, u in enumerate(units)}
    )


def mixed_case(units: Units, random: Random) -> Units | None:
    """Capital and small letters at random, at least one changed."""
    letters = [k for k, unit in enumerate(units) if unit.isascii() and unit.swapcase() != unit]
    if not letters:
        return None
    changed = {random.choice(letters), *(k for k in letters if random.random() < 0.5)}
    return replaced(units, {k: units[k].swapcase() for k in changed})


def lookalike_letters(units: Units, random: Random) -> Units | None:
    """Letters of other scripts that are drawn alike."""
    return replaced(
        units, {k: "".join(random.choice(_ALIKE.get(c, c)) for c in u) for k, u in enumerate(units) if u.isascii()}
    )


def styled_letters(units: Units, random: Random) -> Units | None:
    """Mathematical, circled, raised and other styled letters."""
    return replaced(
        units,
        {
            k: "".join(random.choice(_STYLED[c.lower()]) if c.lower() in _STYLED else c for c in u)
            for k, u in enumerate(units)
            if u.isascii()
        },
    )


def traditional(units: Units, random: Random) -> Units | None:
    """Traditional characters for all simplified ones."""
    places = hanzi_at(units)
    whole = _TO_TRADITIONAL.convert("".join(units[k] for k in places))
    return replaced(units, dict(zip(places, whole, strict=True))) if len(whole) == len(places) else None
