"""Messages and findings by day and by hour, and the plots of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

__all__ = ["Trends", "line_plot"]

_WIDTH: Final = 960
_HEIGHT: Final = 180
_LEFT: Final = 46
_BOTTOM: Final = 24
_MOST_DAYS: Final = 3660


@dataclass(slots=True)
class Trends:
    """Counts by day (2026-11-02) and hour (10)."""

    messages: Counter[tuple[str, int]] = field(default_factory=Counter)
    findings: dict[str, Counter[tuple[str, int]]] = field(default_factory=dict)

    def finding(self, record: Mapping[str, Any]) -> None:
        """Count a finding."""
        if time := record["time"]:
            self.findings.setdefault(record["action"], Counter())[time[:10], int(time[11:13])] += 1

    def days(self) -> list[dict[str, Any]]:
        """Return a record for every day between the first and the last, also those without messages."""
        found = {day for counts in (self.messages, *self.findings.values()) for day, _ in counts}
        if not found:
            return []
        first, last = date.fromisoformat(min(found)), date.fromisoformat(max(found))
        if (last - first).days > _MOST_DAYS:  # a wrong year somewhere: only days that occur
            return self._records("day", sorted(found), 0)
        return self._records("day", [str(first + timedelta(days=n)) for n in range((last - first).days + 1)], 0)

    def hours(self) -> list[dict[str, Any]]:
        """Return a record for each hour of the day."""
        return self._records("hour", list(range(24)), 1)

    def cells(self) -> dict[tuple[int, int], int]:
        """Return how many findings that block or warn fall on (day of the week from Monday = 0, hour)."""
        found: Counter[tuple[int, int]] = Counter()
        for action in ("block", "warn"):
            for (day, hour), number in self.findings.get(action, {}).items():
                found[date.fromisoformat(day).weekday(), hour] += number
        return dict(found)

    def _records(self, name: str, keys: list[Any], place: int) -> list[dict[str, Any]]:
        def sums(counts: Mapping[tuple[str, int], int]) -> Counter[Any]:
            summed: Counter[Any] = Counter()
            for key, number in counts.items():
                summed[key[place]] += number
            return summed

        messages = sums(self.messages)
        actions = {action: sums(self.findings.get(action, {})) for action in ("block", "warn", "note")}
        return [
            {
                name: key,
                "messages": messages[key],
                **{action: counts[key] for action, counts in actions.items()},
                "per_100": _rate(actions["block"][key] + actions["warn"][key], messages[key]),
            }
            for key in keys
        ]


def _rate(findings: int, messages: int) -> float | None:
    return round(100 * findings / messages, 2) if messages else None


def line_plot(records: list[dict[str, Any]], name: str, value: str) -> dict[str, Any] | None:
    """Return the geometry of a line over records, for an SVG 960 wide and 180 high; ``None`` for fewer than two points.

    Where the value is ``None`` the line is broken.
    """
    known = [record[value] for record in records if record[value] is not None]
    if len(records) < 2 or not known:
        return None
    top = _round_up(max(known))
    step = (_WIDTH - _LEFT - 10) / (len(records) - 1)
    points = [
        None
        if record[value] is None
        else (round(_LEFT + number * step, 1), round(10 + (1 - record[value] / top) * (_HEIGHT - _BOTTOM - 10), 1))
        for number, record in enumerate(records)
    ]
    lines: list[list[str]] = [[]]
    for point in points:
        if point is None:
            lines.append([])
        else:
            lines[-1].append(f"{point[0]},{point[1]}")
    every = max(1, -(-len(records) // 12))
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "lines": [" ".join(line) for line in lines if len(line) > 1],
        "dots": [
            (*point, f"{record[name]}：{record[value]:g}")
            for point, record in zip(points, records, strict=True)
            if point is not None
        ],
        "levels": [
            (f"{top * part / 2:g}", round(10 + (1 - part / 2) * (_HEIGHT - _BOTTOM - 10), 1)) for part in range(3)
        ],
        "names": [
            (round(_LEFT + number * step, 1), str(record[name])[-5:])
            for number, record in enumerate(records)
            if number % every == 0
        ],
    }


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 ... and tenths of them."""
    unit = 0.1
    while True:
        for factor in (1, 2, 5):
            if factor * unit >= value:
                return round(factor * unit, 1)
        unit *= 10
