"""Reply metrics: one engine, told by data what to count (``lexicons/audit/metrics.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from compliance.audit.row import Role, Row

__all__ = ["Metric", "Share", "Tally", "Wait", "Waits", "measure", "waits_of"]


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


def waits_of(session: str, rows: Iterable[Row]) -> Iterator[Wait]:
    """Yield the waits of one session whose rows are in time order; rows without a time are passed over."""
    waits = Waits(session)
    for row in rows:
        yield from waits.add(row)
    yield from waits.end()


@dataclass(slots=True)
class Waits:
    """Takes the rows of one session in time order and tells the waits that are over.

    A wait that no human answered is laid to the session's first agent, so it comes when one has spoken.
    """

    session: str
    _first_agent: str | None = None
    _orphans: list[Wait] = field(default_factory=list)
    _wait: Wait | None = None

    def add(self, row: Row) -> list[Wait]:
        """Take a row; return the waits that are over."""
        if row.time is None:
            return []
        over: list[Wait] = []
        wait = self._wait
        if row.role is Role.AGENT and self._first_agent is None:
            self._first_agent = row.agent
            over, self._orphans = self._laid(self._orphans), []
        if row.role is Role.BUYER:
            if wait is not None and wait.any_answer is None:
                return over  # in a row with the message before
            if wait is not None and (wait.human_answer is not None or self._first_agent is not None):
                over += self._laid([wait])
            elif wait is not None:
                self._orphans.append(wait)
            named = row.buyer or self.session
            self._wait = Wait(self.session, row.platform, named, "", row.time, None, None, wait is None)
        elif wait is not None and row.role is not Role.SYSTEM and wait.human_answer is None:
            self._wait = _answered(wait, row, (row.time - wait.asked).total_seconds())
        return over

    def end(self) -> list[Wait]:
        """Return the waits that are left when the session is at its end."""
        return self._laid([*self._orphans, *([self._wait] if self._wait else [])])

    def _laid(self, waits: list[Wait]) -> list[Wait]:
        return [w if w.human_answer is not None else replace(w, agent=self._first_agent or "") for w in waits]


def _answered(wait: Wait, answer: Row, seconds: float) -> Wait:
    if wait.any_answer is None:
        wait = replace(wait, any_answer=seconds)
    if wait.human_answer is None and answer.role is Role.AGENT:
        wait = replace(wait, human_answer=seconds, agent=answer.agent)
    return wait


class Tally:
    """Counts one metric over waits that come one by one; those of a buyer's day must come together."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric
        self._asked = self._late = 0
        self._day: tuple[str, date] | None = None
        self._day_late = False

    def add(self, wait: Wait) -> None:
        """Count a wait."""
        metric = self._metric
        low, high = metric.window
        if not low <= 60 * wait.asked.hour + wait.asked.minute < high:
            return
        if metric.unit == "session" and not wait.first:
            return
        taken = wait.human_answer if metric.human else wait.any_answer
        late = taken is None or taken > metric.within
        if metric.unit == "buyer":
            day = wait.buyer, wait.asked.date()
            if day == self._day:
                self._late += late and not self._day_late
                self._day_late |= late
                return
            self._day, self._day_late = day, late
        self._asked += 1
        self._late += late

    def share(self) -> Share:
        """Return the count."""
        return Share(self._metric, self._asked, self._asked - self._late)


def measure(metric: Metric, waits: Iterable[Wait]) -> Share:
    """Count one metric over waits in any order."""
    tally = Tally(metric)
    for wait in sorted(waits, key=lambda wait: (wait.buyer, wait.asked)):
        tally.add(wait)
    return tally.share()
