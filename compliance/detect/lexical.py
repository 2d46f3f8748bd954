"""Find the lexicon's terms and patterns in a view: search hard, verify soft."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

import regex

from compliance.detect.candidate import Candidate
from compliance.fold import FoldTables, View, fold_term
from compliance.lexicon.bundle import Bundle, Entry, Pattern, Slot, Target
from compliance.lexicon.patterns import NUMERALS

__all__ = ["find_terms_and_patterns"]

_WINDOW = 80
"""A pattern is tried so many characters around an anchor, so a long text costs no more for each than a short one."""


def find_terms_and_patterns(view: View, hits: Iterable[tuple[int, int]], bundle: Bundle) -> Iterator[Candidate]:
    """Turn automaton hits into verified candidates."""
    anchors: dict[int, list[int]] = {}
    for start, end, key in view.spans(hits, bundle.lengths):
        for target in bundle.targets[key]:
            if target.technique == "anchor":
                anchors.setdefault(target.entry, []).append(start)
            else:
                candidate = _verify(view, start, end, target, bundle)
                if candidate is not None:
                    yield candidate
    for number, positions in anchors.items():
        pattern = bundle.entries[number].pattern
        if pattern is not None:
            yield from _match_pattern(view, number, pattern, positions, bundle.tables)


def _verify(view: View, start: int, end: int, target: Target, bundle: Bundle) -> Candidate | None:
    spelled = view.spelled(start, end)
    if spelled == target.spelling:
        head = spelled if target.technique == "exact" else ""
        return Candidate(target.entry, start, end, target.technique, head, head, view)
    substituted = tuple((a, b) for a, b in zip(target.spelling, spelled, strict=False) if a != b)
    technique = _substitution(substituted, bundle.tables)
    entry: Entry = bundle.entries[target.entry]
    if not _tolerated(technique, entry.tolerance):
        return None
    return Candidate(target.entry, start, end, technique, "", "", view, substituted=substituted)


def _substitution(pairs: tuple[tuple[str, str], ...], tables: FoldTables) -> str:
    """Name the way in which written characters differ from the expected ones."""
    groups = tables.lookalike_group
    if all(written == "+" for _, written in pairs):
        return "symbol"
    if any(written in tables.emoji_words for _, written in pairs):
        return "emoji"
    if all(expected in groups and groups.get(written) == groups[expected] for expected, written in pairs):
        return "lookalike"
    return "homophone"


def _tolerated(technique: str, tolerance: frozenset[str]) -> bool:
    if technique in ("symbol", "emoji"):
        return True
    return "sound" in tolerance or (technique == "lookalike" and "look" in tolerance)


def _match_pattern(
    view: View, number: int, pattern: Pattern, positions: list[int], tables: FoldTables
) -> Iterator[Candidate]:
    text, origin = view.phrases
    expression = _compiled(pattern.expression)
    for low, high in _windows(origin, positions):
        for match in expression.finditer(text, low, high):
            candidate = _verify_pattern(view, number, pattern, match, origin, tables)
            if candidate is not None:
                yield candidate


@cache
def _compiled(expression: str) -> regex.Pattern[str]:
    return regex.compile(expression)


def _windows(origin: list[int], positions: list[int]) -> Iterator[tuple[int, int]]:
    """Merge the surroundings of the anchors into windows over the phrase text."""
    current: tuple[int, int] | None = None
    for position in positions:
        at = bisect_left(origin, position)
        low, high = max(0, at - _WINDOW), min(len(origin), at + _WINDOW)
        if current is None:
            current = low, high
        elif low <= current[1]:
            current = current[0], high
        else:
            yield current
            current = low, high
    if current is not None:
        yield current


def _verify_pattern(
    view: View, number: int, pattern: Pattern, match: regex.Match[str], origin: list[int], tables: FoldTables
) -> Candidate | None:
    technique, head, tail = "exact", "", ""
    substituted: list[tuple[str, str]] = []
    for group, slot in enumerate(pattern.slots, 1):
        low, high = match.span(group)
        if low == high:
            continue
        spelled = view.spelled(origin[low], origin[high - 1] + 1)
        how = _verify_slot(slot, spelled, tables, substituted, match[group])
        if how is None:
            return None
        if how != "exact":
            technique = how
        head = head or (spelled if how == "exact" else " ")
        tail = spelled if how == "exact" else " "
    start, end = origin[match.start()], origin[match.end() - 1] + 1
    return Candidate(number, start, end, technique, head, tail, view, substituted=tuple(substituted))


def _verify_slot(
    slot: Slot, spelled: str, tables: FoldTables, substituted: list[tuple[str, str]], folded: str
) -> str | None:
    if slot.number:
        return "exact" if all(char in NUMERALS for char in spelled) else None
    known = slot.spellings.get(spelled)
    if known is not None:
        return known
    expected = next((word for word in slot.spellings if fold_term(word, tables) == folded), "")
    pairs = tuple((a, b) for a, b in zip(expected, spelled, strict=False) if a != b)
    how = _substitution(pairs, tables)
    if not _tolerated(how, slot.tolerance):
        return None
    substituted.extend(pairs)
    return how
