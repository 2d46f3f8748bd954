"""What is done of an audit, kept on disk while it runs, so that one that was killed goes on where it stopped.

The folder holds the rows by conversation (``rows.sqlite``), the quarantine, the findings so far, and
``checkpoint.json``: how many runs are checked, and how long the findings were then. The checkpoint is replaced at once
after the findings are on disk; what was written behind it is cut off, so nothing is lost and nothing is double.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from compliance.errors import InputError

if sys.platform != "win32":
    import fcntl

__all__ = ["Work"]

_SEGMENT: Final = 2000
"""Runs between two checkpoints."""


@dataclass(slots=True)
class _Checkpoint:
    of: dict[str, Any]
    read: dict[str, Any] | None = None
    runs: int = 0
    length: int = 0


class Work:
    """The unfinished work of one audit in a folder of its own below the results.

    Attributes:
        changed: the items of ``of`` that differ from those of unfinished work that was there; it is not continued then.
    """

    def __init__(self, out: Path, of: dict[str, Any], restart: bool = False) -> None:
        """Take the folder, and what it holds if that is the same audit.

        Args:
            out: folder of the results; must be there.
            of: what the results depend on, as JSON: inputs, rules, options.
            restart: forget what is there.

        Raises:
            InputError: another process is working on it.
        """
        self.folder = out / ".unfinished"
        self.folder.mkdir(exist_ok=True)
        self._lock = _locked(self.folder)
        of = json.loads(json.dumps(of))
        before = None if restart else self._before()
        self.changed = [] if before is None else sorted(key for key in of if before.of.get(key) != of[key])
        if self.changed:
            before = None
        self._checkpoint = before or _Checkpoint(of)
        if before is None:
            self._forget()

    def __enter__(self) -> Work:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)

    @property
    def rows(self) -> Path:
        """The file of the rows by conversation."""
        return self.folder / "rows.sqlite"

    @property
    def quarantine(self) -> Path:
        """The file of the rows that could not be read."""
        return self.folder / "quarantine.jsonl"

    @property
    def read(self) -> dict[str, Any] | None:
        """What was counted while the log was read; ``None`` if it is not read to its end."""
        return self._checkpoint.read

    @property
    def runs(self) -> int:
        """Runs that are checked already."""
        return self._checkpoint.runs

    def note_read(self, counted: dict[str, Any]) -> None:
        """Note that the whole log is in the files."""
        self._checkpoint.read = counted
        self._save()

    def keep(self, checked: Iterable[tuple[Any, list[dict[str, Any]]]]) -> Iterator[Any]:
        """Write the records of runs that follow those checked already; yield what stands beside them."""
        with self._records.open("ab") as stream:
            stream.truncate(self._checkpoint.length)
            stream.seek(0, os.SEEK_END)
            number = self.runs
            for beside, records in checked:
                number += 1
                for record in records:
                    stream.write(json.dumps(record).encode() + b"\n")
                if number % _SEGMENT == 0:
                    self._note(stream, number)
                yield beside
            self._note(stream, number)

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield all records that were kept."""
        with self._records.open("rb") as stream:
            for line in stream:
                yield json.loads(line)

    def done(self) -> None:
        """Forget everything: the results are written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _records(self) -> Path:
        return self.folder / "findings.jsonl"

    def _note(self, stream: IO[bytes], runs: int) -> None:
        stream.flush()
        os.fsync(stream.fileno())
        self._checkpoint.runs, self._checkpoint.length = runs, stream.tell()
        self._save()

    def _save(self) -> None:
        new = self.folder / ".checkpoint.new"
        with new.open("w", encoding="utf-8") as stream:
            json.dump(asdict(self._checkpoint), stream)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self.folder / "checkpoint.json")

    def _before(self) -> _Checkpoint | None:
        try:
            found = _Checkpoint(**json.loads((self.folder / "checkpoint.json").read_text("utf-8")))
            whole = not found.length or self._records.stat().st_size >= found.length
        except (OSError, ValueError, TypeError):
            return None
        return found if whole and (found.read is None or self.rows.is_file()) else None

    def _forget(self) -> None:
        for file in self.folder.iterdir():
            if file.name != "lock":
                file.unlink()
        self._save()


def _locked(folder: Path) -> int:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    if sys.platform != "win32":
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not inherited by processes that outlive this one
        except OSError:
            os.close(descriptor)
            raise InputError(
                f"{folder.parent}: another audit is writing there; wait for it or choose another --out"
            ) from None
    return descriptor
