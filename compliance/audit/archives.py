"""Packed logs: gzip, and the files inside a zip.

What is unpacked is bounded, and lies on disk if it is large, in a file without a name: no name in a zip becomes a path.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

__all__ = ["PackedError", "gunzipped", "unzipped"]

MOST_BYTES: Final = 4 << 30
"""Unpacked, of one file and of all files of a zip together."""
MOST_FILES: Final = 20_000
_IN_MEMORY: Final = 8 << 20
"""Bytes from which on a file goes to disk."""
_BLOCK: Final = 1 << 20
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1


class PackedError(ValueError):
    """A packed file is damaged, locked, or too large; the text says which."""


@contextmanager
def gunzipped(packed: IO[bytes], most: int = MOST_BYTES) -> Iterator[IO[bytes]]:
    """Give what is packed, as a file that is read from its beginning.

    Raises:
        PackedError: it is damaged or larger than ``most`` bytes.
    """
    with SpooledTemporaryFile(_IN_MEMORY) as unpacked:
        try:
            with gzip.GzipFile(fileobj=packed) as stream:
                _copy(stream, unpacked, most, most)
        except (OSError, EOFError, zlib.error) as error:
            raise PackedError(f"cannot be unpacked: {error}") from None
        yield unpacked


def _copy(source: IO[bytes] | gzip.GzipFile, target: IO[bytes], left: int, most: int) -> int:
    """Copy a file and return its size; the target then stands at its beginning.

    Raises:
        PackedError: it is larger than what is ``left`` of ``most`` bytes.
    """
    size = 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > left:
            raise PackedError(f"is larger than {most:,} bytes unpacked; split it")
        target.write(block)
    target.seek(0)
    return size


def unzipped(packed: IO[bytes], most: int = MOST_BYTES) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield (name, content) of the files in a zip, in its order; folders and hidden files are passed over.

    A file is to be read before the next is asked for.

    Names are those stored, with those of Chinese versions of Windows put right; use them to tell the user, never to
    write.

    Raises:
        PackedError: it is damaged, encrypted, or larger than ``most`` bytes in all.
    """
    left = most
    try:
        with ZipFile(packed) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                raise PackedError(f"holds more than {MOST_FILES:,} files; split it")
            for member in members:
                name = _name(member)
                if member.is_dir() or any(part.startswith((".", "__MACOSX")) for part in name.split("/")):
                    continue
                if member.flag_bits & _ENCRYPTED:
                    raise PackedError(f"{name} in it is locked with a password; unpack it first")
                with SpooledTemporaryFile(_IN_MEMORY) as unpacked:
                    with archive.open(member) as stream:  # what it says of its size is not trusted
                        left -= _copy(stream, unpacked, left, most)
                    yield name, unpacked
    except (BadZipFile, OSError, EOFError, zlib.error, NotImplementedError) as error:
        raise PackedError(f"cannot be unpacked: {error}") from None


def _name(member: ZipInfo) -> str:
    name = member.filename
    if not member.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(part for part in parts if part.isprintable()) or "?"
