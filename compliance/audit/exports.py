"""The results for other tools: Parquet for queries, a workbook for people who live in Excel, a sheet for reviewers."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from compliance.audit.outputs import FINDING_COLUMNS, cell_of, whole
from compliance.errors import InputError

__all__ = [
    "FINDING_TYPES",
    "INDEX_COLUMNS",
    "MESSAGE_COLUMNS",
    "arrow",
    "columns_of",
    "records_of",
    "schema_of",
    "table_of",
    "write_parquet",
    "write_table",
    "write_tables",
    "write_workbook",
]

INDEX_COLUMNS: Final = {
    **dict.fromkeys(("source", "shop", "platform", "session", "buyer", "agent", "role"), "string"),
    "time": "timestamp",
    "digest": "string",
    "characters": "int",
}
MESSAGE_COLUMNS: Final = {**INDEX_COLUMNS, "findings": "int", "worst": "string"}
"""Of the index of messages; it holds no text. ``digest`` is that of a baseline, ``worst`` what its findings lead to."""
FINDING_TYPES: Final = {
    **dict.fromkeys((*FINDING_COLUMNS, "name", "entry", "technique"), "string"),
    "time": "timestamp",
    "start": "int",
    "end": "int",
}
_BATCH: Final = 10_000
_MOST_ROWS: Final = 200_000
_LONGEST_CELL: Final = 32_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HALF: Final = re.compile(r"[\ud800-\udfff]")

Record = Mapping[str, Any]


def records_of(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSONL file."""
    with file.open(encoding="utf-8", errors="surrogatepass") as lines:
        for line in lines:
            yield json.loads(line)


def write_parquet(file: Path, types: Mapping[str, str], records: Iterable[Record]) -> None:
    """Write records as Parquet, ten thousand at a time; what a record lacks becomes null.

    Args:
        file: takes its name when it is complete.
        types: column -> ``string``, ``int`` or ``timestamp`` (ISO text).
        records: to be written.

    Raises:
        InputError: the library is not installed.
    """
    write_tables(file, types, map(partial(table_of, types), _batches(records)))


def write_tables(file: Path, types: Mapping[str, str], tables: Iterable[Any]) -> None:
    """Write Arrow tables of these columns as one Parquet file.

    Raises:
        InputError: the library is not installed.
    """
    parquet = arrow()[1]
    with _complete(file) as part, parquet.ParquetWriter(part, schema_of(types), compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)


def table_of(types: Mapping[str, str], records: Sequence[Record]) -> Any:
    """Return records as an Arrow table."""
    return columns_of(types, [[record.get(name) for record in records] for name in types])


def columns_of(types: Mapping[str, str], columns: Iterable[Sequence[Any]]) -> Any:
    """Return columns of values as an Arrow table.

    Raises:
        InputError: the library is not installed.
    """
    pa, schema = arrow()[0], schema_of(types)
    arrays = [
        _array(pa, values, kind, field.type)
        for values, kind, field in zip(columns, types.values(), schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def schema_of(types: Mapping[str, str]) -> Any:
    """Return the Arrow schema of columns.

    Raises:
        InputError: the library is not installed.
    """
    pa = arrow()[0]
    known = {"string": pa.string(), "int": pa.int64(), "timestamp": pa.timestamp("us")}
    return pa.schema([(name, known[kind]) for name, kind in types.items()])


def arrow() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet module.

    Raises:
        InputError: the library is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an optional extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise InputError('Parquet needs pip install "compliance[audit]"') from None
    return pa, parquet


def _array(pa: Any, values: Sequence[Any], kind: str, type_: Any) -> Any:
    if kind == "timestamp":
        values = [datetime.fromisoformat(value) if isinstance(value, str) else value for value in values]
    try:
        return pa.array(values, type_)
    except (UnicodeError, pa.ArrowException, TypeError):  # half surrogate pairs, or numbers where text is wanted
        return pa.array([None if value is None else _HALF.sub("�", str(value)) for value in values], type_)


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    taken = iter(records)
    while batch := list(islice(taken, _BATCH)):
        yield batch


def write_table(file: Path, columns: Iterable[str], records: Iterable[Record]) -> None:
    """Write records as a CSV that Excel opens right and that runs no formula."""
    names = list(columns)
    with whole(file) as stream:
        stream.write("\ufeff")
        table = csv.writer(stream)
        table.writerow(names)
        table.writerows([cell_of(record.get(name)) for name in names] for record in records)


def write_workbook(file: Path, sheets: Mapping[str, tuple[Mapping[str, str], Iterable[Record]]]) -> None:
    """Write a workbook of (heading by column, records) by sheet; text is text, whatever it begins with.

    A sheet that is longer than Excel works with at ease ends with a line that says so.

    Raises:
        InputError: the library is not installed.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415  an optional extra
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
        from openpyxl.styles import Font  # noqa: PLC0415
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
    except ImportError:
        raise InputError('workbooks need pip install "compliance[audit]"') from None
    book = Workbook(write_only=True)
    for title, (headings, records) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, name in enumerate(headings, 1):
            sheet.column_dimensions[get_column_letter(number)].width = 60 if name == "text" else 16

        def cell(value: Any, bold: bool = False, sheet: Any = sheet) -> Any:
            if value is None or isinstance(value, int | float):
                return value
            made = WriteOnlyCell(sheet, _HALF.sub("�", _CONTROL.sub("", str(value)))[:_LONGEST_CELL])
            made.data_type = "s"
            if bold:
                made.font = Font(bold=True)
            return made

        sheet.append([cell(heading, bold=True) for heading in headings.values()])
        taken = iter(records)
        for record in islice(taken, _MOST_ROWS):
            sheet.append([cell(record.get(name)) for name in headings])
        if next(taken, None) is not None:
            sheet.append([cell(f"只列出前 {_MOST_ROWS} 行，其余见 findings.csv")])
    with _complete(file) as part:
        book.save(part)


@contextmanager
def _complete(file: Path) -> Iterator[Path]:
    part = file.with_name(f".{file.name}.part")
    try:
        yield part
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(file)
