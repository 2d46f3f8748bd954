"""Find the lexicon's terms and patterns in a view: search hard, verify soft."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from compliance.detect.candidate import Candidate
from compliance.fold import FoldTables, View, fold_term
from compliance.lexicon.bundle import Bundle, Entry, Pattern, Slot, Target
from compliance.lexicon.patterns import NUMERALS

__all__ = ["find_terms_and_patterns"]


def find_terms_and_patterns(view: View, hits: Iterable[tuple[int, int]], bundle: Bundle) -> Iterator[Candidate]:
    """Turn automaton hits into verified candidates."""
    keys, kept = bundle.keys, view.kept
    tries: dict[int, list[int]] = {}
    for end_of, number in view.ends(hits):
        key = keys[number]
        start, end = kept[end_of - key.length], kept[end_of - 1] + 1
        spelled = view.spelled(start, end)
        for target in key.targets:
            candidate = _verify(view, start, end, spelled, target, bundle)
            if candidate is not None:
                yield candidate
        for trigger in key.triggers:
            # a sign or pictograph may stand for a character: ➕微
            if not trigger.ways or spelled in trigger.ways or not spelled.isalnum():
                tries.setdefault(trigger.entry, []).append(start)
    for entry, positions in tries.items():
        yield from _match_pattern(view, entry, positions, bundle)


def _verify(view: View, start: int, end: int, spelled: str, target: Target, bundle: Bundle) -> Candidate | None:
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


def _match_pattern(view: View, number: int, positions: list[int], bundle: Bundle) -> Iterator[Candidate]:
    pattern = bundle.entries[number].pattern
    if pattern is None:
        return
    text, origin = view.phrases
    expression = _compiled(pattern.expression)
    for low, high in _windows(origin, positions, pattern):
        for match in expression.finditer(text, low, high):
            candidate = _verify_pattern(view, number, pattern, match, origin, bundle.tables)
            if candidate is not None:
                yield candidate


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _windows(origin: Sequence[int], positions: list[int], pattern: Pattern) -> Iterator[tuple[int, int]]:
    """Merge the surroundings of the anchors into windows over the phrase text; a match ends before a window does."""
    current: tuple[int, int] | None = None
    for position in positions:
        at = bisect_left(origin, position)
        low, high = max(0, at - pattern.before), min(len(origin), at + pattern.after + 1)
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
    view: View, number: int, pattern: Pattern, match: re.Match[str], origin: Sequence[int], tables: FoldTables
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
