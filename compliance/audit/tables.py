"""Read chat logs as tables of named cells: CSV, TSV, JSON, JSONL, XLSX, XLS, Parquet, plain text, and packed ones.

Text is UTF-8 (with or without a mark), UTF-16 with one, or GB18030, decoded strictly: no character is ever replaced in
silence. Files that hold a message on a line are read line by line, whatever their size.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath, PurePosixPath
from typing import IO, Any

from compliance.audit.archives import PackedError, gunzipped, unzipped
from compliance.audit.transcripts import messages_in
from compliance.audit.workbooks import xls_rows, xlsx_rows
from compliance.encodings import NotTextError, encoding_of
from compliance.errors import InputError

__all__ = ["SUFFIXES", "Cells", "Table", "files_below", "names_of", "suffix_of", "tables_of"]

Cells = dict[str, Any]
Places = Iterator[tuple[str, "Cells | str"]]
_LONGEST_CELL = 2**31 - 1
"""A cell may hold a whole chat."""
_EXTRA = 'pip install "compliance[audit]"'


@dataclass(frozen=True, slots=True)
class Table:
    """One log: a file, or a file inside a zip.

    Attributes:
        name: as the user knows it; ``chats.zip/a.csv`` inside a zip.
        rows: (place, cells by heading), read as they are taken; the cells are a reason where a row cannot be read.
    """

    name: str
    rows: Places


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


def names_of(files: Sequence[PurePath]) -> list[str]:
    """Return what to call each file: its name, or as much of its path as tells it from the others."""
    parts = 1
    while True:
        names = ["/".join(file.parts[-parts:]) for file in files]
        if len(set(names)) == len(set(files)) or parts > max((len(file.parts) for file in files), default=0):
            return names
        parts += 1


def tables_of(file: Path, encoding: str | None = None, name: str | None = None) -> Iterator[Table]:
    """Yield the tables of a file: one, or those of the logs inside a zip; ``name`` is what to call it.

    Raises:
        InputError: the format is unknown, or the file cannot be read, unpacked or decoded.
    """
    if suffix_of(file) not in SUFFIXES:
        raise InputError(f"{file}: unknown format; known are {', '.join(sorted(SUFFIXES))}, also with .gz")
    try:
        stream = file.open("rb")
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error}") from None
    with stream:
        yield from _opened(name or file.name, PurePosixPath(file.name), stream, encoding, packed=False)


def _opened(name: str, path: PurePosixPath, raw: IO[bytes], encoding: str | None, packed: bool) -> Iterator[Table]:
    """Yield the tables of an open file; their rows are to be taken before the next is asked for."""
    try:
        with gunzipped(raw) if path.suffix.lower() == ".gz" else nullcontext(raw) as unpacked:
            suffix = suffix_of(path)
            if suffix != ".zip":
                rows = SUFFIXES[suffix](name, unpacked, encoding)
                yield Table(name, ((f"{name}:{place}", cells) for place, cells in rows))
                return
            logs = 0
            for inner, data in unzipped(unpacked):
                inside = PurePosixPath(inner)
                if suffix_of(inside) in SUFFIXES and not (suffix_of(inside) == ".zip" or packed):
                    logs += 1
                    yield from _opened(f"{name}/{inner}", inside, data, encoding, packed=True)
    except PackedError as error:
        raise InputError(f"{name}: {error}") from None
    if not logs:
        raise InputError(f"{name}: holds no chat log ({', '.join(sorted(SUFFIXES.keys() - {'.zip'}))})")


def suffix_of(file: Path | PurePosixPath) -> str:
    """Return the ending that tells the format, in small letters; that of the packed file for ``.gz``."""
    return PurePosixPath(file.stem).suffix.lower() if file.suffix.lower() == ".gz" else file.suffix.lower()


@contextmanager
def _text(name: str, raw: IO[bytes], encoding: str | None, newline: str = "") -> Iterator[io.TextIOWrapper]:
    """Give a file as text, after all of it was found to be text."""
    try:
        found = encoding_of(raw, encoding)
    except LookupError:
        raise InputError(f"unknown encoding {encoding!r}") from None
    except NotTextError as error:
        choices = " or ".join(error.encodings)
        raise InputError(f"{name}:{error.line}: is not {choices} text; name its encoding with --encoding") from None
    text = io.TextIOWrapper(raw, found, newline=newline)
    try:
        yield text
    finally:
        text.detach()


def _csv(name: str, raw: IO[bytes], encoding: str | None) -> Places:
    with _text(name, raw, encoding) as text:
        yield from _csv_rows(text)


def _csv_rows(text: io.TextIOWrapper) -> Places:
    first = text.readline()
    reader = csv.reader(chain([first], text), delimiter="\t" if "\t" in first else ",")
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        headings = next(reader, None)
        if headings is None:
            return
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) > len(headings):
                yield str(reader.line_num), f"{len(cells)} cells under {len(headings)} headings"
            else:
                yield str(reader.line_num), dict(zip(headings, cells, strict=False))
    except csv.Error as error:
        yield str(reader.line_num), str(error)
    finally:
        csv.field_size_limit(limit)


def _jsonl(name: str, raw: IO[bytes], encoding: str | None) -> Places:
    with _text(name, raw, encoding, "\n") as text:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                cells = json.loads(line)
            except (ValueError, RecursionError):
                cells = None
            yield str(number), cells if isinstance(cells, dict) else "is no JSON object"


def _json(name: str, raw: IO[bytes], encoding: str | None) -> Places:
    try:
        with _text(name, raw, encoding) as text:
            data = json.load(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: is no JSON: {error}") from None
    messages = _innermost(data, {}) if isinstance(data, dict | list) else iter(())
    empty = True
    for number, item in enumerate(messages, 1):
        empty = False
        yield str(number), item if isinstance(item, dict) else "is no JSON object"
    if empty and data != []:
        raise InputError(f"{name}: holds no list of messages")


_DEEPEST = 4


def _innermost(data: Any, outer: Cells, depth: int = 0) -> Iterator[Any]:
    """Yield the items of the innermost lists of objects, each with what stands beside the lists it is in."""
    if isinstance(data, list):
        for item in data:
            if isinstance(item, dict) and depth < _DEEPEST and _lists(item):
                yield from _innermost(item, outer, depth)
            else:
                yield {**outer, **item} if isinstance(item, dict) else item
    else:
        beside = {key: value for key, value in data.items() if isinstance(value, str | int | float)}
        for inner in _lists(data):
            yield from _innermost(inner, {**outer, **beside}, depth + 1)


def _lists(item: Cells) -> list[list[Any]]:
    lists = (value for value in item.values() if isinstance(value, list))
    return [value for value in lists if value and all(isinstance(inner, dict) for inner in value)]


def _parquet(name: str, raw: IO[bytes], _: str | None) -> Places:
    try:
        import pyarrow as pa  # noqa: PLC0415  an optional extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise InputError(f"{name}: reading Parquet needs {_EXTRA}") from None
    try:
        number = 0
        for batch in parquet.ParquetFile(raw).iter_batches():
            for cells in batch.to_pylist():
                number += 1
                yield str(number), cells
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name}: is no Parquet file that can be read: {error}") from None


def _txt(name: str, raw: IO[bytes], encoding: str | None) -> Places:
    with _text(name, raw, encoding) as text:
        said = text.read()
    yield from ((str(line), cells) for line, cells in messages_in(said))


def _no_table(name: str, _raw: IO[bytes], _encoding: str | None) -> Places:
    raise AssertionError(name)  # a zip is opened before


SUFFIXES: dict[str, Callable[[str, IO[bytes], str | None], Places]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".xlsx": lambda name, raw, _: xlsx_rows(name, raw),
    ".xls": lambda name, raw, _: xls_rows(name, raw),
    ".parquet": _parquet,
    ".txt": _txt,
    ".zip": _no_table,
}
"""Readers by ending."""
