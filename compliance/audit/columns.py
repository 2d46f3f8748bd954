"""Which column holds what: by the known headings of chat exports, or as a mapping says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from compliance.audit.row import BadRow, Role, Row
from compliance.audit.times import clock_only, time_of
from compliance.errors import InputError

__all__ = ["FIELDS", "Columns"]

FIELDS = ("time", "date", "role", "sender", "text", "session", "buyer", "agent", "shop", "platform")
_IDS = ("session", "buyer", "agent", "sender")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d{2}", re.IGNORECASE)
_EXACT = 10**15
"""From here on a spreadsheet rounds numbers."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Heading of each field, and what the words of a role column mean.

    Attributes:
        of: field -> heading.
        roles: word of a role or sender column -> role.
        names: names, or patterns of them with ``*``, that a mapping gives a role.
        placeholders: what stands for a picture or another thing that is no text; such messages are not checked.
    """

    of: Mapping[str, str]
    roles: Mapping[str, Role]
    names: tuple[tuple[str, Role], ...] = ()
    placeholders: re.Pattern[str] | None = field(default=None, compare=False)

    @classmethod
    def guess(
        cls,
        headings: Iterable[str],
        aliases: Mapping[str, list[str]],
        roles: Mapping[str, Any],
        given: Mapping[str, Any] | None = None,
        placeholders: re.Pattern[str] | None = None,
    ) -> Columns:
        """Match headings to fields; ``given`` (field -> heading, roles -> role -> names) goes first.

        Raises:
            InputError: no text column, no way to tell agent from buyer, or two columns for one field.
        """
        known = list(headings)
        chosen: dict[str, str] = {name: heading for name, heading in (given or {}).items() if name != "roles"}
        for name, heading in chosen.items():
            if name not in FIELDS:
                raise InputError(f"the mapping names {name!r}; the fields are {', '.join(FIELDS)} and [roles]")
            if heading not in known:
                raise InputError(f"the mapping wants a column {heading!r}; the log has {', '.join(known)}")
        for name in FIELDS:
            names = {_plain(alias) for alias in aliases.get(name, ())}
            found = [heading for heading in known if _plain(heading) in names and heading not in chosen.values()]
            if name in chosen or not found:
                continue
            if len(found) > 1:
                raise InputError(f"{' and '.join(found)} could both be {name}; say which with --map")
            chosen[name] = found[0]
        if "text" not in chosen:
            raise InputError(f"no column of {', '.join(known)} looks like the message; name it with --map")
        if "role" not in chosen and "sender" not in chosen:
            raise InputError("no column tells agent from buyer; name it with --map (role = ...)")
        heading = _plain(chosen.get("role", ""))
        meanings = roles.get("by_heading", {}).get(heading) or {k: v for k, v in roles.items() if k != "by_heading"}
        words = {_plain(word): Role(role) for role, said in meanings.items() for word in said}
        said_names = [(name, Role(role)) for role, names in (given or {}).get("roles", {}).items() for name in names]
        said_names.sort(key=lambda item: ("*" in item[0], -len(item[0])))
        return cls(chosen, words, tuple(said_names), placeholders)

    def row(self, source: str, cells: Mapping[str, Any]) -> Row | BadRow:
        """Read one row; a row that cannot be understood is returned with the reason."""

        def cell(name: str) -> str:
            value = cells.get(self.of[name]) if name in self.of else None
            return "" if value is None else str(value).strip()

        text = cells.get(self.of["text"])
        if not isinstance(text, str):
            text = "" if text is None else str(text)
        role = self.role_of(cells)
        if role is None:
            return BadRow(source, f"{cell('role') or cell('sender')!r} is neither agent nor buyer")
        try:
            time = self._time(cells)
        except ValueError as error:
            return BadRow(source, f"{error.args[0]!r} is no time")
        rounded = self.rounded(cells)
        session, buyer, agent, sender = (
            "" if rounded and self.of.get(name) in rounded else cell(name) for name in _IDS
        )
        if rounded and not session and not buyer:
            return BadRow(source, "an id was rounded by a spreadsheet (1.23E+17); export it as text")
        agent = agent or (sender if role is Role.AGENT else "")
        buyer = buyer or (sender if role is Role.BUYER else "")
        if self.placeholders is not None and self.placeholders.fullmatch(text.strip()):
            text = ""
        return Row(source, role, text, time, session, buyer, agent, cell("shop"), cell("platform"))

    def role_of(self, cells: Mapping[str, Any]) -> Role | None:
        """Tell who wrote a row; ``None`` if its words do not say."""
        said, sender, buyer, agent = (
            str(cells.get(self.of[name]) or "").strip() if name in self.of else ""
            for name in ("role", "sender", "buyer", "agent")
        )
        if "role" in self.of and cells.get(self.of["role"]) == 0:
            said = "0"
        for name, role in self.names:
            if any(word and fnmatchcase(word, name) for word in (said, sender)):
                return role
        if said:
            return self._meant(said)
        if sender and sender == buyer:
            return Role.BUYER
        return Role.AGENT if sender and sender == agent else self._meant(sender)

    def rounded(self, cells: Mapping[str, Any]) -> list[str]:
        """Return the headings whose id in a row was rounded by a spreadsheet."""
        headings = (self.of[name] for name in _IDS if name in self.of)
        return [heading for heading in headings if _rounded(cells.get(heading))]

    def _meant(self, said: str) -> Role | None:
        """Return the role that a word is, or begins with: 客服小美, 买家(张三)."""
        if said in self.roles:
            return self.roles[said]
        word = _plain(said)
        if word in self.roles:
            return self.roles[word]
        begins = [name for name in self.roles if len(name) > 1 and word.startswith(name)]
        return self.roles[max(begins, key=len)] if begins else None

    def _time(self, cells: Mapping[str, Any]) -> datetime | None:
        """Read the time of a row, its day and its clock together where they are in columns of their own.

        Raises:
            ValueError: it is no time; the argument is what was read.
        """
        time = cells.get(self.of["time"]) if "time" in self.of else None
        day = cells.get(self.of["date"]) if "date" in self.of else None
        if day in (None, ""):
            return time_of(time)
        if time in (None, ""):
            return time_of(day)
        if (clock := clock_only(time)) is None:
            return time_of(time)
        found = time_of(day)
        return None if found is None else datetime.combine(found.date(), clock)


def _rounded(value: Any) -> bool:
    if isinstance(value, str):
        return "+" in value and _ROUNDED.fullmatch(value.strip()) is not None
    return isinstance(value, float) and abs(value) >= _EXACT


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", str(text)).lower()
