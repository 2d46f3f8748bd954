"""Read a chat log as rows of named cells: CSV, TSV, JSON, JSONL, XLSX and Parquet, plain or compressed with gzip.

Text is UTF-8 (with or without a mark) or GB18030, decoded strictly: no character is ever replaced in silence.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from compliance.encodings import NotTextError, decode
from compliance.errors import InputError

__all__ = ["SUFFIXES", "cells_of", "files_below", "suffix_of"]

Cells = dict[str, Any]
_EXTRA = 'pip install "compliance[audit]"'


def files_below(paths: list[Path]) -> list[Path]:
    """Return the files named, and the logs inside the folders named, in order.

    Raises:
        InputError: a path is not there, or a folder holds no log.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file() and suffix_of(file) in SUFFIXES)
            if not inside:
                raise InputError(f"{path}: holds no chat log ({', '.join(sorted(SUFFIXES))})")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise InputError(f"{path}: is not there")
    return found


def cells_of(file: Path, encoding: str | None = None) -> Iterator[tuple[str, Cells | str]]:
    """Yield (place, cells by heading) for every row; the cells are a reason where a row cannot be read.

    Raises:
        InputError: the format is unknown, or the file cannot be read or decoded.
    """
    reader = SUFFIXES.get(suffix_of(file))
    if reader is None:
        raise InputError(f"{file}: unknown format; known are {', '.join(sorted(SUFFIXES))}, also with .gz")
    try:
        raw = file.read_bytes()
        raw = gzip.decompress(raw) if file.suffix.lower() == ".gz" else raw
    except (OSError, EOFError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None
    for number, cells in reader(file, raw, encoding):
        yield f"{file.name}:{number}", cells


def suffix_of(file: Path) -> str:
    """Return the ending that tells the format, in small letters; that of the packed file for ``.gz``."""
    return Path(file.stem).suffix.lower() if file.suffix.lower() == ".gz" else file.suffix.lower()


def _decoded(file: Path, raw: bytes, encoding: str | None) -> str:
    try:
        return decode(raw, encoding)[0]
    except LookupError:
        raise InputError(f"unknown encoding {encoding!r}") from None
    except NotTextError as error:
        choices = " or ".join(error.encodings)
        raise InputError(f"{file}:{error.line}: is not {choices} text; name its encoding with --encoding") from None


def _csv(file: Path, raw: bytes, encoding: str | None) -> Iterator[tuple[int, Cells | str]]:
    text = _decoded(file, raw, encoding)
    delimiter = "\t" if suffix_of(file) == ".tsv" or "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headings = next(reader, None)
        if headings is None:
            return
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) > len(headings):
                yield reader.line_num, f"{len(cells)} cells under {len(headings)} headings"
            else:
                yield reader.line_num, dict(zip(headings, cells, strict=False))
    except csv.Error as error:
        yield reader.line_num, str(error)


def _jsonl(file: Path, raw: bytes, encoding: str | None) -> Iterator[tuple[int, Cells | str]]:
    for number, line in enumerate(_decoded(file, raw, encoding).splitlines(), 1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
        except ValueError:
            cells = None
        yield number, cells if isinstance(cells, dict) else "is no JSON object"


def _json(file: Path, raw: bytes, encoding: str | None) -> Iterator[tuple[int, Cells | str]]:
    try:
        items = json.loads(_decoded(file, raw, encoding))
    except ValueError as error:
        raise InputError(f"{file}: is no JSON: {error}") from None
    if not isinstance(items, list):
        raise InputError(f"{file}: is no list of messages")
    for number, item in enumerate(items, 1):
        yield number, item if isinstance(item, dict) else "is no JSON object"


def _xlsx(file: Path, raw: bytes, _: str | None) -> Iterator[tuple[int, Cells | str]]:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  an optional extra
    except ImportError:
        raise InputError(f"{file}: reading workbooks needs {_EXTRA}") from None
    try:
        sheet = load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        headings = [str(cell or "") for cell in next(rows, ())]
        for number, cells in enumerate(rows, 2):
            if any(cell is not None for cell in cells):
                yield number, dict(zip(headings, cells, strict=False))
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise InputError(f"{file}: is no workbook that can be read: {error}") from None


def _parquet(file: Path, raw: bytes, _: str | None) -> Iterator[tuple[int, Cells | str]]:
    try:
        import pyarrow as pa  # noqa: PLC0415  an optional extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise InputError(f"{file}: reading Parquet needs {_EXTRA}") from None
    try:
        number = 0
        for batch in parquet.ParquetFile(pa.BufferReader(raw)).iter_batches():
            for cells in batch.to_pylist():
                number += 1
                yield number, cells
    except pa.ArrowException as error:
        raise InputError(f"{file}: is no Parquet file that can be read: {error}") from None


SUFFIXES: dict[str, Callable[[Path, bytes, str | None], Iterator[tuple[int, Cells | str]]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
}
