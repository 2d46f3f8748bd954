"""From the files of a log to its rows: columns recognised, platform known, days chosen; the rest goes to quarantine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO, Any

from compliance.audit.logs import Notice, messages_of
from compliance.audit.row import BadRow, Row
from compliance.audit.settings import AuditData
from compliance.audit.store import RowCells, cells_of
from compliance.audit.tables import names_of
from compliance.errors import InputError, UnknownPlatformError
from compliance.model import platform_id

__all__ = ["Reader", "with_platform", "within"]


@dataclass(slots=True)
class Reader:
    """Reads logs and counts what it read.

    Attributes:
        data: headings and role words.
        platform: id of the platform of all rows; ``None`` where the rows name it.
        encoding, mapping, since, until: as the audit takes them.
        messages: rows read, by role.
        bad_rows: rows that went to quarantine.
        notices: what the user should know of the logs.
    """

    data: AuditData
    platform: str | None
    encoding: str | None = None
    mapping: Mapping[str, Any] | None = None
    since: date | None = None
    until: date | None = None
    messages: Counter[str] = field(default_factory=Counter)
    bad_rows: int = 0
    notices: list[str] = field(default_factory=list)

    def rows(self, files: list[Path], quarantine: IO[str]) -> Iterator[Row]:
        """Yield the rows of the chosen days; write those that cannot be understood to ``quarantine``.

        Raises:
            InputError: a file cannot be read or understood, or rows name no platform.
        """
        chosen = self.since or self.until
        for file, name in zip(files, names_of(files), strict=True):
            for row in self._understood(file, name):
                if isinstance(row, BadRow):
                    self.bad_rows += 1
                    quarantine.write(
                        json.dumps({"source": row.source, "reason": row.reason}, ensure_ascii=False) + "\n"
                    )
                elif not chosen or within(row, self.since, self.until):
                    self.messages[row.role.value] += 1
                    yield row

    def cells(self, files: list[Path], quarantine: Path) -> Generator[RowCells, None, dict[str, Any]]:
        """Yield the rows as a store takes them, and return as JSON what was counted, with the notices.

        Raises:
            InputError: as :meth:`rows` does.
        """
        with quarantine.open("w", encoding="utf-8", errors="surrogatepass") as stream:
            for row in self.rows(files, stream):
                yield cells_of(row)
        return {"messages": dict(self.messages), "bad_rows": self.bad_rows, "notices": self.notices}

    def _understood(self, file: Path, name: str) -> Iterator[Row | BadRow]:
        for row in messages_of(file, self.data, self.encoding, self.mapping, name):
            if isinstance(row, Notice):
                self.notices.append(f"{row.source}: {row.text}")
            else:
                yield with_platform(row) if self.platform is None and isinstance(row, Row) else row


def within(row: Row, since: date | None, until: date | None) -> bool:
    """Tell whether a row is of the chosen days; one without a time is."""
    day = row.time.date() if row.time else None
    return day is None or ((not since or day >= since) and (not until or day <= until))


def with_platform(row: Row) -> Row | BadRow:
    """Return the row with the id of the platform that it names.

    Raises:
        InputError: it names none.
    """
    if not row.platform:
        raise InputError("no platform: give --platform, a profile that names one, or a platform column")
    try:
        platform = platform_id(row.platform)
    except UnknownPlatformError:
        return BadRow(row.source, f"unknown platform {row.platform!r}")
    return row if platform == row.platform else replace(row, platform=platform)
