"""One policy for hits that overlap.

* The same rule keeps the widest of its hits, then the widest that overlaps none of those kept, and so on; of hits
  that are equally wide the first one.
* Within one category a hit that lies inside another is dropped, unless it is more severe.
* Different categories keep their hits side by side: one message can break two laws with the same words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from compliance.judge import Kept

__all__ = ["beside", "resolve"]


def resolve(kept: Iterable[Kept]) -> list[Kept]:
    """Return the hits that remain, in text order. Linear after sorting."""
    of_rule: dict[str, list[Kept]] = defaultdict(list)
    for hit in kept:
        of_rule[hit.rule.code].append(hit)
    widest = [hit for hits in of_rule.values() for hit in (_widest(hits) if len(hits) > 1 else hits)]
    widest.sort(key=lambda hit: (hit.candidate.start, -hit.candidate.end, -hit.severity, hit.rule.code))
    return _without_contained(widest)


def beside(first: Iterable[Kept], more: Iterable[Kept]) -> Iterator[Kept]:
    """Yield those of ``more`` that overlap no hit of ``first`` of another rule in their category. Linear.

    What only shows without a particle overlaps none at all: the particle may well belong where it stands.
    """
    taken: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for hit in first:
        rules_at = taken[hit.rule.category]
        for position in range(hit.candidate.start, hit.candidate.end):
            rules_at[position].add(hit.rule.code)
    for hit in more:
        rules_at = taken[hit.rule.category]
        own = set() if hit.technique == "particle" else {hit.rule.code}
        if all(rules_at.get(at, own) == own for at in range(hit.candidate.start, hit.candidate.end)):
            yield hit


def _widest(hits: list[Kept]) -> list[Kept]:
    """Take the widest hit, then the widest of those that do not overlap it, and so on."""
    starts: list[int] = []
    taken: list[Kept] = []
    for hit in sorted(hits, key=_by_width):
        at = bisect_right(starts, hit.candidate.start)
        before = at == 0 or taken[at - 1].candidate.end <= hit.candidate.start
        if before and (at == len(taken) or hit.candidate.end <= starts[at]):
            starts.insert(at, hit.candidate.start)
            taken.insert(at, hit)
    return taken


def _by_width(hit: Kept) -> tuple[int, int, int]:
    return hit.candidate.start - hit.candidate.end, hit.candidate.start, -hit.severity


def _without_contained(ordered: list[Kept]) -> list[Kept]:
    widest: dict[str, Kept] = {}
    remaining = []
    for hit in ordered:
        outer = widest.get(hit.rule.category)
        if outer is not None and hit.candidate.end <= outer.candidate.end and hit.severity <= outer.severity:
            continue
        if outer is None or hit.candidate.end > outer.candidate.end:
            widest[hit.rule.category] = hit
        remaining.append(hit)
    return remaining
