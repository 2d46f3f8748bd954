"""Replace lexicons, shop profiles and keys while requests are answered.

A changed lexicon is copied first, so that nobody edits it meanwhile, compiled and proven in another process, loaded
beside the old one, and only then put in its place, by all workers together. A lexicon that is broken never gets there;
what was served goes on, and :attr:`Reloader.status` and the log say so.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from compliance.checker import Checker
from compliance.collector import keep_what_lives
from compliance.errors import ComplianceError, LexiconError
from compliance.lexicon.store import default_folder, lexicon_hash, load_bundle
from compliance.serve.access import Access
from compliance.serve.candidate import defects
from compliance.serve.engine import Engine, Serving, Shops, read_shops, warm_changes
from compliance.serve.group import Group, group_folder
from compliance.serve.keys import load_keyring
from compliance.serve.logs import LOGGER
from compliance.serve.metrics import Metrics
from compliance.serve.settings import Settings

__all__ = ["Reloader", "Status"]

_TICK: Final = 0.2
"""Seconds between two looks at the other workers."""
_STEP: Final = 0.02
"""The same while all wait for each other."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the last reload went.

    Attributes:
        result: changed, unchanged or failed; ``None`` before the first.
        problems: why it failed, or which profiles and keys could not be read.
        refused: hash of the lexicon that was not taken.
        at: when, in ISO 8601.
    """

    result: str | None = None
    problems: tuple[str, ...] = ()
    refused: str | None = None
    at: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {"result": self.result, "at": self.at, "refused": self.refused, "problems": list(self.problems)}


class Reloader:
    """Watches files and the other workers, and reloads on their behalf or when asked."""

    def __init__(self, settings: Settings, engine: Engine, access: Access, metrics: Metrics) -> None:
        self._settings, self._engine, self._access, self._metrics = settings, engine, access, metrics
        self._folder = settings.lexicons or default_folder()
        self._one_at_a_time = threading.Lock()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._group: Group | None = None
        self._seen = self._look()
        self.status = Status()
        bundle = engine.serving.bundle
        metrics.serving(bundle.version, bundle.hash)

    def start(self) -> None:
        """Join the other workers and begin to watch."""
        folder = group_folder(self._settings.state)
        if folder is not None:
            self._group = Group(folder, self._engine.serving.bundle.hash)
            if any(member.serving != self._group.member.serving for member in self._group.members()):
                self.reload(tell_others=False)  # a worker that replaces another one begins where that one was
        self._thread = threading.Thread(target=self._run, name="reloader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and leave the other workers."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(5)
        if self._group is not None:
            self._group.leave()

    def ask(self) -> None:
        """Ask for a reload soon; returns at once."""
        self._wake.set()

    def workers(self) -> list[dict[str, Any]]:
        """Return every worker and the hash of what it serves."""
        if self._group is None:
            return [{"worker": os.getpid(), "bundle": self._engine.serving.bundle.hash}]
        return [{"worker": member.worker, "bundle": member.serving} for member in self._group.members()]

    def reload(self, *, tell_others: bool = True) -> Status:
        """Reload now and return how it went. Blocks, for as long as compiling takes; the old goes on meanwhile."""
        if tell_others and self._group is not None:
            self._group.call()
            self._group.called()
        with self._one_at_a_time:
            self._seen = self._look()
            try:
                status = self._reload()
            except LexiconError as error:
                status = Status("failed", tuple(map(str, error.problems)))
            except OSError as error:  # a file vanished while it was copied: the next look finds out
                status = Status("failed", (f"{error.filename}: {error.strerror}",))
                self._seen = ()
            self.status = replace(status, at=datetime.now(UTC).isoformat(timespec="seconds"))
        self._report()
        return self.status

    def _run(self) -> None:
        looked = time.monotonic()
        while not self._stop.is_set():
            asked = self._wake.wait(_TICK)
            if self._stop.is_set():
                return
            self._wake.clear()
            called = self._group is not None and self._group.called()
            if not (asked or called) and self._settings.watch:
                if time.monotonic() - looked < self._settings.watch_seconds:
                    continue
                looked = time.monotonic()
                asked = self._look() != self._seen
            if asked or called:
                self.reload(tell_others=not called)

    def _look(self) -> tuple[Any, ...]:
        """Return what changes when a watched file does, and with the day: exceptions of shops expire."""
        s = self._settings
        return (
            date.today(),
            *(stamp for root in (self._folder, s.profile, s.profiles, s.keys) for stamp in _stamps(root)),
        )

    def _reload(self) -> Status:
        before = self._engine.serving
        problems = self._read_keys()
        shops = read_shops(self._settings.profile, self._settings.profiles, before.shops)
        problems += shops.problems
        with self._copied() as (copy, digest):
            if digest == before.bundle.hash:
                if shops == before.shops:
                    return Status("unchanged", problems)
                after = Serving.build(before.checker, shops)
                after.warm_streams(before)
                self._engine.serving = after
                return Status("changed", problems)
            wrong = self._defects(copy, digest)
            if wrong:
                self._tell(refused=digest)
                return Status("failed", tuple(wrong), digest)
            after = self._prepare(copy, before, shops)
        self._tell(prepared=digest)
        if not self._all_ready(digest):
            self._tell(prepared=None)
            return Status("failed", ("another worker could not take this lexicon",), digest)
        self._engine.serving = after
        self._tell(serving=digest, prepared=None, refused=None)
        self._metrics.serving(after.bundle.version, digest, (before.bundle.version, before.bundle.hash))
        return Status("changed", problems)

    def _read_keys(self) -> tuple[str, ...]:
        if self._settings.keys is not None:
            try:
                self._access.keyring = load_keyring(self._settings.keys)
            except ComplianceError as error:
                return (str(error),)
        return ()

    def _copied(self) -> _Copy:
        base = self._group.folder if self._group is not None else None
        return _Copy(self._folder, base)

    def _defects(self, copy: Path, digest: str) -> list[str]:
        """Let one worker compile and prove the lexicon; the others wait and read what it found."""
        with self._group.alone() if self._group is not None else nullcontext():
            note = self._group.folder / f"proven-{digest}" if self._group is not None else None
            if note is not None and note.is_file():
                return note.read_text("utf-8").splitlines()
            found = defects(copy)
            if note is not None:
                note.write_text("\n".join(found), "utf-8")
            return found

    def _prepare(self, copy: Path, before: Serving, shops: Shops) -> Serving:
        bundle = load_bundle(copy)
        after = Serving.build(Checker(bundle), shops)
        keep_what_lives()
        warm_changes(after.checker, before.bundle)
        after.warm_streams(before)
        return after

    def _tell(self, **changes: str | None) -> None:
        if self._group is not None:
            self._group.tell(replace(self._group.member, **changes))  # type: ignore[arg-type]

    def _all_ready(self, digest: str) -> bool:
        """Wait until every worker can serve this bundle; ``False`` if one refused it."""
        if self._group is None:
            return True
        until = time.monotonic() + self._settings.switch_seconds
        while True:
            members = self._group.members()
            if any(member.refused == digest for member in members):
                return False
            late = [member.worker for member in members if digest not in (member.prepared, member.serving)]
            if not late:
                return True
            if time.monotonic() > until or self._stop.is_set():
                LOGGER.warning("switched without a worker", extra={"worker": late, "bundle": digest})
                return True
            time.sleep(_STEP)

    def _report(self) -> None:
        status, bundle = self.status, self._engine.serving.version
        self._metrics.reloads.labels(status.result).inc()
        extra = {"result": status.result, "bundle": bundle, "problems": list(status.problems[:10])}
        (LOGGER.error if status.problems else LOGGER.info)("reload", extra=extra)


class _Copy:
    """A private copy of a lexicon folder, and its hash; gone at the end of the block."""

    def __init__(self, source: Path, base: Path | None) -> None:
        self._source, self._base = source, base

    def __enter__(self) -> tuple[Path, str]:
        self._folder = Path(tempfile.mkdtemp(prefix="lexicons-", dir=self._base))
        copy = self._folder / "lexicons"
        try:
            if not self._source.is_dir():
                lexicon_hash(self._source)
            shutil.copytree(self._source, copy)
            return copy, lexicon_hash(copy)
        except shutil.Error as error:
            self.__exit__()
            raise OSError(0, "changed while it was copied", str(self._source)) from error
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _stamps(root: Path | None) -> Iterator[tuple[str, int, int]]:
    if root is None:
        return
    with suppress(OSError):
        if root.is_file():
            status = root.stat()
            yield str(root), status.st_mtime_ns, status.st_size
            return
        with os.scandir(root) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if not entry.name.startswith("."):
                    yield from _stamps(Path(entry.path))
