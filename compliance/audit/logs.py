"""From the tables of a file to its messages: columns recognised, cells with whole chats unpacked, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from compliance.audit.columns import Columns
from compliance.audit.row import BadRow, Row
from compliance.audit.settings import AuditData
from compliance.audit.tables import Cells, Table, tables_of
from compliance.audit.transcripts import is_transcript, messages_in
from compliance.errors import InputError

__all__ = ["Notice", "columns_of_rows", "messages_of", "preview_of", "rounded_notice"]

_LOOKED_AT: Final = 500
"""Rows that tell whether the words of a column say who speaks."""
_UNPACKED_TEXT: Final = ("内容", "发送人", "时间")
_Rows = Iterator[tuple[str, "Cells | str"]]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know of a log although its rows are read."""

    source: str
    text: str


def messages_of(
    file: Path,
    data: AuditData,
    encoding: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> Iterator[Row | BadRow | Notice]:
    """Yield the messages of a file, and of each row that cannot be understood the reason.

    Where no column tells conversations apart, a file is one conversation, and so is a cell that holds a whole chat.

    Args:
        file: to be read.
        data: headings, role words and placeholders.
        encoding: of text; found out if left out.
        mapping: field -> heading, and ``roles``: role -> names or words.
        name: what the file is called in the results, if not by its last part.

    Raises:
        InputError: the file cannot be read, or its columns do not tell what was said and by whom.
    """
    for table in tables_of(file, encoding, name):
        columns, rows = _understood(file, table, data, mapping)
        alone = columns is not None and not columns.of.keys() & {"session", "buyer"}
        told: set[str] = set()
        for source, cells in rows:
            if isinstance(cells, str):
                yield BadRow(source, cells)
                continue
            assert columns is not None
            row = columns.row(source, cells)
            if isinstance(row, Row):
                for heading in columns.rounded(cells):
                    if heading not in told:
                        told.add(heading)
                        yield Notice(source, rounded_notice(heading))
                if alone:
                    cell, packed, _ = source[len(table.name) :].partition("#")
                    row = replace(row, session=table.name + cell if packed else table.name)
            yield row


def rounded_notice(heading: str) -> str:
    """Say that ids of a column were rounded by a spreadsheet and are not used."""
    return f"{heading} 里的编号被表格软件改成了 1.23E+17 的样子，没有用它；请按文本重新导出"


def columns_of_rows(name: str, rows: Iterable[Cells], data: AuditData, mapping: Mapping[str, Any] | None) -> Columns:
    """Return how the columns of a table are to be read whose first rows are given.

    Raises:
        InputError: they do not tell what was said and by whom, or cells hold whole chats.
    """
    table = Table(name, ((str(number), cells) for number, cells in enumerate(rows, 1)))
    columns, unpacked = _understood(Path(name), table, data, mapping)
    if columns is None:
        raise InputError(f"{name}: holds no message")
    if any("#" in place for place, _ in unpacked):
        raise InputError(f"{name}: cells hold whole chats; this engine wants a row for each message")
    return columns


def preview_of(
    file: Path, data: AuditData, encoding: str | None = None, mapping: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """Yield lines that say how each table of a file is understood, with the words found for each role."""
    for table in tables_of(file, encoding):
        yield f"{_place(file, table)}:"
        columns, rows = _understood(file, table, data, mapping)
        if columns is None:
            yield "  holds no message that can be read"
            continue
        yield from (f"  {name} = {heading!r}" for name, heading in columns.of.items())
        heading = columns.of.get("role") or columns.of["sender"]
        words: dict[str, set[str]] = {}
        for _, cells in islice(rows, _LOOKED_AT):
            if isinstance(cells, dict):
                role = columns.role_of(cells)
                words.setdefault(role.value if role else "?", set()).add(str(cells.get(heading, "")))
        for role_name, found in sorted(words.items()):
            yield f"  {role_name}: {', '.join(sorted(found)[:8])}"


def _place(file: Path, table: Table) -> str:
    """Return the path of a table, as the user finds it."""
    return f"{file}{table.name.partition(file.name)[2]}"


def _understood(
    file: Path, table: Table, data: AuditData, mapping: Mapping[str, Any] | None
) -> tuple[Columns | None, _Rows]:
    """Return how the columns of a table are to be read, and its rows."""
    first = list(islice(table.rows, _LOOKED_AT))
    rows: _Rows = chain(first, table.rows)
    sample = [cells for _, cells in first if isinstance(cells, dict)]
    if not sample:
        if reasons := [reason for _, reason in first if isinstance(reason, str)]:
            raise InputError(f"{_place(file, table)}: holds no message: {reasons[0]}")
        return None, rows
    try:
        headings = list(dict.fromkeys(heading for cells in sample for heading in cells))
        if packed := _packed_column(sample, headings, data, mapping):
            columns = Columns.guess(
                [*(heading for heading in headings if heading != packed), *_UNPACKED_TEXT],
                data.aliases,
                data.roles,
                {name: heading for name, heading in (mapping or {}).items() if heading != packed},
                data.placeholders,
            )
            rows = _unpacked(rows, packed)
            sample = [cells for _, cells in _unpacked(iter(first), packed) if isinstance(cells, dict)]
        else:
            columns = Columns.guess(headings, data.aliases, data.roles, mapping, data.placeholders)
        _refuse_unclear(columns, sample)
    except InputError as error:
        raise InputError(f"{_place(file, table)}: {error}") from None
    return columns, rows


def _packed_column(
    sample: list[Cells], headings: list[str], data: AuditData, mapping: Mapping[str, Any] | None
) -> str | None:
    """Return the heading whose cells hold whole chats, if there is no column that says who speaks."""
    try:
        columns = Columns.guess([*headings, "\0"], data.aliases, data.roles, {**(mapping or {}), "role": "\0"})
    except InputError:
        return None
    text = columns.of["text"]
    if "sender" in columns.of or "role" in (mapping or {}):
        return None
    written = [str(cells[text]) for cells in sample if cells.get(text)]
    return text if written and 2 * sum(map(is_transcript, written)) > len(written) else None


def _unpacked(rows: _Rows, heading: str) -> _Rows:
    for source, cells in rows:
        if isinstance(cells, str) or not cells.get(heading):
            yield source, cells if isinstance(cells, str) else f"{heading} is empty"
            continue
        beside = {name: value for name, value in cells.items() if name != heading and name not in _UNPACKED_TEXT}
        for line, found in messages_in(str(cells[heading])):
            yield f"{source}#{line}", found if isinstance(found, str) else {**beside, **found}


def _refuse_unclear(columns: Columns, sample: list[Cells]) -> None:
    """Refuse a table in most rows of which nothing says who speaks.

    Raises:
        InputError: with the words that are not known, and what to write.
    """
    heading = columns.of.get("role") or columns.of["sender"]
    unclear = [cells for cells in sample if columns.role_of(cells) is None]
    if 2 * len(unclear) <= len(sample):
        return
    words = list(dict.fromkeys(str(cells.get(heading, "")) for cells in unclear))[:6]
    raise InputError(
        f"the column {heading!r} does not tell agent from buyer: it holds {', '.join(words)}; write which is which "
        'into a file and give it with --map:\n[roles]\nagent = ["name or word", "旗舰店:*"]\nbuyer = ["*"]'
    )
