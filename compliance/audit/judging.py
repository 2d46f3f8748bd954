"""Check runs of messages on all cores. Equal runs are checked once, whichever process would get them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from multiprocessing.connection import wait
from typing import Any, Final

from compliance.audit.ahead import can_fork
from compliance.audit.row import Row
from compliance.checker import Checker
from compliance.collector import keep_what_lives
from compliance.errors import ComplianceError
from compliance.lexicon.bundle import Bundle
from compliance.model import Context, Message
from compliance.profile import Profile
from compliance.wire import finding_to_dict

__all__ = ["Findings", "Judge", "Task", "judged", "records_of_run", "task_of"]

Findings = list[dict[str, Any]]
"""In wire form."""

_CHUNK: Final = 100
"""Runs that a process checks at a time."""
_LONGEST_WAIT: Final = 2000
"""Runs that may follow a first new one before it is handed over."""
_ALONE: Final = 1000
"""Runs after which most patterns are compiled."""
_REMEMBERED: Final = 50_000
"""Runs whose findings are kept; most have none, so that this is some ten megabytes."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the findings of a run depend on: where and when the law is asked for, and the texts read together."""

    platform: str
    texts: tuple[str, ...]
    times: tuple[datetime | None, ...]

    @property
    def key(self) -> bytes:
        """The same for tasks that have the same findings: of the times only the days count, as a run has no pause."""
        days = [time and time.toordinal() for time in self.times]
        return blake2b(repr((self.platform, self.texts, days)).encode(), digest_size=16).digest()


def task_of(run: list[Row], platform: str | None) -> Task:
    """Return what is to be checked for a run."""
    return Task(platform or run[0].platform, tuple(row.text for row in run), tuple(row.time for row in run))


class Judge:
    """Checks tasks with one checker."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def __call__(self, tasks: Iterable[Task]) -> list[Findings]:
        """Return the findings of each task."""
        return [self._checked(task) for task in tasks]

    def _checked(self, task: Task) -> Findings:
        if len(task.texts) == 1:
            context = Context(send_time=task.times[0])
            findings = self._checker.check(task.texts[0], platform=task.platform, context=context).findings
        else:
            messages = [Message(text, time=time) for text, time in zip(task.texts, task.times, strict=True)]
            findings = self._checker.check_conversation(messages, platform=task.platform).findings
        return [finding_to_dict(finding) for finding in findings]


def judged(
    runs: Iterable[list[Row]], checker: Checker, platform: str | None, jobs: int
) -> Iterator[tuple[list[Row], Findings]]:
    """Yield each run with its findings, in the order of the runs.

    Raises:
        ComplianceError: a process was ended from outside, as by a system that ran out of memory.
    """
    with _workers(checker, jobs) as submit:
        yield from _in_order(runs, platform, submit, 2 * jobs if jobs > 1 else 0)


def records_of_run(run: list[Row], findings: Findings, platform: str | None) -> list[dict[str, Any]]:
    """Return the findings of a run as records of ``findings.jsonl``."""
    return [_record(run[finding["message_index"] or 0], finding, platform) for finding in findings]


def _record(row: Row, finding: dict[str, Any], where: str | None) -> dict[str, Any]:
    citation = finding["citations"][0] if finding["citations"] else {}
    suggestion = next((s["text"] for s in finding["suggestions"] if s["tier"] != "advice"), None)
    return {
        "source": row.source,
        "time": row.time.isoformat(sep=" ") if row.time else None,
        "shop": row.shop,
        "platform": where or row.platform,
        "session": row.session,
        "buyer": row.buyer,
        "agent": row.agent,
        "text": row.text,
        "document": citation.get("document"),
        "clause": citation.get("clause"),
        "verification": citation.get("verification"),
        "suggestion": suggestion,
        **{key: value for key, value in finding.items() if key not in ("citations", "suggestions", "message_index")},
    }


_Submit = Callable[[list[Task]], Callable[[], list[Findings]]]
"""Begins to check tasks; what it returns waits for the findings."""


class _Answer:
    """The findings of a task, once they are known."""

    __slots__ = ("findings",)
    findings: Findings


def _in_order(
    runs: Iterable[list[Row]], platform: str | None, submit: _Submit, ahead: int
) -> Iterator[tuple[list[Row], Findings]]:
    """Hand over tasks that are not known yet, at most ``ahead`` chunks before the one that is waited for."""
    known: OrderedDict[bytes, _Answer] = OrderedDict()
    waiting: deque[tuple[list[tuple[list[Row], _Answer]], list[_Answer], Callable[[], list[Findings]]]] = deque()

    def finish() -> Iterator[tuple[list[Row], Findings]]:
        chunk, asked, answers = waiting.popleft()
        for answer, findings in zip(asked, answers(), strict=True):
            answer.findings = findings or _NONE
        return ((run, answer.findings) for run, answer in chunk)

    for chunk, tasks, asked in _chunks(runs, platform, known):
        waiting.append((chunk, asked, submit(tasks)))
        while len(known) > _REMEMBERED:
            known.popitem(last=False)
        if len(waiting) > ahead:
            yield from finish()
    while waiting:
        yield from finish()


_NONE: Final[Findings] = []


def _chunks(
    runs: Iterable[list[Row]], platform: str | None, known: OrderedDict[bytes, _Answer]
) -> Iterator[tuple[list[tuple[list[Row], _Answer]], list[Task], list[_Answer]]]:
    """Yield runs with their answers, and the tasks among them that are new, with theirs."""
    chunk: list[tuple[list[Row], _Answer]] = []
    tasks: list[Task] = []
    asked: list[_Answer] = []
    for run in runs:
        task = task_of(run, platform)
        key = task.key
        answer = known.get(key)
        if answer is None:
            answer = known[key] = _Answer()
            tasks.append(task)
            asked.append(answer)
        else:
            known.move_to_end(key)
        chunk.append((run, answer))
        if len(tasks) >= _CHUNK or len(chunk) >= _LONGEST_WAIT:
            yield chunk, tasks, asked
            chunk, tasks, asked = [], [], []
    if chunk:
        yield chunk, tasks, asked


@contextmanager
def _workers(checker: Checker, jobs: int) -> Iterator[_Submit]:
    """Give what checks tasks: this process the first ones, then ``jobs`` others.

    Patterns compile when they are first met. Here that is done once, before the other processes branch off; and a
    small log needs none of them.
    """
    keep_what_lives()  # the rules; else every collection walks through them, and patterns compile many times slower
    judge, alone = Judge(checker), 0
    pool: ProcessPoolExecutor | None = None
    forking = can_fork()
    start = partial(_inherit, judge) if forking else partial(_load, checker.bundle, checker.profile)

    def submit(tasks: list[Task]) -> Callable[[], list[Findings]]:
        nonlocal alone, pool
        if jobs == 1 or alone < _ALONE:
            alone += len(tasks)
            found = judge(tasks)
            return lambda: found
        if pool is None:
            pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("fork" if forking else None), start)
        return pool.submit(_work, tasks).result

    try:
        yield submit
    except BrokenProcessPool:
        raise ComplianceError(
            "a process of the audit was ended from outside, perhaps for want of memory; "
            "run it again to go on, with fewer --jobs"
        ) from None
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


_judge: Judge | None = None
"""Of a worker process."""


def _inherit(judge: Judge) -> None:
    global _judge  # noqa: PLW0603  how a pool hands a worker its tools
    _judge = judge
    keep_what_lives()  # what is shared is not walked through, and so not copied
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _load(bundle: Bundle, profile: Profile) -> None:
    _inherit(Judge(Checker(bundle, profile)))


def _end_with_parent() -> None:
    """End this process when the one that started it was killed; else it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(tasks: list[Task]) -> list[Findings]:
    assert _judge is not None
    return _judge(tasks)
