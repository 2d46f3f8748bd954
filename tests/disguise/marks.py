"""Things put between the characters, or on them: invisible ones, marks, separators, pictographs, particles."""

from __future__ import annotations

import sys
import unicodedata
from random import Random

from tests.disguise.units import Units, between, hanzi_at

__all__ = ["combining", "emoji", "invisible", "particle", "separators", "variation"]

_BIDI = {"BN", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
_ALL = [chr(code) for code in range(sys.maxunicode + 1)]
_INVISIBLE = [c for c in _ALL if unicodedata.category(c) == "Cf" and unicodedata.bidirectional(c) in _BIDI]
_INVISIBLE += ["\u200e", "\u200f", "\u061c", "\u3164"]
_COMBINING = [
    c for c in _ALL if unicodedata.category(c) in ("Mn", "Me") and unicodedata.name(c, "").startswith("COMBINING ")
]
_VARIATION = [c for c in _ALL if "VARIATION SELECTOR" in unicodedata.name(c, "")]
_EMOJI = [
    chr(code)
    for first, last in ((0x1F330, 0x1F37F), (0x1F400, 0x1F43F), (0x1F600, 0x1F64F), (0x1F680, 0x1F6A4))
    for code in range(first, last + 1)
]
SEPARATORS = " 　.。,，、·•・…-–—_~～*＊/／\\|｜+=^#＃&%$!！:：;；'\"`○●★☆◆→※"[:40]
"""Forty kinds of separators."""
_PARTICLES = ("啊", "呀", "哦", "呢", "嘛", "啦", "吧", "哈", "嗯", "喔", "那个", "一下")


def invisible(units: Units, random: Random) -> Units | None:
    """Zero-width and bidirectional characters, a fresh one at every place."""
    return between(units, lambda: random.choice(_INVISIBLE))


def combining(units: Units, random: Random) -> Units | None:
    """A combining mark on every character."""
    return [unit + random.choice(_COMBINING) for unit in units]


def variation(units: Units, random: Random) -> Units | None:
    """A variation selector behind every character."""
    return [unit + random.choice(_VARIATION) for unit in units]


def separators(units: Units, random: Random) -> Units | None:
    """One of forty separators, the same at all places."""
    separator = random.choice(SEPARATORS)
    return between(units, lambda: separator)


def emoji(units: Units, random: Random) -> Units | None:
    """A pictograph between all characters, the same at all places or a fresh one at each."""
    one = random.choice(_EMOJI)
    return between(units, (lambda: one) if random.random() < 0.5 else (lambda: random.choice(_EMOJI)))


def particle(units: Units, random: Random) -> Units | None:
    """A filler word at one place between two Chinese characters."""
    places = set(hanzi_at(units))
    inner = [k for k in places if k + 1 in places]
    if not inner:
        return None
    place = random.choice(sorted(inner))
    return [unit + random.choice(_PARTICLES) if k == place else unit for k, unit in enumerate(units)]
