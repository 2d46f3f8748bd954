"""One policy for hits that overlap.

* The same rule keeps its widest hit where its hits overlap, the first one where they are equally wide.
* Within one category a hit that lies inside another is dropped, unless it is more severe.
* Different categories keep their hits side by side: one message can break two laws with the same words.
"""

from __future__ import annotations

from collections.abc import Iterable

from compliance.judge import Kept

__all__ = ["resolve"]


def resolve(kept: Iterable[Kept]) -> list[Kept]:
    """Return the hits that remain, in text order. Linear after sorting."""
    ordered = sorted(kept, key=lambda k: (k.candidate.start, -k.candidate.end, -k.severity, k.rule.code))
    last_of_rule: dict[str, Kept] = {}
    replaced: set[int] = set()
    for hit in ordered:
        previous = last_of_rule.get(hit.rule.code)
        if previous is not None and hit.candidate.start < previous.candidate.end:
            if _width(hit) <= _width(previous):
                replaced.add(id(hit))
                continue
            replaced.add(id(previous))
        last_of_rule[hit.rule.code] = hit
    return _without_contained([hit for hit in ordered if id(hit) not in replaced])


def _width(hit: Kept) -> int:
    return hit.candidate.end - hit.candidate.start


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
