"""Survey the stored conversations on all cores, and put together what the processes found."""

from __future__ import annotations

import multiprocessing
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from compliance.audit.conversation_findings import Often, check_citations, conversation_records
from compliance.audit.exports import INDEX_COLUMNS, arrow, columns_of, schema_of
from compliance.audit.mass import SentMessages, waves
from compliance.audit.metrics import Wait
from compliance.audit.store import RowStore, WaitStore
from compliance.audit.survey import Survey, Surveyor
from compliance.lexicon.bundle import Bundle

__all__ = ["Gathered"]

_RANGE: Final = 5_000
"""Messages that a process takes at a time, about."""
_GIANT: Final = 50_000
"""Messages of a conversation that is surveyed in parts, so that it need not fit into memory."""
_Part = tuple[Survey, Any]
"""A survey whose index is a table beside it."""


class Gathered:
    """What surveys found, on disk where it grows with the log; close it."""

    def __init__(self, surveyor: Surveyor, bundle: Bundle, index: Path) -> None:
        """Take what is to be found out.

        Args:
            surveyor: surveys conversations.
            bundle: holds the clauses that rules cite.
            index: file for the index of messages.

        Raises:
            InputError: a rule cites a clause that is not there.
        """
        check_citations(surveyor.rules, bundle)
        self._surveyor, self._bundle, self._file = surveyor, bundle, index
        self._waits, self._sent, self._often = WaitStore(), SentMessages(), Often()
        self.messages: Counter[tuple[str, str]] = Counter()
        self.hours: Counter[tuple[str, int]] = Counter()

    def records(self, rows: Path, jobs: int) -> Iterator[dict[str, Any]]:
        """Survey all conversations of a store; yield records of ``findings.jsonl``, then the rest is there."""
        pa, platform = arrow()[0], self._surveyor.platform
        with pa.OSFile(str(self._file), "wb") as sink, pa.ipc.new_file(sink, schema_of(INDEX_COLUMNS)) as index:
            for survey, table in _surveyed(rows, self._surveyor, jobs):
                self._waits.add(survey.waits)
                self._sent.add(survey.sent)
                self._often.merge(survey.often)
                self.messages.update(survey.messages)
                self.hours.update(survey.hours)
                index.write_table(table)
                yield from conversation_records(survey.broken, self._bundle, platform)
        if self._surveyor.rules.mass is not None:
            mass = waves(self._surveyor.rules.mass, self._sent.sorted())
            yield from conversation_records(mass, self._bundle, platform)
        yield from self._often.records(self._bundle, platform)

    def waits(self) -> Iterator[Wait]:
        """Yield the waits by buyer and time."""
        return self._waits.sorted()

    def index(self) -> Iterator[Any]:
        """Yield the index of messages as Arrow tables, in the order of the conversations."""
        pa = arrow()[0]
        with pa.OSFile(str(self._file)) as source, pa.ipc.open_file(source) as reader:
            for number in range(reader.num_record_batches):
                yield pa.Table.from_batches([reader.get_batch(number)])

    def close(self) -> None:
        """Forget it."""
        self._waits.close()
        self._sent.close()


def _surveyed(rows: Path, surveyor: Surveyor, jobs: int) -> Iterator[_Part]:
    """Yield the surveys of all conversations, in their order."""
    with closing(RowStore(rows)) as store:
        ranges = list(_ranges(store.sizes()))
        if jobs == 1 or len(ranges) < 2 * jobs:
            for first, last, _ in ranges:
                yield from _parts(surveyor, store, first, last)
            return
        with ProcessPoolExecutor(jobs, multiprocessing.get_context(), _open, (rows, surveyor)) as pool:
            asked: deque[tuple[int, int, Future[list[_Part]] | None]] = deque()
            left = iter(ranges)
            while True:
                for first, last, giant in islice(left, 2 * jobs + 2 - len(asked)):
                    asked.append((first, last, None if giant else pool.submit(_work, first, last)))
                if not asked:
                    return
                first, last, found = asked.popleft()
                yield from _parts(surveyor, store, first, last) if found is None else found.result()


def _ranges(sizes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """Yield first and last conversation of what is surveyed at a time, and whether it is one giant."""
    first, last, size = 1, 0, 0
    for number, messages in sizes:
        if size and size + messages > _RANGE:
            yield first, last, size > _GIANT
            first, size = number, 0
        last, size = number, size + messages
    if size:
        yield first, last, size > _GIANT


def _parts(surveyor: Surveyor, store: RowStore, first: int, last: int) -> Iterator[_Part]:
    for survey in surveyor(store.conversations(first, last)):
        columns = list(zip(*survey.index, strict=True)) or [()] * len(INDEX_COLUMNS)
        survey.index = []
        yield survey, columns_of(INDEX_COLUMNS, columns)


_opened: tuple[Surveyor, RowStore] | None = None
"""Of a worker process."""


def _open(rows: Path, surveyor: Surveyor) -> None:
    global _opened  # noqa: PLW0603  how a pool hands a worker its tools
    _opened = surveyor, RowStore(rows)


def _work(first: int, last: int) -> list[_Part]:
    assert _opened is not None
    return list(_parts(*_opened, first, last))
