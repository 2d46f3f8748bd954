"""Conditions on a message of a conversation: who wrote it, what it says, what stands before and behind it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from compliance.audit.row import Role, Row

__all__ = ["Condition", "Near", "View", "contacts_of", "plain"]

_EVERYONE: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Near:
    """A message at most ``within`` seconds and ``messages`` messages away; ``None`` is any distance."""

    condition: Condition
    within: int | None = None
    messages: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a message; see ``lexicons/audit/conversation.yaml``."""

    roles: frozenset[Role] = _EVERYONE
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    nth: int | None = None
    clock: tuple[int, int] | None = None
    streak: tuple[int, int] | None = None
    after: Near | None = None
    before: Near | None = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Condition:
        """Read a condition.

        Raises:
            ValueError: it holds something unknown.
        """
        given = dict(data)
        roles = given.pop("role", None)
        says = dict(given.pop("says", {}))
        clock, streak = given.pop("clock", None), given.pop("streak", None)
        made = cls(
            roles=_EVERYONE if roles is None else frozenset(map(Role, [roles] if isinstance(roles, str) else roles)),
            any_of=_words(says.pop("any_of", ())),
            all_of=_words(says.pop("all_of", ())),
            none_of=_words(says.pop("none_of", ())),
            nth=given.pop("nth", None),
            clock=None if clock is None else (_minute(clock[0]), _minute(clock[1])),
            streak=None if streak is None else (int(streak["apart"]), int(streak["least"])),
            after=_near(given.pop("after", None)),
            before=_near(given.pop("before", None)),
            all=tuple(map(cls.parse, given.pop("all", ()))),
            any=tuple(map(cls.parse, given.pop("any", ()))),
            none=tuple(map(cls.parse, given.pop("none", ()))),
        )
        if given or says:
            raise ValueError(f"a condition knows no {', '.join([*given, *says])}")
        return made


@dataclass(slots=True)
class View:
    """Messages in time order, on which conditions are asked.

    Attributes:
        contacts: of each message, as :func:`contacts_of` tells it; they may reach back before the first message.
    """

    rows: Sequence[Row]
    contacts: Sequence[Mapping[int, int]]
    _texts: list[str] = field(init=False)
    _places: dict[frozenset[Role], list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._texts = [plain(row.text) for row in self.rows]

    def holds(self, condition: Condition, at: int) -> bool:
        """Tell whether a condition holds of the message at an index."""
        row, text = self.rows[at], self._texts[at]
        return (
            (condition.roles is _EVERYONE or row.role in condition.roles)
            and (not condition.all_of or all(word in text for word in condition.all_of))
            and (not condition.any_of or any(word in text for word in condition.any_of))
            and not (condition.none_of and any(word in text for word in condition.none_of))
            and (condition.nth is None or self._nth(condition, at))
            and (condition.clock is None or _in_clock(condition.clock, row.time))
            and (condition.streak is None or self._contact(condition.streak, at))
            and (condition.after is None or self._near(condition.after, at, -1))
            and (condition.before is None or self._near(condition.before, at, 1))
            and (not condition.all or all(self.holds(inner, at) for inner in condition.all))
            and (not condition.any or any(self.holds(inner, at) for inner in condition.any))
            and not (condition.none and any(self.holds(inner, at) for inner in condition.none))
        )

    def places(self, roles: frozenset[Role]) -> list[int]:
        """Return the indexes of the messages of some roles."""
        found = self._places.get(roles)
        if found is None:
            found = self._places[roles] = [number for number, row in enumerate(self.rows) if row.role in roles]
        return found

    def _nth(self, condition: Condition, at: int) -> bool:
        numbers = self.places(condition.roles)
        place = condition.nth or 0
        place = place - 1 if place > 0 else len(numbers) + place
        return 0 <= place < len(numbers) and numbers[place] == at

    def _contact(self, streak: tuple[int, int], at: int) -> bool:
        apart, least = streak
        return self.contacts[at].get(apart) == least

    def _near(self, near: Near, at: int, step: int) -> bool:
        here = self.rows[at].time
        far = len(self.rows) if near.messages is None else near.messages
        stop = min(len(self.rows), at + far + 1) if step > 0 else max(-1, at - far - 1)
        for number in range(at + step, stop, step):
            if near.within is not None:
                there = self.rows[number].time
                if here is None or there is None:
                    continue
                if abs((there - here).total_seconds()) > near.within:
                    return False
            if self.holds(near.condition, number):
                return True
        return False


def contacts_of(rows: Sequence[Row], pauses: frozenset[int]) -> list[dict[int, int]]:
    """Return of each message, by pause in seconds, which contact since the buyer last wrote it begins, if it does."""
    found: list[dict[int, int]] = []
    counts = dict.fromkeys(pauses, 0)
    last: datetime | None = None
    for row in rows:
        begins: dict[int, int] = {}
        if row.role is Role.BUYER:
            counts, last = dict.fromkeys(pauses, 0), None
        elif row.role is Role.AGENT and row.time is not None:
            for pause in pauses:
                if last is None or (row.time - last).total_seconds() >= pause:
                    counts[pause] += 1
                    begins[pause] = counts[pause]
            last = row.time
        found.append(begins)
    return found


@lru_cache(maxsize=1 << 13)  # a message is asked for by several rules, and many are alike
def plain(text: str) -> str:
    """Return a text without spaces, in small letters and half width."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _words(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(plain, words))


def _near(data: Mapping[str, Any] | None) -> Near | None:
    if data is None:
        return None
    given = dict(data)
    within, messages = given.pop("within", None), given.pop("messages", None)
    return Near(Condition.parse(given), within, messages)


def _in_clock(clock: tuple[int, int], time: datetime | None) -> bool:
    if time is None:
        return False
    minute = 60 * time.hour + time.minute
    begin, end = clock
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return 60 * int(hours) + int(minutes)
