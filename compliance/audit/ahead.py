"""Make things in another process while this one uses those made before, so that two cores are busy."""

from __future__ import annotations

import multiprocessing
from collections.abc import Generator
from contextlib import closing, suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from compliance.errors import ComplianceError

__all__ = ["ahead", "can_fork"]

_BATCH: Final = 500
_T = TypeVar("_T")
_R = TypeVar("_R")


def can_fork() -> bool:
    """Tell whether processes can branch off here, with all that this one holds."""
    return "fork" in multiprocessing.get_all_start_methods()


def ahead(made: Generator[_T, None, _R]) -> Generator[_T, None, _R]:
    """Yield and return what a generator does, which runs in a process that branches off from this one.

    At most as much is made ahead as a pipe holds. What the generator changes in memory is not seen here.

    Raises:
        ComplianceError: the process was ended from outside, or what the generator raises.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_make, args=(made, here, there), daemon=True)
    process.start()
    there.close()
    with closing(here):
        try:
            while True:
                kind, value = here.recv()
                if kind == "made":
                    yield from value
                elif kind == "failed":
                    raise value
                else:
                    returned: _R = value
                    return returned
        except EOFError:
            raise ComplianceError("a process of the audit was ended from outside, perhaps for want of memory") from None
        finally:
            here.close()  # which ends a process that has not finished
            process.join()


def _make(made: Generator[Any, None, Any], here: Connection, there: Connection) -> None:
    here.close()
    returned: list[Any] = []

    def items() -> Generator[Any, None, None]:
        returned.append((yield from made))

    with suppress(BrokenPipeError, KeyboardInterrupt):  # nobody takes it any more
        taken = items()
        try:
            while batch := list(islice(taken, _BATCH)):
                there.send(("made", batch))
        except ComplianceError as error:
            there.send(("failed", error))
        else:
            there.send(("done", returned[0]))
