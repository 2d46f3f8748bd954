"""Cut the agent's side of a conversation into runs: messages that a buyer reads together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.audit.row import Role, Row
from compliance.conversation import read_together
from compliance.model import Message

__all__ = ["message_of", "runs_of"]

_LONGEST_RUN = 100
"""Messages checked together; words are not split over more."""


def runs_of(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the agent's runs in the rows of one conversation, which are in time order.

    Neighbours between which no word can run over are in different runs, and nothing is lost by it: a run gives the
    same findings as the conversation. A buyer's message ends a run; robots and the system do not.
    """
    run: list[Row] = []
    for row in rows:
        if row.role is Role.AGENT:
            apart = bool(run) and not read_together(message_of(run[-1]), message_of(row))
            if apart or len(run) >= _LONGEST_RUN:
                yield run
                run = []
            run.append(row)
        elif row.role is Role.BUYER and run:
            yield run
            run = []
    if run:
        yield run


def message_of(row: Row) -> Message:
    """Return an agent's row as the checker takes it."""
    return Message(row.text, time=row.time)
