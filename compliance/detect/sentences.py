"""Try sentence patterns where the automaton met their anchors, and verify each word of a match."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from compliance.detect.candidate import Candidate
from compliance.detect.terms import substitution, tolerated
from compliance.fold import FoldTables, View
from compliance.lexicon.bundle import Bundle, Pattern, Slot
from compliance.lexicon.patterns import NUMERALS

__all__ = ["sentences_at"]


def sentences_at(view: View, entry: int, positions: Sequence[int], bundle: Bundle) -> Iterator[Candidate]:
    """Yield the matches of a pattern around the ascending ``positions`` of its anchors."""
    pattern = bundle.entries[entry].pattern
    if pattern is None:
        return
    text, origin = view.phrases
    matches = _compiled(pattern.expression).finditer
    for low, high in _windows(origin, positions, pattern):
        for match in matches(text, low, high):
            candidate = _verified(view, entry, pattern, match, origin, bundle.tables)
            if candidate is not None:
                yield candidate


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _windows(origin: Sequence[int], positions: Sequence[int], pattern: Pattern) -> list[tuple[int, int]]:
    """Merge the surroundings of the anchors into windows over the phrase text; a match ends before a window does."""
    windows: list[tuple[int, int]] = []
    for position in positions:
        at = bisect_left(origin, position)
        low, high = max(0, at - pattern.before), min(len(origin), at + pattern.after + 1)
        if windows and low <= windows[-1][1]:
            windows[-1] = windows[-1][0], high
        else:
            windows.append((low, high))
    return windows


def _verified(
    view: View, entry: int, pattern: Pattern, match: re.Match[str], origin: Sequence[int], tables: FoldTables
) -> Candidate | None:
    technique = "exact"
    substituted: list[tuple[str, str]] = []
    disguised: list[tuple[int, int]] = []
    for group, slot in enumerate(pattern.slots, 1):
        low, high = match.span(group)
        if low == high:
            continue
        first, last = origin[low], origin[high - 1] + 1
        spelled = view.spelled(first, last)
        how = _verified_word(slot, spelled, match[group], tables, substituted)
        if how is None:
            return None
        if how != "exact":
            technique = how
            disguised.append((first, last))
    start, end = origin[match.start()], origin[match.end() - 1] + 1
    return Candidate(entry, start, end, technique, view, substituted=tuple(substituted), disguised=tuple(disguised))


def _verified_word(
    slot: Slot, spelled: str, folded: str, tables: FoldTables, substituted: list[tuple[str, str]]
) -> str | None:
    """Name how a word of the pattern is written, or return ``None`` if it is another word that only sounds so."""
    if slot.number:
        return "exact" if all(char in NUMERALS for char in spelled) else None
    known = slot.spellings.get(spelled)
    if known is not None:
        return known
    pairs = tuple((a, b) for a, b in zip(slot.expected[folded], spelled, strict=False) if a != b)
    how = substitution(pairs, tables)
    if not tolerated(how, slot.tolerance, spelled):
        return None
    substituted.extend(pairs)
    return how
