"""Which of overlapping hits remain."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from compliance.model import Severity
from compliance.resolve import resolve


def hit(code: str, start: int, end: int, category: str = "abuse", severity: Severity = Severity.HIGH) -> Any:
    rule, candidate = SimpleNamespace(code=code, category=category), SimpleNamespace(start=start, end=end)
    return SimpleNamespace(rule=rule, candidate=candidate, severity=severity)


@pytest.mark.parametrize(
    ("hits", "remaining", "why"),
    [
        ([("A", 0, 2), ("A", 1, 4)], [("A", 1, 4)], "the same rule keeps its widest hit"),
        ([("A", 0, 2), ("A", 1, 3)], [("A", 0, 2)], "the first of equally wide ones"),
        ([("A", 0, 2), ("A", 2, 4)], [("A", 0, 2), ("A", 2, 4)], "neighbours do not overlap"),
        (
            [("A", 0, 2), ("A", 1, 6), ("A", 4, 11)],
            [("A", 0, 2), ("A", 4, 11)],
            "a hit counts again when the one that beat it is beaten itself",
        ),
        ([("A", 0, 5), ("B", 1, 3)], [("A", 0, 5)], "inside another hit of the category"),
        ([("A", 0, 5), ("B", 3, 7)], [("A", 0, 5), ("B", 3, 7)], "rules of a category may overlap in part"),
        ([("A", 0, 5), ("B", 1, 3, "price")], [("A", 0, 5), ("B", 1, 3)], "other categories stay side by side"),
        ([("A", 0, 5), ("B", 1, 3, "abuse", Severity.CRITICAL)], [("A", 0, 5), ("B", 1, 3)], "more severe"),
    ],
)
def test_overlapping_hits(hits: list[tuple[Any, ...]], remaining: list[tuple[str, int, int]], why: str) -> None:
    kept = resolve([hit(*each) for each in hits])
    assert [(one.rule.code, one.candidate.start, one.candidate.end) for one in kept] == remaining, why
