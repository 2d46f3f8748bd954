"""How the workers of one service agree on a lexicon: small files in a folder that only they use.

Every worker holds a lock on a file of its own, so the others see who is alive without asking, and a worker that is
killed leaves nothing behind that counts. The file says what its worker serves, what it has prepared to serve, and what
it refused.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from compliance.private_cache import cache_folder

if sys.platform != "win32":
    import fcntl

__all__ = ["Group", "Member", "group_folder"]


_OLD = 86_400.0
"""Seconds after which the folder of a service without living workers is removed."""


@dataclass(frozen=True, slots=True)
class Member:
    """One worker: hashes of what it serves, what it is ready to serve next, and what it last refused."""

    worker: int
    serving: str
    prepared: str | None = None
    refused: str | None = None


def group_folder(state: Path | None) -> Path | None:
    """Return the folder of this service's workers, or ``None`` where no private folder can be had.

    Workers belong together that ``compliance serve`` or ``uvicorn --workers`` started, or that share
    ``COMPLIANCE_GROUP``.
    """
    base = cache_folder() if state is None else state
    if base is None or sys.platform == "win32":
        return None
    _sweep(base / "serve")
    parent = multiprocessing.parent_process()
    name = os.environ.get("COMPLIANCE_GROUP") or f"p{parent.pid if parent else os.getpid()}"
    folder = base / "serve" / f"group-{name}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    """Remove what services left behind that were killed long ago."""
    for old in folder.glob("group-*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _OLD and all(map(_remove_if_dead, old.glob("worker-*.json"))):
                shutil.rmtree(old, ignore_errors=True)


class Group:
    """The workers as one of them sees them."""

    def __init__(self, folder: Path, serving: str) -> None:
        self.folder = folder
        self.worker = os.getpid()
        self._call = folder / "call"
        for left in folder.glob("worker-*.json"):
            _remove_if_dead(left)
        self._file = folder / f"worker-{self.worker}.json"
        self._descriptor = self._claim()
        if not self._call.exists():
            self._call.touch()
        self._heard = self._call.stat().st_mtime_ns
        self.member = Member(self.worker, serving)
        self.tell(self.member)

    def _claim(self) -> int:
        """Create our file and lock it; another worker may have removed it in between, taking it for a dead one's."""
        while True:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            with suppress(OSError):
                if self._file.stat().st_ino == os.fstat(descriptor).st_ino:
                    return descriptor
            os.close(descriptor)

    def tell(self, member: Member) -> None:
        """Let the others know."""
        self.member = member
        content = json.dumps(asdict(member)).encode()
        os.pwrite(self._descriptor, content.ljust(400), 0)

    def members(self) -> list[Member]:
        """Return all living workers, this one included."""
        found = [self.member]
        for file in sorted(self.folder.glob("worker-*.json")):
            if file != self._file and not _remove_if_dead(file):
                with suppress(OSError, ValueError, TypeError):
                    found.append(Member(**json.loads(file.read_bytes())))
        return sorted(found, key=lambda member: member.worker)

    def call(self) -> None:
        """Ask all workers to look for changes now."""
        self._call.touch()

    def called(self) -> bool:
        """Tell whether a worker has asked since the last look."""
        with suppress(OSError):
            now = self._call.stat().st_mtime_ns
            if now != self._heard:
                self._heard = now
                return True
        return False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one worker at a time into the block."""
        descriptor = os.open(self.folder / "build.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def leave(self) -> None:
        """Be no worker any more; the last one removes the folder."""
        with suppress(OSError):
            self._file.unlink()
        with suppress(OSError):
            os.close(self._descriptor)
        if not any(self.folder.glob("worker-*.json")):
            shutil.rmtree(self.folder, ignore_errors=True)


def _remove_if_dead(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        with suppress(OSError):
            file.unlink()
        return True
    finally:
        os.close(descriptor)
