"""What is told of conversations apart from the checker's findings.

Broken rules over conversations, waits for answers, messages nobody asked for, and the index of messages: all need one
conversation at a time, so any process can take some of them and hand back what it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from compliance.audit.baseline import digest_of
from compliance.audit.conversation_findings import Often
from compliance.audit.conversation_rules import Broken, ConversationRules, broken
from compliance.audit.mass import Sent, Unasked
from compliance.audit.metrics import Waits
from compliance.audit.row import Role, Row
from compliance.audit.store import PackedWait, packed_wait

__all__ = ["Survey", "Surveyor", "index_of"]

_TOGETHER: Final = 2000
"""Messages of a conversation that are looked at together."""
_MOST: Final = 20_000
"""Messages of a survey, about."""


@dataclass(slots=True)
class Survey:
    """Of some conversations, or of a part of a long one.

    Attributes:
        broken: rules over conversations, in the order of the conversations.
        often: those that are told once for each agent.
        waits, sent: for metrics and for mass messages.
        index: records of the index of messages, without what the findings add.
        messages: of agents, by shop and agent.
        hours: the same by day (2026-11-02) and hour.
    """

    broken: list[Broken] = field(default_factory=list)
    often: Often = field(default_factory=Often)
    waits: list[PackedWait] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    index: list[tuple[Any, ...]] = field(default_factory=list)
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    hours: Counter[tuple[str, int]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Surveys conversations.

    Attributes:
        rules: over conversations.
        platform: of all rows; ``None`` where they name it.
    """

    rules: ConversationRules
    platform: str | None

    def __call__(self, conversations: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[Survey]:
        """Yield surveys of conversations, given as name and rows in time order; a long one gives several."""
        survey = Survey()
        for name, rows in conversations:
            waits = Waits(name)
            unasked = Unasked(self.rules.mass, name) if self.rules.mass is not None else None
            taken = iter(rows)
            while part := list(islice(taken, _TOGETHER)):
                self._add(survey, part, waits, unasked)
                if len(survey.index) >= _MOST:
                    yield survey
                    survey = Survey()
            survey.waits += map(packed_wait, waits.end())
        yield survey

    def _add(self, survey: Survey, part: list[Row], waits: Waits, unasked: Unasked | None) -> None:
        for each in broken(self.rules, part, self.platform):
            if each.head.per_agent:
                survey.often.add(each)
            else:
                survey.broken.append(each)
        for row in part:
            survey.waits += map(packed_wait, waits.add(row))
            if unasked is not None and (sent := unasked.add(row)) is not None:
                survey.sent.append(sent)
            survey.index.append(index_of(row, self.platform))
            if row.role is Role.AGENT:
                survey.messages[row.shop, row.agent] += 1
                if row.time is not None:
                    survey.hours[row.time.date().isoformat(), row.time.hour] += 1


def index_of(row: Row, platform: str | None) -> tuple[Any, ...]:
    """Return what the index of messages says of a row, in the order of its columns, before what findings add."""
    names = (row.source, row.shop, platform or row.platform, row.session, row.buyer, row.agent, row.role.value)
    return (*names, row.time, digest_of(row.text), len(row.text))
