"""The written forms of a term that folding alone cannot reach, made when the lexicon is compiled.

Folding is one character to one character. Forms that change the number of characters (weixin, 亻言, v信) become
automaton keys of their own, so they cost nothing when a message is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from compliance.fold.tables import FoldingData

__all__ = ["spellings"]

_LONGEST_MIXED = 4
"""Mixed Hanzi and pinyin forms are made for terms up to this many characters (2^4 forms); longer ones only whole."""

_NUMERALS = {
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}


def spellings(term: str, tolerance: frozenset[str], data: FoldingData) -> Iterator[tuple[str, str]]:
    """Yield (spelling, technique) for a soft-folded term; the term itself comes first as ``exact``."""
    yield term, "exact"
    seen = {term}

    def fresh(candidates: Iterator[str], technique: str) -> Iterator[tuple[str, str]]:
        for candidate in candidates:
            if candidate not in seen and len(candidate) > 1:
                seen.add(candidate)
                yield candidate, technique

    yield from fresh(_with_digits(term), "digits")
    if "pinyin" in tolerance:
        yield from fresh(_pinyin(term, data), "pinyin")
    if "initials" in tolerance:
        yield from fresh(_initials(term, data), "initials")
    if "split" in tolerance:
        yield from fresh(_split(term, data), "split_glyph")
    if tolerance & {"look", "sound"}:
        yield from fresh(_emoji(term, data), "emoji")
    if "reverse" in tolerance and len(term) > 1:
        yield from fresh(iter([term[::-1]]), "reversed")


def _with_digits(term: str) -> Iterator[str]:
    digits = "".join(_NUMERALS.get(char, char) for char in term)
    if digits != term and not digits.isdecimal():  # 38 is a number, not 三八
        yield digits


def _pinyin(term: str, data: FoldingData) -> Iterator[str]:
    choices = [(char, data.pinyin[char]) if char in data.pinyin else (char,) for char in term]
    if not any(len(choice) > 1 for choice in choices):
        return
    if len(term) > _LONGEST_MIXED:
        yield "".join(choice[-1] for choice in choices)
        return
    for parts in product(*choices):
        yield "".join(parts)


def _initials(term: str, data: FoldingData) -> Iterator[str]:
    """Forms with one or more characters as initials, at least one Hanzi kept: v信, 微x."""
    choices = [(char, data.pinyin[char][0]) if char in data.pinyin else (char,) for char in term]
    if len(term) > _LONGEST_MIXED:
        return
    for parts in product(*choices):
        if any(part in data.pinyin for part in parts):
            yield "".join(parts)


def _split(term: str, data: FoldingData) -> Iterator[str]:
    choices = [(char, *data.splits.get(char, ())) for char in term]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > 64:  # long terms: split one character at a time
        for i, choice in enumerate(choices):
            for part in choice[1:]:
                yield term[:i] + part + term[i + 1 :]
        return
    for parts in product(*choices):
        yield "".join(parts)


def _emoji(term: str, data: FoldingData) -> Iterator[str]:
    for emoji, word in data.emoji_phrases.items():
        if word in term:
            yield term.replace(word, emoji)
