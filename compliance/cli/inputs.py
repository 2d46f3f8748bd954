"""Read messages from files and pipes, whatever program saved them."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from compliance.errors import InputError

__all__ = ["Located", "decoded_lines", "messages_from", "names_file"]


@dataclass(frozen=True, slots=True)
class Located:
    """One message and where it came from; ``line`` counts from 1."""

    origin: str
    line: int
    text: str


def messages_from(arguments: Iterable[str]) -> Iterator[Located]:
    """Yield the messages of the command's arguments: a file holds one a line, ``-`` is standard input.

    What names no file is a message itself, unless it looks like a path.

    Raises:
        InputError: a file that is not there, cannot be read, or is not text.
    """
    for argument in arguments:
        if argument == "-":
            yield from _lines("<stdin>", sys.stdin.buffer)
        elif names_file(argument):
            try:
                with open(argument, "rb") as stream:
                    yield from _lines(argument, stream)
            except OSError as error:
                raise InputError(f"{argument}: cannot be read: {error.strerror}") from None
        else:
            yield Located("<text>", 1, argument)


def names_file(argument: str) -> bool:
    """Tell whether an argument is a file rather than a message.

    Raises:
        InputError: a folder, or what is surely meant as a file but is not there.
    """
    if not argument:
        return False
    try:
        path = Path(argument)
        if path.is_file():
            return True
        if path.is_dir():
            raise InputError(f"{argument}: is a folder; name files")
    except (OSError, ValueError):  # too long for a path, or with NUL in it: surely a message
        return False
    if path.suffix in {".txt", ".log", ".csv", ".jsonl", ".json", ".md"} and " " not in argument:
        raise InputError(f"{argument}: there is no such file")
    return False


def _lines(origin: str, stream: BinaryIO) -> Iterator[Located]:
    for number, line in enumerate(decoded_lines(origin, stream), 1):
        message = line.rstrip("\r\n")
        if message.strip():
            yield Located(origin, number, message)


def decoded_lines(origin: str, stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of a byte stream: UTF-8, UTF-16 with a mark, or GB 18030 as Excel saves it in China.

    Raises:
        InputError: a line is none of these; the text names it.
    """
    encoding = "utf-8"
    for number, raw in enumerate(stream, 1):
        line = raw
        if number == 1:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                yield from _utf16(origin, line + stream.read())
                return
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            yield line.decode(encoding)
            continue
        except UnicodeDecodeError:
            other = "gb18030" if encoding == "utf-8" else "utf-8"
        try:
            yield line.decode(other)
        except UnicodeDecodeError:
            raise InputError(f"{origin}: line {number} is neither UTF-8 nor GBK text; save it again as UTF-8") from None
        encoding = other


def _utf16(origin: str, content: bytes) -> Iterator[str]:
    try:
        yield from content.decode("utf-16").splitlines(keepends=True)
    except UnicodeDecodeError:
        raise InputError(f"{origin}: is not valid UTF-16; save it again as UTF-8") from None
