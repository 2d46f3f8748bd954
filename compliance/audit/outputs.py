"""The text files of an audit. Each appears whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

__all__ = ["FINDING_COLUMNS", "FindingFiles", "cell_of", "whole", "write_json"]

FINDING_COLUMNS = (
    *("source", "time", "shop", "platform", "session", "buyer", "agent", "text"),
    *("code", "category", "severity", "action", "surface", "start", "end", "message"),
    *("document", "clause", "verification", "suggestion"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def whole(file: Path) -> Iterator[IO[str]]:
    """Open a file for writing that takes its name only when it is complete."""
    temporary = file.with_name(f".{file.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="", errors="surrogatepass") as stream:
            yield stream
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    temporary.replace(file)


def write_json(file: Path, data: Any) -> None:
    """Write data as JSON that people can read."""
    with whole(file) as stream:
        json.dump(data, stream, ensure_ascii=False, indent=2)
        stream.write("\n")


class FindingFiles:
    """Writes findings as JSONL and as a CSV that Excel opens right."""

    def __init__(self, lines: IO[str], table: IO[str]) -> None:
        table.write("\ufeff")
        self._lines, self._table = lines, csv.writer(table)
        self._table.writerow(FINDING_COLUMNS)

    def add(self, record: Mapping[str, Any]) -> None:
        """Write one finding."""
        self._lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        self._table.writerow([cell_of(record.get(column)) for column in FINDING_COLUMNS])


def cell_of(value: Any) -> str:
    """Return what may stand in a cell: a text that would be read as a formula is quoted."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
