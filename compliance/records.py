"""Check a record ``{id, text | messages, platform, context}``: the one input form of files and requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from compliance.checker import Checker
from compliance.errors import InputError
from compliance.model import Context, Message, Verdict

__all__ = ["check_record"]

_KEYS = {"id", "text", "messages", "platform", "context"}


def check_record(record: Any, checker: Checker, platform: str | None, context: Context) -> Verdict:
    """Check one record ``{id, text | messages, platform, context}``; given values win over the defaults.

    Raises:
        InputError: the record is not of this shape.
    """
    if not isinstance(record, dict):
        raise InputError("expected an object with text or messages")
    unknown = sorted(set(record) - _KEYS)
    if unknown:
        raise InputError(f"unknown keys {', '.join(map(repr, unknown))}; known: {', '.join(sorted(_KEYS))}")
    where = record.get("platform", platform)
    if where is not None and not isinstance(where, str):
        raise InputError("platform must be a string")
    facts = record.get("context")
    if facts is not None:
        if not isinstance(facts, dict):
            raise InputError("context must be an object")
        context = Context.parse(facts)
    id_ = record.get("id")
    id_ = id_ if id_ is None else str(id_)
    if ("text" in record) == ("messages" in record):
        raise InputError("give either text or messages")
    if "text" in record:
        if not isinstance(record["text"], str):
            raise InputError("text must be a string")
        return checker.check(record["text"], platform=where, context=context, id=id_)
    return checker.check_conversation(_messages(record["messages"]), platform=where, context=context, id=id_)


def _messages(items: Any) -> list[Message]:
    if not isinstance(items, list):
        raise InputError("messages must be a list")
    return [_message(index, item) for index, item in enumerate(items)]


def _message(index: int, item: Any) -> Message:
    if isinstance(item, str):
        return Message(item)
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise InputError(f"messages[{index}] must be a string or an object with text")
    role = item.get("role", "agent")
    if role not in ("agent", "buyer"):
        raise InputError(f"messages[{index}].role must be agent or buyer")
    time = item.get("time")
    if time is not None:
        try:
            time = datetime.fromisoformat(str(time))
        except ValueError:
            raise InputError(f"messages[{index}].time is not an ISO 8601 time") from None
    return Message(item["text"], role, time)
