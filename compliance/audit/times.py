"""Times as chat exports write them, all told in the time of Beijing."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, timezone
from typing import Any, Final

__all__ = ["clock_only", "time_of"]

_BEIJING: Final = timezone(timedelta(hours=8))
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)
_EXCEL_DAYS: Final = range(20_000, 80_000)
_WRITTEN: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[\sT]+(?:(?:星期|周)[一二三四五六日天]\s*)?"
    r"(上午|下午|AM|PM)?\s*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}))?(?:\.\d+)?秒?分?\s*(AM|PM)?)?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(\.\d+)?")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?")


def time_of(value: Any) -> datetime | None:
    """Read a time: ISO, Chinese, an Excel serial, or seconds, milliseconds or microseconds since 1970.

    A zone is taken into account and dropped; what names none is taken as it stands.

    Returns:
        The time of Beijing without zone; ``None`` for an empty cell.

    Raises:
        ValueError: it is none of these; the argument is what was read.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return _local(value)
    text = str(value).strip()
    try:
        if _NUMBER.fullmatch(text):
            return _numbered(float(text))
        try:
            return _local(datetime.fromisoformat(text))
        except ValueError:
            return _chinese(text)
    except (ValueError, OverflowError, OSError):
        raise ValueError(text) from None


def clock_only(value: Any) -> time | None:
    """Return the clock of a cell that holds no day."""
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if isinstance(value, float) and 0 <= value < 1:  # a part of a day, as Excel writes it
        return (_EXCEL_EPOCH + timedelta(seconds=round(value * 86_400))).time()
    match = _CLOCK.fullmatch(str(value).strip())
    return None if match is None else time(int(match[1]) % 24, int(match[2]), int(match[3] or 0))


def _local(value: datetime) -> datetime:
    return value if value.tzinfo is None else value.astimezone(_BEIJING).replace(tzinfo=None)


def _numbered(number: float) -> datetime:
    if int(number) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    if number < 1e8:  # before 1973: no second of a chat
        raise ValueError
    for unit in (1e14, 1e11):
        if number > unit:
            return _local(datetime.fromtimestamp(number / (unit / 1e8), _BEIJING))
    return _local(datetime.fromtimestamp(number, _BEIJING))


def _chinese(text: str) -> datetime:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError
    year, month, day, half, hour, minute, second, late = match.groups()
    half = (half or late or "").upper()
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in ("下午", "PM") else 0)
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
