"""Sentence patterns: a small language of word sets and bounded gaps, compiled to a bounded expression.

========== ==========================================================================
``<set>``   a word of the set; ``<num>`` a number in digits or Hanzi
``(a|b)``   one of the words, or of a set: ``(a|<set>)``
``text``    these characters
``..``      a gap of 0-6 characters inside one clause; ``..N`` of 0-N
``~N``      a gap of 0-N characters that may cross a comma, not a sentence end
``?``       the set or group before it is optional
``^  $``    start or end of a clause
``[  ]``    around what is underlined, where that is not the whole match
========== ==========================================================================

A number begins where its digits begin (满68 is not 满, 6 and, behind something optional, 8), unless it stands right
behind another element: ``62<num>``, and ``<num><num>`` for at least two numerals. There are no other operators, so no
pattern can repeat without bound. Every match contains a spelling of each mandatory element; the compiler hands the
rarest of them to the automaton (see :mod:`compliance.lexicon.rarity`).
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

__all__ = ["LONGEST_NUMBER", "NUMERALS", "TOKEN", "USUAL_GAP", "PatternCompiler", "PatternError", "WordSet"]

NUMERALS = "0123456789零〇一二两三四五六七八九十百千万半几"
_MAX_GAP = 30
LONGEST_NUMBER = 8
USUAL_GAP = 6
"""Width of a gap that names none."""
_MOST_CHAINS = 600
"""So many spellings of neighbouring elements may become keys of the automaton."""
_MOST_WAYS = 8
"""So many exact spellings of one key are told apart."""
_NUMBER = Slot({}, number=True)
_NOT_INSIDE = "(?<![0-9](?=[0-9]))"
"""Not between two digits: no number begins there."""
TOKEN = re.compile(
    r"(?P<set><[a-z0-9_]+>\??)|(?P<group>\([^()]*\)\??)|(?P<gap>\.\.(?P<near>\d*))|(?P<far>~(?P<reach>\d+))"
    r"|(?P<edge>[\^$])|(?P<mark>[\[\]])|(?P<text>[^<>()\[\]|~^$@?.]+)"
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


class PatternCompiler:
    """Compiles patterns over one set of word sets; equal elements share their data."""

    def __init__(self, sets: Mapping[str, WordSet], tables: FoldTables, data: FoldingData) -> None:
        self._sets, self._tables, self._data = sets, tables, data
        self._slots: dict[tuple[tuple[str, ...], frozenset[str]], Slot] = {}
        self._numerals = "".join(sorted({fold_term(char, tables) for char in NUMERALS}))

    def compile(self, source: str, tolerance: frozenset[str]) -> tuple[Pattern, tuple[Anchor, ...]]:
        """Compile a pattern.

        Returns:
            the pattern, and its possible anchors, one of whose keys every match contains.

        Raises:
            PatternError: a syntax error, an unknown set, a gap that is too wide, or no usable anchor.
        """
        expression: list[str] = []
        parts: list[_Part] = []
        marks: list[int] = []
        position = gap = 0
        while position < len(source):
            token = TOKEN.match(source, position)
            if token is None:
                raise PatternError(f"cannot read the pattern at {source[position:]!r}")
            position = token.end()
            if token["gap"] or token["far"]:
                width = _width(token["near"] or token["reach"] or str(USUAL_GAP))
                gap += width
                expression.append(f"[^{',' if token['gap'] else ''}\\n]{{0,{width}}}?")
            elif token["edge"]:
                expression.append(r"(?<![^,\n])" if token["edge"] == "^" else r"(?![^,\n])")
            elif token["mark"]:
                if token["mark"] != "[]"[len(marks) % 2]:
                    raise PatternError(f"{token['mark']!r} without its other half")
                marks.append(len(parts))
            else:
                slot, optional = self._element(token, tolerance)
                beside = bool(parts) and not gap and not parts[-1].optional
                alternatives, longest = self._alternatives(slot, beside)
                parts.append(_Part(slot, optional, gap, longest))
                expression.append(f"({alternatives}){'?' if optional else ''}")
                gap = 0
        anchors = tuple(_anchors(parts, gap, self._tables))
        if not anchors:
            raise PatternError(f"{source!r} has no mandatory word to look for")
        slots = tuple(part.slot for part in parts)
        return Pattern(source, "".join(expression), slots, _underlined(marks)), anchors

    def _element(self, token: re.Match[str], tolerance: frozenset[str]) -> tuple[Slot, bool]:
        """Return the words of a set, a group or plain text, and whether they are optional."""
        text = token[0].rstrip("?")
        optional = text != token[0]
        if token["set"]:
            if text == "<num>":
                return _NUMBER, optional
            known = self._set(text)
            return self._slot(known.words, known.tolerance | tolerance), optional
        words: list[str] = []
        for alternative in text[1:-1].split("|") if token["group"] else [text]:
            if not alternative:
                raise PatternError(f"an empty alternative in {text!r}")
            words += self._set(alternative).words if "<" in alternative else [self._tables.soften(alternative)]
        return self._slot(tuple(dict.fromkeys(words)), tolerance), optional

    def _set(self, reference: str) -> WordSet:
        name = reference.strip("<>")
        if reference != f"<{name}>" or name not in self._sets:
            raise PatternError(f"unknown word set {reference}")
        return self._sets[name]

    def _slot(self, words: tuple[str, ...], tolerance: frozenset[str]) -> Slot:
        known = self._slots.get((words, tolerance))
        if known is not None:
            return known
        techniques: dict[str, str] = {}
        expected: dict[str, str] = {}
        for word in words:
            for spelling, technique in spellings(word, tolerance, self._data):
                folded, spelled = fold_term(spelling, self._tables), spell(spelling, self._tables)
                if folded:
                    techniques.setdefault(spelled, technique)
                    expected.setdefault(folded, spelled)
                elif technique == "exact":
                    raise PatternError(f"{word!r} folds to nothing")
        slot = self._slots[words, tolerance] = Slot(techniques, expected, tolerance & {"sound", "look"})
        return slot

    def _alternatives(self, slot: Slot, beside: bool) -> tuple[str, int]:
        if slot.number:
            start = "" if beside else _NOT_INSIDE
            return f"{start}[{re.escape(self._numerals)}]{{1,{LONGEST_NUMBER}}}", LONGEST_NUMBER
        return alternation(slot.expected, whole_latin=True), max(map(len, slot.expected))


def _underlined(marks: list[int]) -> tuple[int, int] | None:
    """Return the first and the last group between the marks."""
    if not marks:
        return None
    if len(marks) != 2 or marks[0] == marks[1]:
        raise PatternError("one [ and one ] with something between them are underlined")
    return marks[0] + 1, marks[1]


def _width(digits: str) -> int:
    if int(digits) > _MAX_GAP:
        raise PatternError(f"a gap of {digits} characters is too wide; at most {_MAX_GAP}")
    return int(digits)


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
                tails = _keys(parts[j].slot, tables)
                if len(keys) * len(tails) > _MOST_CHAINS:
                    break
                keys = _chained(keys, tails, parts[j].optional)
            if parts[j].usable:
                others = {id(part.slot): part.slot for part in (*parts[:i], *parts[j + 1 :]) if part.usable}
                before, after = sum(widths[:i]) + first.gap, sum(widths[i:]) - first.gap + trailing
                yield Anchor(keys, before, after, tuple(others.values()))


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
