"""Sentence patterns: a small language of word sets and bounded gaps, compiled to a bounded expression.

========== ==========================================================================
``<set>``   a word of the set; ``<num>`` a number in digits or Hanzi
``(a|b)``   one of the words
``text``    these characters
``..``      a gap of 0-6 characters inside one clause; ``..N`` of 0-N
``~N``      a gap of 0-N characters that may cross a comma, not a sentence end
``?``       the set or group before it is optional
``@``       the set or group after it is the anchor that the automaton looks for
``^  $``    start or end of a clause
========== ==========================================================================

There are no other operators, so no pattern can repeat without bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compliance.fold import FoldTables, fold_term, spell
from compliance.fold.tables import FoldingData
from compliance.lexicon.bundle import Pattern, Slot
from compliance.lexicon.variants import spellings

__all__ = ["NUMERALS", "PatternError", "WordSet", "compile_pattern"]

NUMERALS = "0123456789零〇一二两三四五六七八九十百千万半几"
_MAX_GAP = 30
_TOKEN = re.compile(
    r"(?P<set>@?<[a-z0-9_]+>\??)|(?P<group>@?\([^()]*\)\??)|(?P<gap>\.\.(?P<near>\d*))|(?P<far>~(?P<reach>\d+))"
    r"|(?P<edge>[\^$])|(?P<text>[^<>()|~^$@?.]+)"
)


class PatternError(ValueError):
    """A pattern that cannot be compiled; the text says why."""


@dataclass(frozen=True, slots=True)
class WordSet:
    """A resolved word set: soft-folded words and their tolerance."""

    words: tuple[str, ...]
    tolerance: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Part:
    slot: Slot
    optional: bool
    anchor: bool


def compile_pattern(
    source: str,
    sets: Mapping[str, WordSet],
    tables: FoldTables,
    data: FoldingData,
    tolerance: frozenset[str],
) -> tuple[Pattern, tuple[str, ...]]:
    """Compile a pattern.

    Returns:
        the pattern, and the spellings one of which every match contains (for the automaton).

    Raises:
        PatternError: a syntax error, an unknown set, a gap that is too wide, or no usable anchor.
    """
    expression: list[str] = []
    parts: list[_Part] = []
    position = 0

    def add(words: tuple[str, ...], allowed: frozenset[str], optional: bool, anchor: bool) -> None:
        slot = _slot(words, allowed, tables, data)
        parts.append(_Part(slot, optional, anchor))
        expression.append(_group(slot, lambda w: fold_term(w, tables)) + ("?" if optional else ""))

    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise PatternError(f"cannot read the pattern at {source[position:]!r}")
        position = token.end()
        if name := token["set"]:
            anchor, optional, name = name.startswith("@"), name.endswith("?"), name.strip("@?<>")
            if name == "num":
                reps = "".join(sorted({fold_term(char, tables) for char in NUMERALS}))
                parts.append(_Part(Slot({}, number=True), optional, False))
                expression.append(f"([{re.escape(reps)}]{{1,8}})" + ("?" if optional else ""))
                continue
            if name not in sets:
                raise PatternError(f"unknown word set <{name}>")
            add(sets[name].words, sets[name].tolerance | tolerance, optional, anchor)
        elif group := token["group"]:
            anchor, optional = group.startswith("@"), group.endswith("?")
            words = tuple(tables.soften(word) for word in group.strip("@?")[1:-1].split("|"))
            if not all(words):
                raise PatternError(f"an empty alternative in {group!r}")
            add(words, tolerance, optional, anchor)
        elif token["gap"]:
            expression.append(f"[^,\\n]{{0,{_width(token['near'] or '6')}}}?")
        elif token["far"]:
            expression.append(f"[^\\n]{{0,{_width(token['reach'])}}}?")
        elif token["edge"] == "^":
            expression.append(r"(?<![^,\n])")
        elif token["edge"] == "$":
            expression.append(r"(?![^,\n])")
        else:
            add((tables.soften(token["text"]),), tolerance, False, False)
    return Pattern(source, "".join(expression), tuple(p.slot for p in parts)), _anchor(source, parts)


def _width(digits: str) -> int:
    if int(digits) > _MAX_GAP:
        raise PatternError(f"a gap of {digits} characters is too wide; at most {_MAX_GAP}")
    return int(digits)


def _slot(words: tuple[str, ...], tolerance: frozenset[str], tables: FoldTables, data: FoldingData) -> Slot:
    techniques: dict[str, str] = {}
    for word in words:
        for spelling, technique in spellings(word, tolerance, data):
            if fold_term(spelling, tables):
                techniques.setdefault(spell(spelling, tables), technique)
            elif technique == "exact":
                raise PatternError(f"{word!r} folds to nothing")
    return Slot(techniques, tolerance & {"sound", "look"})


def _group(slot: Slot, fold: Callable[[str], str]) -> str:
    alternatives: list[str] = []
    for folded in sorted({fold(word) for word in slot.spellings}, key=lambda w: (-len(w), w)):
        left = "(?<![a-z])" if folded[0].isascii() and folded[0].isalpha() else ""
        right = "(?![a-z])" if folded[-1].isascii() and folded[-1].isalpha() else ""
        alternatives.append(left + re.escape(folded) + right)
    return f"({'|'.join(alternatives)})"


def _anchor(source: str, parts: list[_Part]) -> tuple[str, ...]:
    mandatory = [part for part in parts if not part.optional and not part.slot.number]
    marked = [part for part in mandatory if part.anchor]
    if len(marked) > 1:
        raise PatternError("only one element can be the anchor")
    if not mandatory:
        raise PatternError(f"{source!r} has no mandatory word to look for")
    best = (
        marked[0] if marked else max(mandatory, key=lambda p: (min(map(len, p.slot.spellings)), -len(p.slot.spellings)))
    )
    return tuple(best.slot.spellings)
