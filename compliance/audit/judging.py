"""Check runs of messages on all cores. Every process has one checker; equal messages are checked once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import Any

from compliance.audit.row import Row
from compliance.checker import Checker
from compliance.lexicon.bundle import Bundle
from compliance.model import Context, Message
from compliance.profile import Profile
from compliance.wire import finding_to_dict

__all__ = ["judged"]

_CHUNK = 200
_REMEMBERED = 50_000
_Task = tuple[str, tuple[str, ...], date | None]
"""Platform, texts that a buyer reads together, and the day whose law counts."""


class _Judge:
    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._check = lru_cache(maxsize=_REMEMBERED)(self._checked)

    def __call__(self, tasks: list[_Task]) -> list[list[dict[str, Any]]]:
        return [self._check(*task) for task in tasks]

    def _checked(self, platform: str, texts: tuple[str, ...], day: date | None) -> list[dict[str, Any]]:
        context = Context(send_time=datetime.combine(day, time.min) if day else None)
        if len(texts) == 1:
            findings = self._checker.check(texts[0], platform=platform, context=context).findings
        else:
            messages = [Message(text) for text in texts]
            findings = self._checker.check_conversation(messages, platform=platform, context=context).findings
        return [finding_to_dict(finding) for finding in findings]


_judge: _Judge | None = None
"""One for a worker process: inherited where processes are forked, made at its start elsewhere."""


def _start(bundle: Bundle, profile: Profile) -> None:
    _inherit(_Judge(Checker(bundle, profile)))


def _inherit(judge: _Judge) -> None:
    global _judge  # noqa: PLW0603  how a pool hands a worker its tools
    _judge = judge


def _work(tasks: list[_Task]) -> list[list[dict[str, Any]]]:
    assert _judge is not None
    return _judge(tasks)


def judged(
    runs: Iterable[list[Row]], bundle: Bundle, profile: Profile, platform: str | None, jobs: int
) -> Iterator[tuple[list[Row], list[dict[str, Any]]]]:
    """Yield each run with its findings in wire form, in the order of the runs."""
    chunks = _chunks(runs)
    if jobs == 1:
        judge = _Judge(Checker(bundle, profile))
        for chunk in chunks:
            yield from zip(chunk, judge([_task(run, platform) for run in chunk]), strict=True)
        return
    forking = "fork" in multiprocessing.get_all_start_methods()
    if forking:  # what is loaded and compiled before is shared
        checker = Checker(bundle, profile)
        checker.warm_up()
        _inherit(_Judge(checker))
    context = multiprocessing.get_context("fork" if forking else None)
    with context.Pool(jobs, None if forking else _start, () if forking else (bundle, profile)) as pool:
        waiting: list[tuple[list[list[Row]], Any]] = []
        for chunk in chunks:
            waiting.append((chunk, pool.apply_async(_work, ([_task(run, platform) for run in chunk],))))
            if len(waiting) > 4 * jobs:  # bounded memory: read no further than the workers get
                done, answer = waiting.pop(0)
                yield from zip(done, answer.get(), strict=True)
        for done, answer in waiting:
            yield from zip(done, answer.get(), strict=True)


def _chunks(runs: Iterable[list[Row]]) -> Iterator[list[list[Row]]]:
    source = iter(runs)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


def _task(run: list[Row], platform: str | None) -> _Task:
    return platform or run[0].platform, tuple(row.text for row in run), run[0].time.date() if run[0].time else None
