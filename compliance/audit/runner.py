"""The audit from end to end: read, judge, measure, write."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

from compliance.audit.aggregate import aggregate
from compliance.audit.ahead import ahead, can_fork
from compliance.audit.baseline import fingerprint
from compliance.audit.identity import inputs_of, rules_of
from compliance.audit.judging import judged, records_of_run
from compliance.audit.logs import preview_of
from compliance.audit.outputs import FindingFiles, whole, write_json
from compliance.audit.reading import Reader
from compliance.audit.report import report_page, summary_lines
from compliance.audit.resume import Work
from compliance.audit.row import Row
from compliance.audit.sessions import runs_of
from compliance.audit.settings import AuditData, load_audit_data
from compliance.audit.store import RowCells, RowStore
from compliance.audit.summary import AuditResult, metric_records
from compliance.audit.survey import Surveyor
from compliance.audit.surveying import Gathered
from compliance.audit.tables import files_below
from compliance.checker import Checker
from compliance.lexicon.bundle import Bundle
from compliance.lexicon.store import load_bundle
from compliance.model import platform_id
from compliance.profile import Profile

__all__ = ["audit", "preview"]

Progress = Callable[[int, int | None], None]
_LARGE: Final = 4 << 20
"""Bytes of logs from which on another process reads them."""


def preview(paths: list[Path], encoding: str | None = None, mapping: Mapping[str, Any] | None = None) -> str:
    """Say how the columns of each log are understood, without checking anything."""
    data = load_audit_data()
    lines: list[str] = []
    for file in files_below(paths):
        lines += preview_of(file, data, encoding, mapping)
    return "\n".join(lines)


def audit(
    paths: list[Path],
    out: Path,
    *,
    platform: str | None = None,
    profile: Profile | None = None,
    mapping: Mapping[str, Any] | None = None,
    encoding: str | None = None,
    jobs: int | None = None,
    since: date | None = None,
    until: date | None = None,
    baseline: frozenset[str] = frozenset(),
    show_buyers: bool = False,
    lexicons: Path | None = None,
    restart: bool = False,
    sample: int = 0,
    seed: int = 0,
    progress: Progress = lambda _rows, _total: None,
    notice: Callable[[str], None] = lambda _: None,
) -> AuditResult:
    """Audit chat logs and write findings, metrics, quarantine, manifest and report into ``out``.

    An audit that was killed is continued by the same call: same inputs, rules and options; the number of processes,
    the baseline and ``show_buyers`` may differ. What it did so far is in ``out/.unfinished``.

    Args:
        paths: logs, or folders of logs.
        out: folder of the results; made if it is not there.
        profile: of the shop.
        platform: whose rules apply; may be left out if the profile or a column of the log names it.
        mapping: field -> heading, where the headings are not recognised, and ``roles``: role -> names or words.
        encoding: of text logs; found out if left out.
        jobs: processes; all cores if left out.
        since: first day.
        until: last day.
        baseline: fingerprints of findings that are known and do not count.
        show_buyers: name buyers in the report.
        lexicons: folder to use instead of the one that came with the package.
        restart: forget what an audit that was killed has done.
        sample: messages to draw for human review into ``review.csv`` and ``review.xlsx``; 0 draws none.
        seed: of the draw; the same seed draws the same messages.
        progress: is told the rows read so far and ``None``, then the rows checked so far and how many there are.
        notice: is told, in words, what the user should know: of the logs, and whether unfinished work is continued.

    Raises:
        InputError: a log cannot be read or understood, or another process writes into ``out``.
        UnknownPlatformError: the platform is not known.
    """
    bundle, data = load_bundle(lexicons), load_audit_data(lexicons)
    profile, jobs = profile or Profile(), jobs or os.cpu_count() or 1
    named = platform or profile.platform
    where = platform_id(named) if named else None
    files = files_below(paths)
    inputs = inputs_of(files)
    out.mkdir(parents=True, exist_ok=True)
    chosen = {"mapping": dict(mapping or {}), "encoding": encoding, "since": _iso(since), "until": _iso(until)}
    result = AuditResult()
    with ExitStack() as stack:
        work = stack.enter_context(
            Work(out, {"inputs": inputs, "platform": where, **chosen, **rules_of(bundle, lexicons, profile)}, restart)
        )
        _tell(work, notice)
        store = stack.enter_context(closing(RowStore(work.rows)))
        if work.read is None:
            _read(work, store, Reader(data, where, encoding, mapping, since, until), files, jobs, progress)
        counts = work.read or {}
        result.messages, result.bad_rows = Counter(counts["messages"]), counts["bad_rows"]
        result.notices = counts["notices"]
        for text in result.notices:
            notice(text)
        _check(work, store, bundle, profile, where, jobs, progress)

        gathered = stack.enter_context(
            closing(Gathered(Surveyor(data.conversation, where), bundle, work.folder / "index.arrow"))
        )
        _write(work, out, result, baseline, gathered.records(work.rows, jobs))
        result.metrics = metric_records(data.metrics, gathered.waits(), where)
        write_json(out / "metrics.json", result.metrics)
        conversations = (rows for _, rows in store.conversations())
        made = aggregate(
            gathered, conversations, out, data.scoring, where, summary_lines(result), result.metrics, sample, seed, jobs
        )
        write_json(
            out / "manifest.json",
            {"inputs": inputs, "bundle": {"version": bundle.version, "hash": bundle.hash}, **result.manifest()},
        )
        with whole(out / "report.html") as page:
            page.write(report_page(result, show_buyers, {**made, "titles": _titles(bundle, data)}))
    work.done()
    return result


def _titles(bundle: Bundle, data: AuditData) -> dict[str, str]:
    """Return what each rule, of messages and of conversations, is called."""
    over = data.conversation
    heads = [*(rule.head for rule in over.rules), *([over.mass.head] if over.mass else [])]
    return {rule.code: rule.title for rule in bundle.rules} | {head.code: head.name for head in heads}


def _read(work: Work, store: RowStore, reader: Reader, files: list[Path], jobs: int, progress: Progress) -> None:
    """Put the rows of the logs into the store; those of large logs are read by another process meanwhile."""
    made = reader.cells(files, work.quarantine)
    if jobs > 1 and can_fork() and sum(file.stat().st_size for file in files) > _LARGE:
        made = ahead(made)
    counted: list[dict[str, Any]] = []

    def rows() -> Iterator[RowCells]:
        counted.append((yield from made))

    store.fill(rows(), lambda number: progress(number, None))
    work.note_read(counted[0])


def _check(
    work: Work, store: RowStore, bundle: Bundle, profile: Profile, where: str | None, jobs: int, progress: Progress
) -> None:
    """Check the runs that are not checked yet, and keep their findings."""
    total = sum(work.read["messages"].values()) if work.read else 0
    passed = 0
    ends: deque[int] = deque()  # the rows that had passed when each run ended, for runs that are being checked

    def counted(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal passed
        for row in rows:
            passed += 1
            yield row

    def runs() -> Iterator[list[Row]]:
        for number, run in enumerate(run for _, rows in store.conversations() for run in runs_of(counted(rows))):
            if number >= work.runs:
                ends.append(passed)
                yield run

    def checked() -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for run, findings in judged(runs(), Checker(bundle, profile), where, jobs):
            yield ends.popleft(), records_of_run(run, findings, where)

    for rows in work.keep(checked()):
        progress(rows, total)
    progress(total, total)


def _write(
    work: Work, out: Path, result: AuditResult, baseline: frozenset[str], more: Iterator[dict[str, Any]]
) -> None:
    """Write what is kept, and more records behind it, as the files of the results, and count them."""
    with (
        whole(out / "quarantine.jsonl") as target,
        work.quarantine.open(encoding="utf-8", errors="surrogatepass") as kept,
    ):
        target.writelines(kept)
    with whole(out / "findings.jsonl") as lines, whole(out / "findings.csv") as table:
        written = FindingFiles(lines, table)
        for record in chain(work.records(), more):
            if fingerprint(record) in baseline:
                result.known += 1
            else:
                written.add(record)
                result.count(record)


_CHANGES = {
    "inputs": "聊天记录",
    "platform": "平台",
    "mapping": "列的对应",
    "encoding": "编码",
    "since": "开始日期",
    "until": "结束日期",
    "version": "程序版本",
    "lexicons": "词库",
    "settings": "审计设置",
    "profile": "店铺资料",
}


def _tell(work: Work, notice: Callable[[str], None]) -> None:
    if work.changed:
        notice(
            f"上次的审计没有完成，但这次的{'、'.join(_CHANGES[key] for key in work.changed)}不同，不能接着做，重新开始"
        )
    elif work.runs:
        notice("接着上次没有完成的审计继续")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
