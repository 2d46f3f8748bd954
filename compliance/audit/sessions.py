"""Put the rows of a log into conversations, and an agent's messages into runs that a buyer reads together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from compliance.audit.row import Role, Row

__all__ = ["Conversations", "runs_of"]

_LONGEST_RUN = 20
"""Messages checked together; words are not split over more."""

Key = tuple[str, str]


def runs_of(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the agent's consecutive messages of each conversation, as soon as somebody else speaks.

    Memory holds the open runs only. Rows of different conversations may be mixed.
    """
    open_runs: dict[Key, list[Row]] = {}
    for row in rows:
        key = _key(row)
        if row.role is Role.AGENT:
            run = open_runs.setdefault(key, [])
            run.append(row)
            if len(run) >= _LONGEST_RUN:
                yield open_runs.pop(key)
        elif row.role is Role.BUYER and key in open_runs:
            yield open_runs.pop(key)
    yield from open_runs.values()


class Conversations:
    """Collects who spoke when, without the texts, for the reply metrics."""

    def __init__(self) -> None:
        self._rows: dict[Key, list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """Note a row."""
        self._rows[_key(row)].append(replace(row, text="", source=""))

    def __iter__(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield (name, rows in time order) of each conversation."""
        for key, rows in self._rows.items():
            yield "/".join(filter(None, key)), sorted(rows, key=lambda row: row.time or datetime.min)


def _key(row: Row) -> Key:
    return row.shop, row.session or row.buyer
