"""Messages out of plain text: a copied chat, or a cell of a table that holds a whole chat.

Five shapes are known; the one with the most headers in a text is taken for all of it::

    小美 2026-11-02 10:00:00      2026-11-02 10:00:00 小美      2026-11-02 10:00:00
    亲，在的                       亲，在的                       小美：亲，在的

    2026-11-02 10:00:00 小美：亲，在的                           小美(2026-11-02 10:00:00)：亲，在的

What follows a header, up to the next, is one message, line breaks included. Where headers hold only the clock, a line
with nothing but a date tells the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["is_transcript", "messages_in"]

_DATE: Final = r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?(?!:?\d)"
_TIME: Final = rf"[\[【(（]?(?:{_DATE}[\s　T,，]*(?:(?:星期|周)[一二三四五六日天]\s*)?)?{_CLOCK}[\])）】]?"
_NAME: Final = r"(?P<name>\S(?:[^\n]{0,58}?\S)?)"
# an account below a shop's has a colon in its name (店铺:小美), and then a second colon before the text
_SAYS: Final = r"(?P<name>[^\s:：]{1,40}(?::[^\s:：]{1,20}(?=：|: ))?)\s*[:：]\s*(?P<text>.*)"
_SHAPES: Final = tuple(
    re.compile(shape)
    for shape in (
        rf"(?P<alone>){_TIME}\s*",
        rf"{_TIME}\s*{_SAYS}",
        rf"(?P<name>[^\s:：(（][^\s(（]{{0,40}})\s*{_TIME}\s*[:：]\s*(?P<text>.*)",
        rf"{_NAME}\s+{_TIME}\s*[:：]?\s*",
        rf"{_TIME}\s+(?P<name>[^\s:：]{{1,40}}(?::[^\s:：]{{1,20}})?)\s*[:：]?",
    )
)
_SPEAKER: Final = re.compile(_SAYS)
_DAY: Final = re.compile(rf"[\s\-—=─*]*{_DATE}[\s\-—=─*]*(?:星期[一二三四五六日天])?[\s\-—=─*]*")
_PLAUSIBLE: Final = 0.02
"""Headers per line below which a text is no transcript."""

Cells = dict[str, str]


def is_transcript(text: str) -> bool:
    """Tell whether a text begins with a message of a known shape."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    shape = _shape(lines)
    if shape is None or not lines:
        return False
    first = 1 if _DAY.fullmatch(lines[0]) and len(lines) > 1 else 0
    return shape.fullmatch(lines[first]) is not None and (shape is not _SHAPES[0] or bool(_said(lines, first + 1)))


def messages_in(text: str) -> Iterator[tuple[int, Cells | str]]:
    """Yield (line, cells 时间, 发送人 and 内容) for each message; the cells are a reason where there is none.

    A text in which no header is found gives one reason for all of it.
    """
    lines = text.splitlines()
    shape = _shape([line.strip() for line in lines])
    if shape is None:
        yield 1, "no line tells who speaks when, as in: 小美 2026-11-02 10:00:00"
        return
    headers = [(number, match) for number, line in enumerate(lines) if (match := shape.fullmatch(line.strip()))]
    if shape is _SHAPES[0]:
        headers = [(number, match) for number, match in headers if _said(lines, number + 1)]
    dated = any(match["year"] for _, match in headers)
    start = headers[0][0] if headers else len(lines)
    day = "" if dated else _last_day(lines[:start])
    stray = [line for line in lines[:start] if line.strip() and (dated or not _DAY.fullmatch(line))]
    if stray:
        yield 1, "stands before the first message"
    for (number, match), end in zip(headers, [*(number for number, _ in headers[1:]), len(lines)], strict=True):
        body = lines[number + 1 : end]
        name, said = match.groupdict().get("name"), match.groupdict().get("text")
        if name is None:
            speaker = _SPEAKER.fullmatch(body[0].strip())
            assert speaker is not None
            name, said, body = speaker["name"], speaker["text"], body[1:]
        found = [] if dated else [line for line in body if _DAY.fullmatch(line)]
        message = "\n".join([*([said] if said else []), *(line for line in body if line not in found)]).strip("\n ")
        day = _day(match) or day
        yield number + 1, {"时间": f"{day} {_clock(match)}" if day else "", "发送人": name.strip(), "内容": message}
        if found:
            day = _last_day(found)


def _shape(lines: list[str]) -> re.Pattern[str] | None:
    counts = dict.fromkeys(_SHAPES, 0)
    for number, line in enumerate(lines):
        for shape in _SHAPES:
            if shape.fullmatch(line):
                counts[shape] += shape is not _SHAPES[0] or _said(lines, number + 1)
    best = max(_SHAPES, key=lambda shape: counts[shape])
    written = sum(1 for line in lines if line)
    return best if counts[best] and counts[best] >= _PLAUSIBLE * written else None


def _said(lines: list[str], number: int) -> bool:
    return number < len(lines) and _SPEAKER.fullmatch(lines[number].strip()) is not None


def _last_day(lines: list[str]) -> str:
    found = [match for line in lines if (match := _DAY.fullmatch(line))]
    return _day(found[-1]) if found else ""


def _day(match: re.Match[str]) -> str:
    return f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}" if match["year"] else ""


def _clock(match: re.Match[str]) -> str:
    return f"{int(match['hour']):02}:{match['minute']}:{match['second'] or '00'}"
