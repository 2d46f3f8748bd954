"""Structured logs: one JSON object a line, without message text.

Only fields of this list are written, and exceptions are told by type and place: their words may quote a message.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from types import TracebackType
from typing import Any, Final, Literal

__all__ = ["LOGGER", "place_of", "set_up_logs"]

LOGGER: Final = logging.getLogger("compliance.serve")

FIELDS: Final = (
    "request_id",
    "route",
    "method",
    "status",
    "ms",
    "bytes",
    "caller",
    "decision",
    "codes",
    "problem",
    "bundle",
    "before",
    "result",
    "problems",
    "error",
    "place",
    "audit",
    "worker",
    "signal",
)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"time": _time(record), "level": record.levelname.lower(), **_fields(record)})


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        event = fields.pop("event")
        told = " ".join(f"{name}={value}" for name, value in fields.items())
        return f"{_time(record)} {record.levelname.lower():7} {event} {told}".rstrip()


def _time(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z"


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {"event": record.getMessage()}
    fields |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    if record.exc_info and record.exc_info[0] is not None:
        fields |= place_of(record.exc_info[0], record.exc_info[2])
    return fields


def place_of(kind: type[BaseException], trace: TracebackType | None) -> dict[str, str]:
    """Name an exception by its type and the innermost places of our code, leaving out its words."""
    frames = traceback.extract_tb(trace)[-4:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    return {"error": kind.__name__, "place": " > ".join(places)}


def set_up_logs(level: str, form: Literal["json", "text"]) -> None:
    """Send our log and that of the server to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    for name in ("compliance", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name != "uvicorn.error" else []
        logger.propagate = name == "uvicorn.error"
        logger.setLevel(level.upper())
    logging.getLogger("uvicorn.access").disabled = True  # we write our own line, without addresses and queries
