"""Sentence patterns: a small language of word sets and bounded gaps, compiled to a bounded expression.

========== ==========================================================================
``<set>``   a word of the set; ``<num>`` a number in digits or Hanzi
``(a|b)``   one of the words
``text``    these characters
``..``      a gap of 0-6 characters inside one clause; ``..N`` of 0-N
``~N``      a gap of 0-N characters that may cross a comma, not a sentence end
``?``       the set or group before it is optional
``^  $``    start or end of a clause
========== ==========================================================================

There are no other operators, so no pattern can repeat without bound. Every match contains a spelling of each
mandatory element; the compiler hands the rarest of them to the automaton (see :mod:`compliance.lexicon.rarity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from compliance.fold import FoldTables, fold_term, spell
from compliance.fold.tables import FoldingData
from compliance.lexicon.alternation import alternation
from compliance.lexicon.bundle import Anchor, Pattern, Slot
from compliance.lexicon.variants import spellings

__all__ = ["NUMERALS", "PatternError", "WordSet", "compile_pattern"]

NUMERALS = "0123456789零〇一二两三四五六七八九十百千万半几"
_MAX_GAP = 30
_LONGEST_NUMBER = 8
_MOST_CHAINS = 3000
"""So many spellings of neighbouring elements may become keys of the automaton."""
_MOST_WAYS = 8
"""So many exact spellings of one key are told apart."""
_TOKEN = re.compile(
    r"(?P<set><[a-z0-9_]+>\??)|(?P<group>\([^()]*\)\??)|(?P<gap>\.\.(?P<near>\d*))|(?P<far>~(?P<reach>\d+))"
    r"|(?P<edge>[\^$])|(?P<text>[^<>()|~^$@?.]+)"
)


class PatternError(ValueError):
    """A pattern that cannot be compiled; the text says why."""


@dataclass(frozen=True, slots=True)
class WordSet:
    """A resolved word set: soft-folded words and their tolerance."""

    words: tuple[str, ...]
    tolerance: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """An element with words: the widest gap before it, and its longest word."""

    slot: Slot
    optional: bool
    gap: int
    longest: int

    @property
    def usable(self) -> bool:
        return not self.optional and not self.slot.number


def compile_pattern(
    source: str,
    sets: Mapping[str, WordSet],
    tables: FoldTables,
    data: FoldingData,
    tolerance: frozenset[str],
) -> tuple[Pattern, tuple[Anchor, ...]]:
    """Compile a pattern.

    Returns:
        the pattern, and its possible anchors, one of whose keys every match contains.

    Raises:
        PatternError: a syntax error, an unknown set, a gap that is too wide, or no usable anchor.
    """
    source = source.replace("@", "")
    expression: list[str] = []
    parts: list[_Part] = []
    position = gap = 0

    def add(slot: Slot, alternatives: str, longest: int, optional: bool) -> None:
        nonlocal gap
        parts.append(_Part(slot, optional, gap, longest))
        expression.append(alternatives + ("?" if optional else ""))
        gap = 0

    def add_words(words: tuple[str, ...], allowed: frozenset[str], optional: bool) -> None:
        slot = _slot(words, allowed, tables, data)
        add(slot, f"({alternation(slot.expected, whole_latin=True)})", max(map(len, slot.expected)), optional)

    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise PatternError(f"cannot read the pattern at {source[position:]!r}")
        position = token.end()
        if name := token["set"]:
            optional, name = name.endswith("?"), name.strip("?<>")
            if name == "num":
                reps = "".join(sorted({fold_term(char, tables) for char in NUMERALS}))
                add(Slot({}, number=True), f"([{re.escape(reps)}]{{1,{_LONGEST_NUMBER}}})", _LONGEST_NUMBER, optional)
                continue
            if name not in sets:
                raise PatternError(f"unknown word set <{name}>")
            add_words(sets[name].words, sets[name].tolerance | tolerance, optional)
        elif group := token["group"]:
            optional = group.endswith("?")
            words = tuple(tables.soften(word) for word in group.strip("?")[1:-1].split("|"))
            if not all(words):
                raise PatternError(f"an empty alternative in {group!r}")
            add_words(words, tolerance, optional)
        elif token["gap"]:
            gap += (width := _width(token["near"] or "6"))
            expression.append(f"[^,\\n]{{0,{width}}}?")
        elif token["far"]:
            gap += (width := _width(token["reach"]))
            expression.append(f"[^\\n]{{0,{width}}}?")
        elif token["edge"] == "^":
            expression.append(r"(?<![^,\n])")
        elif token["edge"] == "$":
            expression.append(r"(?![^,\n])")
        else:
            add_words((tables.soften(token["text"]),), tolerance, False)
    anchors = tuple(_anchors(parts, gap, tables))
    if not anchors:
        raise PatternError(f"{source!r} has no mandatory word to look for")
    return Pattern(source, "".join(expression), tuple(part.slot for part in parts)), anchors


def _width(digits: str) -> int:
    if int(digits) > _MAX_GAP:
        raise PatternError(f"a gap of {digits} characters is too wide; at most {_MAX_GAP}")
    return int(digits)


def _slot(words: tuple[str, ...], tolerance: frozenset[str], tables: FoldTables, data: FoldingData) -> Slot:
    techniques: dict[str, str] = {}
    expected: dict[str, str] = {}
    for word in words:
        for spelling, technique in spellings(word, tolerance, data):
            folded = fold_term(spelling, tables)
            if folded:
                techniques.setdefault(spell(spelling, tables), technique)
                expected.setdefault(folded, spell(spelling, tables))
            elif technique == "exact":
                raise PatternError(f"{word!r} folds to nothing")
    return Slot(techniques, expected, tolerance & {"sound", "look"})


def _anchors(parts: list[_Part], trailing: int, tables: FoldTables) -> Iterator[Anchor]:
    """Yield each mandatory element, and each two in a row (optional ones between them included) if they are few."""
    widths = [part.gap + part.longest for part in parts]
    for i, first in enumerate(parts):
        if not first.usable:
            continue
        keys = _keys(first.slot, tables)
        for j in range(i, len(parts)):
            if j > i:
                if parts[j].gap or parts[j].slot.number:
                    break
                keys = _chained(keys, _keys(parts[j].slot, tables), parts[j].optional)
                if len(keys) > _MOST_CHAINS:
                    break
            if parts[j].usable:
                yield Anchor(keys, sum(widths[:i]) + first.gap, sum(widths[i:]) - first.gap + trailing)


def _keys(slot: Slot, tables: FoldTables) -> dict[str, frozenset[str]]:
    """Return hard-folded key -> the soft spellings that count, or none where homophones or look-alikes do too."""
    keys: dict[str, set[str]] = {}
    for word in slot.spellings:
        keys.setdefault(fold_term(word, tables), set()).add(word)
    return {key: frozenset() if slot.tolerance and len(key) > 1 else frozenset(ways) for key, ways in keys.items()}


def _chained(
    heads: Mapping[str, frozenset[str]], tails: Mapping[str, frozenset[str]], optional: bool
) -> dict[str, frozenset[str]]:
    chains = dict(heads) if optional else {}
    for (head, head_ways), (tail, tail_ways) in product(heads.items(), tails.items()):
        few = len(head_ways) * len(tail_ways) <= _MOST_WAYS
        ways = frozenset(a + b for a in head_ways for b in tail_ways) if few else frozenset[str]()
        known = chains.get(head + tail)
        chains[head + tail] = ways if known is None else ways | known if ways and known else frozenset()
    return chains
