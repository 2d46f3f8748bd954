"""Try sentence patterns where the automaton met their anchors, and verify each word of a match."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from compliance.detect.candidate import Candidate
from compliance.detect.terms import Pairs, betrayed, substitution, tolerated
from compliance.fold import FoldTables, View
from compliance.fold.marks import CLAUSE
from compliance.lexicon.bundle import Bundle, Pattern, Slot
from compliance.lexicon.patterns import NUMERALS

__all__ = ["sentences_at"]

_Search = Callable[[str, int, int], "re.Match[str] | None"]


def sentences_at(view: View, entry: int, positions: Sequence[int], bundle: Bundle) -> Iterator[Candidate]:
    """Yield the matches of a pattern around the ascending ``positions`` of its anchors."""
    pattern = bundle.entries[entry].pattern
    if pattern is None:
        return
    text, origin = view.phrases
    search = _compiled(pattern.expression).search
    for begin, high in _windows(origin, positions, pattern):
        low = begin
        while (match := search(text, low, high)) is not None:
            candidate = _verified(view, entry, pattern, match, origin, bundle.tables)
            if candidate is None:  # a match of words that only sound alike may begin before the true one
                low = match.start() + 1
                continue
            low = match.end()
            while (match := _within(match, search, text, high)) is not None:
                candidate = _verified(view, entry, pattern, match, origin, bundle.tables) or candidate
            yield candidate


def _within(match: re.Match[str], search: _Search, text: str, high: int) -> re.Match[str] | None:
    """Return a match inside another that begins with the same element in a later clause: that one is meant."""
    first = _first(match)
    comma = text.find(CLAUSE, match.start(), match.end()) if first else -1
    inner = search(text, comma, high) if comma >= 0 else None
    return inner if inner is not None and inner.end() <= match.end() and _first(inner) == first else None


def _first(match: re.Match[str]) -> int:
    """Return the element with which a match begins; 0 if it begins with a gap."""
    return next((group for group in range(1, len(match.regs)) if match.start(group) == match.start()), 0)


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
    betrayals: list[tuple[int, int]] = []
    for group, slot in enumerate(pattern.slots, 1):
        low, high = match.span(group)
        if low == high:
            continue
        first, last = origin[low], origin[high - 1] + 1
        spelled = view.spelled(first, last)
        verified = _verified_word(slot, spelled, match[group], tables)
        if verified is None:
            return None
        how, pairs, allowed = verified
        if how != "exact":
            technique = how
            substituted.extend(pairs)
            disguised.append((first, last))
        if not allowed:
            betrayals.append((first, last))
    low, high = _underlined(pattern, match)
    start, end = origin[low], origin[high - 1] + 1
    return Candidate(
        entry,
        start,
        end,
        technique,
        view,
        substituted=tuple(substituted),
        disguised=tuple(disguised),
        betrayed=tuple(betrayals),
    )


def _underlined(pattern: Pattern, match: re.Match[str]) -> tuple[int, int]:
    """Return where the hit of a match lies; optional elements may be missing, and even all of them."""
    if pattern.underlined is None:
        return match.span()
    first, last = pattern.underlined
    spans = [match.span(group) for group in range(first, last + 1) if match.start(group) < match.end(group)]
    return (spans[0][0], spans[-1][1]) if spans else match.span()


def _verified_word(slot: Slot, spelled: str, folded: str, tables: FoldTables) -> tuple[str, Pairs, bool] | None:
    """Tell how a word of the pattern is written, with what in place of what, and whether the pattern allows that.

    ``None`` means that it is another word, which only sounds so.
    """
    if slot.number:
        return ("exact", (), True) if all(char in NUMERALS for char in spelled) else None
    known = slot.spellings.get(spelled)
    if known is not None:
        return known, (), True
    pairs = tuple((a, b) for a, b in zip(slot.expected[folded], spelled, strict=False) if a != b)
    how = substitution(pairs, tables)
    allowed = tolerated(how, slot.tolerance, spelled)
    return (how, pairs, allowed) if allowed or betrayed(pairs, spelled, tables) else None
