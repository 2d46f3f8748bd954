"""All techniques, in the order in which a pair of them is applied: first what changes characters, last the seams."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from random import Random

from tests.disguise import glyphs, letters, marks, numerals, order, sounds
from tests.disguise.units import Disguise, Units

__all__ = ["PAIRS", "TECHNIQUES", "Technique", "disguise"]


@dataclass(frozen=True, slots=True)
class Technique:
    """One way to disguise words.

    Attributes:
        name: how tables call it.
        apply: how it is done; ``None`` cuts the words into messages, which is done last.
        tolerance: what an entry of the lexicon declares if it promises to see through it.
    """

    name: str
    apply: Disguise | None
    tolerance: str | None = None


TECHNIQUES = (
    Technique("traditional", letters.traditional),
    Technique("homophone", sounds.homophone, "sound"),
    Technique("look-alike glyph", glyphs.lookalike, "look"),
    Technique("split glyphs", glyphs.split_glyphs, "split"),
    Technique("pinyin, whole", sounds.pinyin_whole, "pinyin"),
    Technique("pinyin, part", sounds.pinyin_part, "pinyin"),
    Technique("initials", sounds.initials, "initials"),
    Technique("Hanzi digits", numerals.hanzi_digits),
    Technique("digit words", numerals.digit_words),
    Technique("circled digits", numerals.circled),
    Technique("keycap digits", numerals.keycaps),
    Technique("mathematical digits", numerals.mathematical),
    Technique("mixed case", letters.mixed_case),
    Technique("look-alike letters", letters.lookalike_letters),
    Technique("styled letters", letters.styled_letters),
    Technique("full width", letters.full_width),
    Technique("inserted particle", marks.particle),
    Technique("reversed", order.reversed_order, "reverse"),
    Technique("separators", marks.separators),
    Technique("emoji between", marks.emoji),
    Technique("combining marks", marks.combining),
    Technique("variation selectors", marks.variation),
    Technique("invisible characters", marks.invisible),
    Technique("over messages", None),
)
PAIRS = tuple(combinations(TECHNIQUES, 2))


def disguise(words: str, techniques: tuple[Technique, ...], random: Random) -> list[str] | None:
    """Return the words disguised by all techniques, as one text or as the pieces of several messages.

    ``None`` means that one of them cannot be applied to these words.
    """
    units: Units | None = list(words)
    for technique in techniques:
        if technique.apply is not None and units is not None:
            units = technique.apply(units, random)
    if units is None:
        return None
    if all(technique.apply is not None for technique in techniques):
        return ["".join(units)]
    pieces = order.split_messages(units, random)
    return None if pieces is None else ["".join(piece) for piece in pieces]
