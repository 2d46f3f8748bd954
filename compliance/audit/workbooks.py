"""Rows of Excel workbooks, old (XLS) and new (XLSX)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from zipfile import BadZipFile

from compliance.errors import InputError

__all__ = ["xls_rows", "xlsx_rows"]

Cells = dict[str, Any]
_EXTRA = 'pip install "compliance[audit]"'


def xlsx_rows(name: str, raw: IO[bytes]) -> Iterator[tuple[str, Cells | str]]:
    """Yield (place, cells by heading) of the first sheet that holds something, and of its continuations.

    A sheet with the same headings is a continuation, as a sheet holds a million rows at most; of any other sheet one
    reason says that it is not read.

    Raises:
        InputError: it is no workbook that can be read, or the library is not installed.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  an optional extra
    except ImportError:
        raise InputError(f"{name}: reading workbooks needs {_EXTRA}") from None
    try:
        book = load_workbook(raw, read_only=True, data_only=True)
        yield from _continued((sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, SyntaxError, BadZipFile) as error:
        raise InputError(f"{name}: is no workbook that can be read: {error}") from None


def xls_rows(name: str, raw: IO[bytes]) -> Iterator[tuple[str, Cells | str]]:
    """Yield the rows of an old workbook as :func:`xlsx_rows` does.

    Raises:
        InputError: it is no workbook that can be read, or the library is not installed.
    """
    try:
        import xlrd  # noqa: PLC0415  an optional extra
    except ImportError:
        raise InputError(f"{name}: reading old workbooks needs {_EXTRA}") from None

    def value(cell: Any, mode: int) -> Any:
        if cell.ctype == xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(cell.value, mode)
        return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR) else cell.value

    try:
        book = xlrd.open_workbook(file_contents=raw.read())
        yield from _continued(
            (sheet.name, (tuple(value(cell, book.datemode) for cell in row) for row in sheet.get_rows()))
            for sheet in book.sheets()
        )
    except (xlrd.XLRDError, OSError, ValueError, IndexError, KeyError, AssertionError) as error:
        raise InputError(f"{name}: is no workbook that can be read: {error}") from None


def _continued(sheets: Iterator[tuple[str, Iterator[tuple[Any, ...]]]]) -> Iterator[tuple[str, Cells | str]]:
    first: list[str] | None = None
    for title, rows in sheets:
        headings = [str(cell if cell is not None else "").strip() for cell in next(rows, ())]
        if not any(headings):
            continue
        if first is not None and headings != first:
            yield f"{title}!1", f"the sheet {title!r} has other headings than the first and is not read"
            continue
        before, first = first, headings
        for number, cells in enumerate(rows, 2):
            if any(cell is not None and cell != "" for cell in cells):
                yield (
                    f"{title}!{number}" if before else str(number),
                    dict(zip(headings, map(_plain, cells), strict=False)),
                )


def _plain(cell: Any) -> Any:
    """Return whole numbers without a decimal point; those beyond 15 digits were rounded and are left to show it."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else cell
