"""Several workers: load once, fork, watch over them.

The parent loads lexicons and segmentation before it forks, so workers share that memory, and one that dies is replaced
at once. All take connections from one socket. Signals go on to the workers: TERM and INT stop them, HUP reloads. When
the parent is killed, its workers drain and stop by themselves: nobody else would tell them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from compliance.serve.logs import LOGGER, place_of

__all__ = ["run_workers"]

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_YOUNG: Final = 5.0
"""A worker that dies within so many seconds failed to start."""
_MOST_FAILURES: Final = 5
"""In a row; then the service gives up."""
_LAST_RESORT: Final = 45.0
"""Seconds after which workers that do not stop are killed."""


def run_workers(count: int, work: Callable[[], None], counters: Path | None) -> int:
    """Keep ``count`` processes busy with ``work`` until told to stop; return the exit code.

    Args:
        count: number of processes.
        work: what each does; it returns when its process is told to stop.
        counters: folder of the workers' numbers, tidied when one ends.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    watched, held = os.pipe()  # the parent holds one end for as long as it lives
    born: dict[int, float] = {}
    failures = 0
    stopping: float | None = None

    def start() -> None:
        pid = os.fork()
        if pid == 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(held)
            threading.Thread(target=_stop_with_parent, args=(watched,), daemon=True).start()
            os._exit(_worker(work))
        born[pid] = time.monotonic()

    for _ in range(count):
        start()
    while born:
        told = signal.sigtimedwait(_SIGNALS, 1.0)
        if told is not None and told.si_signo != signal.SIGCHLD:
            if told.si_signo != signal.SIGHUP:
                stopping = stopping or time.monotonic()
                LOGGER.info("stopping", extra={"signal": signal.Signals(told.si_signo).name})
            _tell(born, told.si_signo)
        if stopping is not None and time.monotonic() - stopping > _LAST_RESORT:
            _tell(born, signal.SIGKILL)
        for pid in _ended(born):
            young = time.monotonic() - born.pop(pid) < _YOUNG
            _tidy(counters, pid)
            if stopping is None:
                failures = failures + 1 if young else 0
                LOGGER.error("worker ended", extra={"worker": pid})
                if failures >= _MOST_FAILURES:
                    LOGGER.error("giving up: workers do not start")
                    stopping = time.monotonic()
                    _tell(born, signal.SIGTERM)
                else:
                    time.sleep(0.5 * failures)
                    start()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(watched)
    os.close(held)
    if counters is not None:
        shutil.rmtree(counters, ignore_errors=True)
    return 1 if failures >= _MOST_FAILURES else 0


def _worker(work: Callable[[], None]) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):  # how the server ends when told to, which is no failure
        signal.signal(number, lambda *_: os._exit(0))
    try:
        work()
    except BaseException as error:
        LOGGER.error("worker failed", extra=place_of(type(error), error.__traceback__))
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _stop_with_parent(watched: int) -> None:
    os.read(watched, 1)  # returns when nobody holds the other end
    os.kill(os.getpid(), signal.SIGTERM)


def _tell(born: dict[int, float], number: int) -> None:
    for pid in born:
        os.kill(pid, number)


def _ended(born: dict[int, float]) -> list[int]:
    ended = []
    for pid in born:
        found, _ = os.waitpid(pid, os.WNOHANG)
        if found:
            ended.append(pid)
    return ended


def _tidy(counters: Path | None, pid: int) -> None:
    if counters is not None:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  after its folder is set

        mark_process_dead(pid, str(counters))  # type: ignore[no-untyped-call]
