"""Bytes to text, as programs in China save it: by its mark, else UTF-8, else GB 18030; always strictly."""

from __future__ import annotations

import codecs
from typing import IO

__all__ = ["NotTextError", "decode", "encoding_of"]

_BLOCK = 1 << 20


class NotTextError(ValueError):
    """Bytes that are text in none of the ``encodings``; ``line`` is that of the first bad byte, from 1."""

    def __init__(self, encodings: tuple[str, ...], line: int) -> None:
        super().__init__(f"line {line} is not {' or '.join(encodings)} text")
        self.encodings, self.line = encodings, line


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text and its encoding; no character is ever replaced in silence.

    Raises:
        NotTextError: it is no text in the encoding, or, without one, in any that is tried.
        LookupError: the encoding is not known.
    """
    encodings = (encoding,) if encoding is not None else _likely(raw)
    line = 1
    for choice in encodings:
        try:
            return raw.decode(choice), choice
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
    raise NotTextError(encodings, line)


def encoding_of(stream: IO[bytes], encoding: str | None = None) -> str:
    """Return the encoding of a file of any size, read once from its beginning; afterwards it stands there again.

    Raises:
        NotTextError, LookupError: as :func:`decode` does.
    """
    stream.seek(0)
    encodings = (encoding,) if encoding is not None else _likely(stream.read(4))
    line = 1
    for choice in encodings:
        decoder = codecs.getincrementaldecoder(choice)()
        stream.seek(0)
        line, before = 1, b""
        try:
            while block := stream.read(_BLOCK):
                before = block
                decoder.decode(block)
                line += block.count(b"\n")
            before = b""
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += before[: max(0, error.start)].count(b"\n")
            continue
        stream.seek(0)
        return choice
    raise NotTextError(encodings, line)


def _likely(raw: bytes) -> tuple[str, ...]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig",) if raw.startswith(codecs.BOM_UTF8) else ("utf-8", "gb18030")
