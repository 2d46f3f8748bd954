"""One message of a chat log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

__all__ = ["BadRow", "Role", "Row"]


class Role(Enum):
    """Who wrote a message. A robot answers for the shop, but not as a human."""

    AGENT = "agent"
    ROBOT = "robot"
    BUYER = "buyer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Row:
    """A message with what the log says about it.

    Attributes:
        source: file and place, such as ``chats.csv:12``.
        time: local time without zone, as exports have it; ``None`` if the log has none.
    """

    source: str
    role: Role
    text: str
    time: datetime | None = None
    session: str = ""
    buyer: str = ""
    agent: str = ""
    shop: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why; it goes to the quarantine file."""

    source: str
    reason: str
