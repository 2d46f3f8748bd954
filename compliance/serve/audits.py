"""Uploaded chat logs and their reports, each in a folder of its own that only the service's user can read.

The state of an audit is a file that its process writes. That process holds a lock as long as it lives, so one that was
killed is told from one that still works.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from compliance.audit.tables import SUFFIXES, suffix_of
from compliance.errors import InputError

if sys.platform != "win32":
    import fcntl

__all__ = ["OUTPUTS", "AuditStore", "hold_lock", "write_state"]

OUTPUTS: Final = {
    "report.html": "text/html; charset=utf-8",
    "findings.csv": "text/csv; charset=utf-8",
    "findings.jsonl": "application/x-ndjson",
    "findings.parquet": "application/vnd.apache.parquet",
    "messages.parquet": "application/vnd.apache.parquet",
    "audit.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "metrics.json": "application/json",
    "scores.json": "application/json",
    "quarantine.jsonl": "application/x-ndjson",
    "manifest.json": "application/json",
}
"""What an audit writes, and what it is served as."""
_ID: Final = re.compile(r"[0-9a-f]{16}")
_MOST: Final = 100
"""Audits that are kept at the same time."""
_INTERRUPTED: Final = "the audit was interrupted; upload the log again"


class AuditStore:
    """The audits of a service, whichever of its workers took them."""

    def __init__(self, folder: Path, days: float) -> None:
        self._folder, self._days = folder, days
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def begin(self, name: str, owner: str | None) -> tuple[str, Path]:
        """Make room for an audit; return its id and the file that takes the log.

        Raises:
            InputError: the name tells no known format, or too many audits are kept.
        """
        self.sweep()
        suffix = _suffix(name)
        if sum(1 for _ in self._ids()) >= _MOST:
            raise InputError(f"{_MOST} audits are kept already; delete some")
        id_ = secrets.token_hex(8)
        folder = self._folder / id_
        folder.mkdir(mode=0o700)
        shown = {"id": id_, "name": name[-100:], "state": "waiting", "created": _now(), "error": None}
        write_state(folder, {**shown, "owner": owner, "worker": os.getpid()})
        return id_, folder / f"log{suffix}"

    def get(self, id_: str, owner: str | None) -> dict[str, Any] | None:
        """Return the state of an audit, or ``None`` if there is none of this id and owner."""
        folder = self.folder(id_)
        state = None if folder is None else _read_state(folder)
        if folder is None or state is None or state.pop("owner", None) != owner:
            return None
        lives = _alive(state.pop("worker")) if state["state"] == "waiting" else _locked(folder)
        state.pop("worker", None)
        if state["state"] in ("waiting", "running") and not lives:
            state |= {"state": "failed", "error": _INTERRUPTED}
        out = folder / "out"
        state["files"] = [name for name in OUTPUTS if (out / name).is_file()] if state["state"] == "done" else []
        return state

    def all(self, owner: str | None) -> list[dict[str, Any]]:
        """Return the audits of an owner, newest first."""
        found = (self.get(id_, owner) for id_ in self._ids())
        return sorted((state for state in found if state), key=lambda state: state["created"], reverse=True)

    def output(self, id_: str, name: str, owner: str | None) -> Path | None:
        """Return a file that an audit wrote."""
        state, folder = self.get(id_, owner), self.folder(id_)
        return folder / "out" / name if state and folder and name in state["files"] else None

    def folder(self, id_: str) -> Path | None:
        """Return the folder of an audit; ``None`` for anything that is no id."""
        return self._folder / id_ if _ID.fullmatch(id_) else None

    def remove(self, id_: str) -> None:
        """Forget an audit and its log; a process that still works on it ends by itself."""
        if (folder := self.folder(id_)) is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Forget what is too old."""
        for id_ in self._ids():
            with suppress(OSError):
                if time.time() - (self._folder / id_).stat().st_mtime > self._days * 86_400:
                    self.remove(id_)

    def _ids(self) -> Iterator[str]:
        return (entry.name for entry in self._folder.iterdir() if _ID.fullmatch(entry.name))


def write_state(folder: Path, state: dict[str, Any]) -> None:
    """Replace the state of an audit at once."""
    new = folder / ".state.new"
    new.write_text(json.dumps(state), "utf-8")
    new.replace(folder / "state.json")


def hold_lock(folder: Path) -> int:
    """Tell others that the audit in this folder is being worked on, until the process ends."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    if sys.platform != "win32":
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _locked(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return sys.platform == "win32"


def _alive(worker: int) -> bool:
    try:
        os.kill(worker, 0)
    except OSError:
        return False
    return True


def _read_state(folder: Path) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = json.loads((folder / "state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return state


def _suffix(name: str) -> str:
    file = Path(name)
    kind = suffix_of(file)
    if kind not in SUFFIXES:
        raise InputError(f"name must end in one of {', '.join(sorted(SUFFIXES))}, also with .gz")
    return kind + (".gz" if file.suffix.lower() == ".gz" else "")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
