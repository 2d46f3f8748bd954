"""The rows of a log on disk, put into conversations: memory does not grow with the log, whatever its order.

A log may be sorted by time, by conversation or not at all, and one conversation may be spread over several files. The
rows go into an SQLite file that lives as long as the audit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from compliance.audit.metrics import Wait
from compliance.audit.row import Role, Row

__all__ = [
    "PackedWait",
    "RowCells",
    "RowStore",
    "WaitStore",
    "cells_of",
    "name_of_conversation",
    "packed_wait",
    "unpacked_row",
    "unpacked_wait",
]

_BATCH = 1000
_ALL = 2**62
_TABLES = """
CREATE TABLE conversations (id INTEGER PRIMARY KEY, name BLOB UNIQUE);
CREATE TABLE rows (conversation INTEGER, time TEXT, data TEXT);
"""
_INSERT_NAME = "INSERT OR IGNORE INTO conversations (name) VALUES (?)"
_INSERT_ROW = "INSERT INTO rows SELECT id, ?, ? FROM conversations WHERE name = ?"
_SELECT = """
SELECT name, data FROM conversations CROSS JOIN rows ON conversation = conversations.id
WHERE conversations.id BETWEEN ? AND ?
ORDER BY conversations.id, time, rows.rowid
"""


class RowStore:
    """Takes the rows of a log, then gives them by conversation; use it from one thread."""

    def __init__(self, file: Path) -> None:
        """Open a store that was filled before, or one that is not there yet."""
        self._file = file
        self._database = sqlite3.connect(file, isolation_level=None)

    def fill(self, rows: Iterable[RowCells], progress: Callable[[int], None] = lambda _: None) -> None:
        """Store all rows of a log; what the store held is forgotten. ``progress`` is told how many are stored.

        A row without a time stays behind the row that stands before it in the log.
        """
        self._database.close()
        self._file.unlink(missing_ok=True)
        self._database = sqlite3.connect(self._file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")  # a store that is not complete is made anew
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        names: list[tuple[bytes]] = []
        batch: list[tuple[str, str, bytes]] = []
        last, number = "", 0
        for row in rows:
            number += 1
            _, _, _, time, session, buyer, _, shop, _ = row
            last = time or last
            name = name_of_conversation(shop, session or buyer)
            names.append((name,))
            batch.append((last, _packed(row), name))
            if len(batch) >= _BATCH:
                self._write(names, batch)
                progress(number)
        self._write(names, batch)
        progress(number)
        self._database.execute("CREATE INDEX by_conversation ON rows (conversation, time)")
        self._database.execute("COMMIT")

    def _write(self, names: list[tuple[bytes]], batch: list[tuple[str, str, bytes]]) -> None:
        self._database.executemany(_INSERT_NAME, names)
        self._database.executemany(_INSERT_ROW, batch)
        names.clear()
        batch.clear()

    def sizes(self) -> Iterator[tuple[int, int]]:
        """Yield number and messages of each conversation, in order."""
        yield from self._database.execute("SELECT conversation, count(*) FROM rows GROUP BY conversation")

    def conversations(self, first: int = 1, last: int = _ALL) -> Iterator[tuple[str, Iterator[Row]]]:
        """Yield name and rows of each conversation in time order; conversations come in the order of their first row.

        The rows of one are to be taken before the next is asked for.
        """
        found = self._database.execute(_SELECT, (first, last))
        for name, rows in groupby(found, key=itemgetter(0)):
            yield "/".join(filter(None, json.loads(name))), (unpacked_row(data) for _, data in rows)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


RowCells = tuple[str, str, str, str | None, str, str, str, str, str]
"""The fields of a row in their order, role and time as text."""
_packed = json.JSONEncoder(check_circular=False).encode  # its ASCII form holds any text, also half surrogate pairs


@lru_cache(maxsize=1 << 14)
def name_of_conversation(shop: str, conversation: str) -> bytes:
    """Return what tells a conversation from all others; the second part is its session or else its buyer."""
    return _packed([shop, conversation]).encode()


def cells_of(row: Row) -> RowCells:
    """Return a row as a store takes it."""
    time = row.time.isoformat() if row.time else None
    return (row.source, row.role.value, row.text, time, row.session, row.buyer, row.agent, row.shop, row.platform)


def unpacked_row(data: str) -> Row:
    """Return the row that a store packed."""
    cells: list[Any] = json.loads(data)
    source, role, text, time, *names = cells
    return Row(source, Role(role), text, datetime.fromisoformat(time) if time else None, *names)


class WaitStore:
    """Puts waits by buyer and time, as :class:`~compliance.audit.metrics.Tally` takes them, on disk."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # a file without a name, gone with the connection
        self._database.execute("CREATE TABLE waits (buyer BLOB, asked TEXT, data TEXT)")
        self._database.execute("BEGIN")

    def add(self, waits: Iterable[PackedWait]) -> None:
        """Take waits, packed."""
        self._database.executemany("INSERT INTO waits VALUES (?, ?, ?)", waits)

    def sorted(self) -> Iterator[Wait]:
        """Yield all waits."""
        for (data,) in self._database.execute("SELECT data FROM waits ORDER BY buyer, asked, rowid"):
            yield unpacked_wait(data)

    def close(self) -> None:
        """Forget them."""
        self._database.close()


PackedWait = tuple[bytes, str, str]
"""Buyer, ISO time, and the wait as JSON."""


def packed_wait(wait: Wait) -> PackedWait:
    """Return a wait as other processes and files take it."""
    asked = wait.asked.isoformat()
    names = (wait.session, wait.platform, wait.buyer, wait.agent)
    data = json.dumps([*names, asked, wait.any_answer, wait.human_answer, wait.first])
    return wait.buyer.encode("utf-8", "surrogatepass"), asked, data


def unpacked_wait(data: str) -> Wait:
    """Return the wait that was packed."""
    session, platform, buyer, agent, asked, *answers = json.loads(data)
    return Wait(session, platform, buyer, agent, datetime.fromisoformat(asked), *answers)
