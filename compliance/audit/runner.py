"""The audit from end to end: read, judge, measure, write."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO, Any

from compliance.audit.baseline import fingerprint
from compliance.audit.columns import Columns
from compliance.audit.judging import judged
from compliance.audit.metrics import Wait, measure, waits_of
from compliance.audit.outputs import FindingFiles, whole, write_json
from compliance.audit.report import report_page
from compliance.audit.row import BadRow, Row
from compliance.audit.sessions import Conversations, runs_of
from compliance.audit.settings import AuditData, load_audit_data
from compliance.audit.tables import cells_of, files_below
from compliance.errors import InputError, UnknownPlatformError
from compliance.lexicon.store import load_bundle
from compliance.model import PLATFORMS, platform_id
from compliance.profile import Profile

__all__ = ["AuditResult", "audit", "preview"]


@dataclass(slots=True)
class AuditResult:
    """Counts of one audit.

    Attributes:
        messages: rows read, by role.
        actions: findings by what they lead to (block, warn, note); known ones of a baseline are not among them.
    """

    messages: Counter[str] = field(default_factory=Counter)
    bad_rows: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    known: int = 0
    metrics: list[dict[str, Any]] = field(default_factory=list)
    worst: list[dict[str, Any]] = field(default_factory=list)


def preview(paths: list[Path], encoding: str | None = None, mapping: Mapping[str, str] | None = None) -> str:
    """Say how the columns of each log are understood, without checking anything."""
    data = load_audit_data()
    lines = []
    for file in files_below(paths):
        headings = next((list(cells) for _, cells in cells_of(file, encoding) if isinstance(cells, dict)), [])
        columns = Columns.guess(headings, data.aliases, data.roles, mapping)
        lines += [f"{file}:", *(f"  {name} = {heading!r}" for name, heading in columns.of.items())]
    return "\n".join(lines)


def audit(
    paths: list[Path],
    out: Path,
    *,
    platform: str | None = None,
    profile: Profile | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    jobs: int | None = None,
    since: date | None = None,
    until: date | None = None,
    baseline: frozenset[str] = frozenset(),
    show_buyers: bool = False,
    lexicons: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> AuditResult:
    """Audit chat logs and write findings, metrics, quarantine, manifest and report into ``out``.

    Args:
        paths: logs, or folders of logs.
        out: folder of the results; made if it is not there.
        profile: of the shop.
        platform: whose rules apply; may be left out if the profile or a column of the log names it.
        mapping: field -> heading, where the headings are not recognised.
        encoding: of text logs; found out if left out.
        jobs: processes; all cores if left out.
        since: first day.
        until: last day.
        baseline: fingerprints of findings that are known and do not count.
        show_buyers: name buyers in the report.
        lexicons: folder to use instead of the one that came with the package.
        progress: is told the rows read so far.

    Raises:
        InputError: a log cannot be read or understood.
        UnknownPlatformError: the platform is not known.
    """
    bundle, data = load_bundle(lexicons), load_audit_data(lexicons)
    profile = profile or Profile()
    named = platform or profile.platform
    where = platform_id(named) if named else None
    files = files_below(paths)
    out.mkdir(parents=True, exist_ok=True)
    result, conversations = AuditResult(), Conversations()
    with ExitStack() as stack:
        lines, table = (stack.enter_context(whole(out / f"findings.{kind}")) for kind in ("jsonl", "csv"))
        quarantine = stack.enter_context(whole(out / "quarantine.jsonl"))
        written = FindingFiles(lines, table)

        def rows() -> Iterator[Row]:
            for file in files:
                for row in _rows(file, data, encoding, mapping, where, quarantine, result):
                    day = row.time.date() if row.time else None
                    if day and ((since and day < since) or (until and day > until)):
                        continue
                    result.messages[row.role.value] += 1
                    conversations.add(row)
                    progress(result.messages.total())
                    yield row

        for run, findings in judged(runs_of(rows()), bundle, profile, where, jobs or os.cpu_count() or 1):
            for finding in findings:
                record = _record(run[finding["message_index"] or 0], finding, where)
                if fingerprint(record) in baseline:
                    result.known += 1
                    continue
                written.add(record)
                _count(result, record)
    waits = [wait for name, session in conversations for wait in waits_of(name, session)]
    result.metrics = _metrics(data, waits, where)
    write_json(out / "metrics.json", result.metrics)
    write_json(out / "manifest.json", _manifest(files, bundle.version, bundle.hash, result))
    with whole(out / "report.html") as page:
        page.write(report_page(result, show_buyers))
    return result


def _rows(
    file: Path,
    data: AuditData,
    encoding: str | None,
    mapping: Mapping[str, str] | None,
    where: str | None,
    quarantine: IO[str],
    result: AuditResult,
) -> Iterator[Row]:
    columns: Columns | None = None
    for source, cells in cells_of(file, encoding):
        if isinstance(cells, str):
            row: Row | BadRow = BadRow(source, cells)
        else:
            columns = columns or Columns.guess(cells, data.aliases, data.roles, mapping)
            row = columns.row(source, cells)
        if isinstance(row, Row) and where is None:
            row = _with_platform(row)
        if isinstance(row, BadRow):
            result.bad_rows += 1
            quarantine.write(json.dumps({"source": row.source, "reason": row.reason}, ensure_ascii=False) + "\n")
        else:
            yield row


def _with_platform(row: Row) -> Row | BadRow:
    if not row.platform:
        raise InputError("no platform: give --platform, a profile that names one, or a platform column")
    try:
        return replace(row, platform=platform_id(row.platform))
    except UnknownPlatformError:
        return BadRow(row.source, f"unknown platform {row.platform!r}")


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


_MOST_SHOWN = 100


def _count(result: AuditResult, record: dict[str, Any]) -> None:
    result.actions[record["action"]] += 1
    if record["action"] == "note":
        return
    result.rules[f"{record['code']} {record['category']}"] += 1
    result.agents[record["agent"] or "（未注明）"] += 1
    if record["time"]:
        result.days[record["time"][:10]] += 1
        result.hours[int(record["time"][11:13])] += 1
    if record["action"] == "block" and len(result.worst) < _MOST_SHOWN:
        result.worst.append(record)


def _metrics(data: AuditData, waits: list[Wait], where: str | None) -> list[dict[str, Any]]:
    found = []
    for metric in data.metrics:
        mine = [wait for wait in waits if (where or wait.platform) == metric.platform]
        groups: dict[str, list[Wait]] = {"": mine}
        for wait in mine:
            groups.setdefault(wait.agent or "（无人回复）", []).append(wait)
        for agent, group in groups.items():
            share = measure(metric, group)
            if share.asked:
                found.append(
                    {
                        "id": metric.id,
                        "platform": PLATFORMS[metric.platform],
                        "name": metric.name,
                        "agent": agent or None,
                        "asked": share.asked,
                        "in_time": share.in_time,
                        "share": share.share,
                        "target": metric.target,
                        "verification": metric.verification,
                        "conflict": metric.conflict or None,
                    }
                )
    return found


def _manifest(files: list[Path], version: str, digest: str, result: AuditResult) -> dict[str, Any]:
    inputs = [{"file": file.name, "sha256": _sha256(file)} for file in files]
    return {
        "inputs": inputs,
        "bundle": {"version": version, "hash": digest},
        "messages": dict(result.messages),
        "bad_rows": result.bad_rows,
        "findings": dict(result.actions),
        "known": result.known,
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
