"""Reply metrics: one engine, told by data what to count (``lexicons/audit/metrics.yaml``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from compliance.audit.row import Role, Row

__all__ = ["Metric", "Share", "Wait", "measure", "waits_of"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What to count.

    Attributes:
        unit: ``buyer`` (counts once a day and fails with one late message), ``message`` (every message the buyer waits
            on) or ``session`` (its first answer).
        within: seconds.
        window: first and last minute of the day in which a message counts.
        human: whether only answers of humans count.
        target: the share that is wanted.
    """

    id: str
    platform: str
    name: str
    unit: Literal["buyer", "message", "session"]
    within: int
    window: tuple[int, int] = (0, 1440)
    human: bool = False
    target: float | None = None
    verification: str = ""
    conflict: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Metric:
        """Read one item of the data file."""
        window = data.get("window")
        minutes = (0, 1440) if window is None else (_minute(window[0]), _minute(window[1]))
        return cls(**{**data, "window": minutes})


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return 60 * int(hours) + int(minutes)


@dataclass(frozen=True, slots=True)
class Wait:
    """A message that a buyer waits on, and how long: seconds to the first answer, or ``None`` if there was none.

    Messages in a row are one wait, from the first of them.
    """

    session: str
    platform: str
    buyer: str
    agent: str
    asked: datetime
    any_answer: float | None
    human_answer: float | None
    first: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the units were answered in time."""

    metric: Metric
    asked: int
    in_time: int

    @property
    def share(self) -> float | None:
        """The share in time; ``None`` if nobody asked."""
        return self.in_time / self.asked if self.asked else None


def waits_of(session: str, rows: Sequence[Row]) -> Iterator[Wait]:
    """Yield the waits of one session whose rows are in time order; rows without a time are passed over."""
    timed = [row for row in rows if row.time is not None]
    first = True
    index = 0
    while index < len(timed):
        row = timed[index]
        if row.role is not Role.BUYER:
            index += 1
            continue
        end = index
        while end < len(timed) and timed[end].role in (Role.BUYER, Role.SYSTEM):
            end += 1
        answers = []
        for later in timed[end:]:
            if later.role is Role.BUYER:
                break
            answers.append(later)
        human = next((later for later in answers if later.role is Role.AGENT), None)
        anyone = next((later for later in answers if later.role in (Role.AGENT, Role.ROBOT)), None)
        agent = human.agent if human else next((r.agent for r in timed if r.role is Role.AGENT), "")
        yield Wait(
            session,
            row.platform,
            row.buyer or session,
            agent,
            _at(row),
            _seconds(row, anyone),
            _seconds(row, human),
            first,
        )
        first = False
        index = end


def measure(metric: Metric, waits: Iterable[Wait]) -> Share:
    """Count one metric."""
    low, high = metric.window
    counted = [wait for wait in waits if low <= 60 * wait.asked.hour + wait.asked.minute < high]

    def late(wait: Wait) -> bool:
        taken = wait.human_answer if metric.human else wait.any_answer
        return taken is None or taken > metric.within

    if metric.unit == "buyer":
        days: dict[tuple[str, date], bool] = defaultdict(bool)
        for wait in counted:
            days[wait.buyer, wait.asked.date()] |= late(wait)
        return Share(metric, len(days), sum(not bad for bad in days.values()))
    if metric.unit == "session":
        counted = [wait for wait in counted if wait.first]
    return Share(metric, len(counted), sum(not late(wait) for wait in counted))


def _at(row: Row) -> datetime:
    assert row.time is not None
    return row.time


def _seconds(asked: Row, answer: Row | None) -> float | None:
    return None if answer is None else (_at(answer) - _at(asked)).total_seconds()
