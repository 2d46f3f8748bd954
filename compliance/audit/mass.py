"""The same text of one agent to many buyers who did not ask, found over all conversations of a log."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Final

from compliance.audit.conditions import plain
from compliance.audit.conversation_rules import Broken, MassRule
from compliance.audit.row import Role, Row

__all__ = ["Sent", "SentMessages", "Unasked", "mass_messages", "waves"]

Sent = tuple[bytes, str, bytes, str, bytes]
"""Of a message to a buyer who had not asked: key of agent and text, ISO time, key of the conversation, source, rest."""
_TABLE: Final = "CREATE TABLE sent (key BLOB, time TEXT, conversation BLOB, source TEXT, row BLOB)"


def mass_messages(rule: MassRule, conversations: Iterable[Iterable[Row]]) -> Iterator[Broken]:
    """Yield the message with which a text reached the number of buyers, once for each wave of it."""
    messages = SentMessages()
    try:
        for number, rows in enumerate(conversations):
            unasked = Unasked(rule, str(number))
            messages.add(filter(None, map(unasked.add, rows)))
        yield from waves(rule, messages.sorted())
    finally:
        messages.close()


class SentMessages:
    """Puts what was sent by agent and text, on disk, so that memory does not grow with the log."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # a file without a name, gone with the connection
        self._database.execute(_TABLE)
        self._database.execute("BEGIN")

    def add(self, sent: Iterable[Sent]) -> None:
        """Take messages in any order."""
        self._database.executemany("INSERT INTO sent VALUES (?, ?, ?, ?, ?)", sent)

    def sorted(self) -> Iterator[Sent]:
        """Yield all messages as :func:`waves` takes them."""
        return iter(self._database.execute("SELECT * FROM sent ORDER BY key, time, source"))

    def close(self) -> None:
        """Forget them."""
        self._database.close()


class Unasked:
    """Takes the rows of one conversation in time order and tells the messages that the buyer had not asked for."""

    def __init__(self, rule: MassRule, conversation: str) -> None:
        self._rule, self._named = rule, conversation.encode("utf-8", "surrogatepass")
        self._asked: datetime | None = None

    def add(self, row: Row) -> Sent | None:
        """Return the message if it is one."""
        if row.time is None:
            return None
        if row.role is Role.BUYER:
            self._asked = row.time
            return None
        asked = self._asked is not None and (row.time - self._asked).total_seconds() <= self._rule.unasked
        if row.role is not Role.AGENT or asked:
            return None
        text = plain(row.text)
        if len(text) < self._rule.characters or any(word in text for word in self._rule.none_of):
            return None
        return _key(row, text), row.time.isoformat(), self._named, row.source, _packed(row)


def waves(rule: MassRule, sent: Iterable[Sent]) -> Iterator[Broken]:
    """Yield the message that completes each wave.

    Args:
        rule: how many buyers within what time.
        sent: sorted by key, time and source; the messages of a key must be complete.
    """
    wave: deque[tuple[datetime, bytes]] = deque()
    told = before = b""
    for key, time, conversation, _, packed in sent:
        now = datetime.fromisoformat(time)
        if key != before:
            wave.clear()
            before, told = key, b""
        while wave and (now - wave[0][0]).total_seconds() > rule.within:
            wave.popleft()
        if not wave:
            told = b""
        wave.append((now, conversation))
        if told != key and len({buyer for _, buyer in wave}) >= rule.buyers:
            told = key
            row = _unpacked(packed, now)
            yield Broken(rule.head, row, row.agent)


def _key(row: Row, text: str) -> bytes:
    told = repr((row.shop, row.agent, text)).encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=16).digest()


def _packed(row: Row) -> bytes:
    cells = (row.source, row.text, row.session, row.buyer, row.agent, row.shop, row.platform)
    return "\0".join(cell.replace("\0", " ") for cell in cells).encode("utf-8", "surrogatepass")


def _unpacked(packed: bytes, time: datetime) -> Row:
    source, text, session, buyer, agent, shop, platform = packed.decode("utf-8", "surrogatepass").split("\0")
    return Row(source, Role.AGENT, text, time, session, buyer, agent, shop, platform)
