"""Packed logs: gzip, and the files inside a zip. All is unpacked in memory and bounded; no name becomes a path."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

__all__ = ["PackedError", "gunzipped", "unzipped"]

MOST_BYTES: Final = 4 << 30
"""Unpacked, of one file and of all files of a zip together."""
MOST_FILES: Final = 20_000
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1


class PackedError(ValueError):
    """A packed file is damaged, locked, or too large; the text says which."""


def gunzipped(raw: bytes, most: int = MOST_BYTES) -> bytes:
    """Return what is packed.

    Raises:
        PackedError: it is damaged or larger than ``most`` bytes.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            data = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise PackedError(f"cannot be unpacked: {error}") from None
    if len(data) > most:
        raise PackedError(f"is larger than {most:,} bytes unpacked; split it")
    return data


def unzipped(raw: bytes, most: int = MOST_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the files in a zip, in its order; folders and hidden files are passed over.

    Names are those stored, with those of Chinese versions of Windows put right; use them to tell the user, never to
    write.

    Raises:
        PackedError: it is damaged, encrypted, or larger than ``most`` bytes in all.
    """
    left = most
    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                raise PackedError(f"holds more than {MOST_FILES:,} files; split it")
            for member in members:
                name = _name(member)
                if member.is_dir() or any(part.startswith((".", "__MACOSX")) for part in name.split("/")):
                    continue
                if member.flag_bits & _ENCRYPTED:
                    raise PackedError(f"{name} in it is locked with a password; unpack it first")
                with archive.open(member) as stream:  # what it says of its size is not trusted
                    data = stream.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise PackedError(f"is larger than {most:,} bytes unpacked; split it")
                yield name, data
    except (BadZipFile, OSError, EOFError, zlib.error, NotImplementedError) as error:
        raise PackedError(f"cannot be unpacked: {error}") from None


def _name(member: ZipInfo) -> str:
    name = member.filename
    if not member.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(part for part in parts if part.isprintable()) or "?"
