"""Which column holds what: by the known headings of chat exports, or as a mapping says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from compliance.audit.row import BadRow, Role, Row
from compliance.errors import InputError

__all__ = ["FIELDS", "Columns"]

FIELDS = ("time", "role", "sender", "text", "session", "buyer", "agent", "shop", "platform")
_EXCEL_EPOCH = datetime(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d{2}", re.IGNORECASE)
_TIMES = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Columns:
    """Heading of each field, and what the words of a role column mean."""

    of: Mapping[str, str]
    roles: Mapping[str, Role]

    @classmethod
    def guess(
        cls,
        headings: Iterable[str],
        aliases: Mapping[str, list[str]],
        roles: Mapping[str, list[str]],
        given: Mapping[str, str] | None = None,
    ) -> Columns:
        """Match headings to fields; ``given`` (field -> heading) goes first.

        Raises:
            InputError: no text column, no way to tell agent from buyer, or two columns for one field.
        """
        known = list(headings)
        chosen = dict(given or {})
        for field, heading in chosen.items():
            if field not in FIELDS:
                raise InputError(f"the mapping names {field!r}; the fields are {', '.join(FIELDS)}")
            if heading not in known:
                raise InputError(f"the mapping wants a column {heading!r}; the log has {', '.join(known)}")
        for field in FIELDS:
            names = {_plain(name) for name in aliases.get(field, ())}
            found = [heading for heading in known if _plain(heading) in names and heading not in chosen.values()]
            if field in chosen or not found:
                continue
            if len(found) > 1:
                raise InputError(f"{' and '.join(found)} could both be {field}; say which with --map")
            chosen[field] = found[0]
        if "text" not in chosen:
            raise InputError(f"no column of {', '.join(known)} looks like the message; name it with --map")
        if "role" not in chosen and "sender" not in chosen:
            raise InputError("no column tells agent from buyer; name it with --map (role = ...)")
        words = {_plain(word): Role(role) for role, meanings in roles.items() for word in meanings}
        return cls(chosen, words)

    def row(self, source: str, cells: Mapping[str, Any]) -> Row | BadRow:
        """Read one row; a row that cannot be understood is returned with the reason."""

        def cell(field: str) -> str:
            value = cells.get(self.of[field]) if field in self.of else None
            return "" if value is None else str(value).strip()

        text = cells.get(self.of["text"])
        if not isinstance(text, str):
            text = "" if text is None else str(text)
        said = cell("role") or cell("sender")
        role = self._role(said)
        if role is None:
            return BadRow(source, f"{said!r} is neither agent nor buyer")
        try:
            time = _time(cells.get(self.of["time"])) if "time" in self.of else None
        except ValueError:
            return BadRow(source, f"{cell('time')!r} is no time")
        if any(_ROUNDED.fullmatch(cell(field)) for field in ("session", "buyer")):
            return BadRow(source, "an id was rounded by a spreadsheet (1.23E+17); export it as text")
        agent = cell("agent") or (cell("sender") if role is Role.AGENT else "")
        buyer = cell("buyer") or (cell("sender") if role is Role.BUYER else "")
        return Row(source, role, text, time, cell("session"), buyer, agent, cell("shop"), cell("platform"))

    def _role(self, said: str) -> Role | None:
        word = _plain(said)
        if word in self.roles:
            return self.roles[word]
        return next((role for name, role in self.roles.items() if len(name) > 1 and word.startswith(name)), None)


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", str(text)).lower()


def _time(value: Any) -> datetime | None:
    """Read a time as exports write it: ISO, Chinese, an Excel serial, or seconds or milliseconds since 1970.

    Raises:
        ValueError: it is none of these.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    text = str(value).strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        number = float(text)
        if int(number) in _EXCEL_DAYS:
            return _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        pass
    for pattern in _TIMES:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    raise ValueError(text)
