"""Audit chat logs: who broke what, reply metrics, and a report (needs the "audit" extra).

Logs are CSV, TSV, JSON, JSONL, XLSX, XLS, Parquet or copied chats (TXT), plain, with .gz or in a ZIP, or folders of
them. Columns are recognised by their headings; --preview shows how, --map FILE says it (TOML lines: text = "消息内容").
With --engine spark, logs and results are Parquet, in places that all machines of the cluster see.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from compliance.cli.options import profile_from
from compliance.cli.progress import ProgressBar
from compliance.errors import InputError

if TYPE_CHECKING:
    from compliance.audit.summary import AuditResult

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a chat log, or a folder of them")
    parser.add_argument("--platform", help="whose rules apply, if neither profile nor a column names it")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="shop profile (shop.toml)")
    parser.add_argument("--map", type=Path, metavar="FILE", help='which column is which: TOML lines field = "heading"')
    parser.add_argument("--encoding", help="of text logs; found out if left out: UTF-8, else GB18030")
    parser.add_argument("--preview", action="store_true", help="only show how the columns are understood")
    parser.add_argument("--out", default="audit", metavar="DIR", help="default: ./audit")
    parser.add_argument(
        "--engine",
        choices=["local", "spark"],
        default="local",
        help="spark: Parquet on a cluster (default: local)",
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: all cores)")
    parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="first day, as 2026-11-01")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="last day")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="known findings, which do not count")
    parser.add_argument("--write-baseline", type=Path, metavar="FILE", help="note all findings of this audit as known")
    parser.add_argument("--restart", action="store_true", help="forget what an audit into DIR that was killed has done")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="draw N messages for human review")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the draw (default: 0)")
    parser.add_argument("--show-buyers", action="store_true", help="name buyers and numbers in the report")
    parser.add_argument("--fail-on", choices=["block", "warn", "never"], default="never", help="exit with 1 on such")


_LOCAL_ONLY = ("preview", "encoding", "jobs", "baseline", "write_baseline", "restart", "sample", "show_buyers")
"""Options that the Spark engine does not have."""


def run(options: argparse.Namespace) -> int:
    """Audit; 0, or 1 with findings at the threshold."""
    return _run_on_spark(options) if options.engine == "spark" else _run_here(options)


def _run_on_spark(options: argparse.Namespace) -> int:
    from compliance.audit.settings import load_mapping  # noqa: PLC0415  slow to import
    from compliance.audit.spark import audit_on_spark  # noqa: PLC0415

    if given := [f"--{name.replace('_', '-')}" for name in _LOCAL_ONLY if getattr(options, name)]:
        raise InputError(f"--engine spark has no {', '.join(given)}; the local engine has")
    result = audit_on_spark(
        options.paths,
        options.out,
        platform=options.platform,
        profile=profile_from(options.profile),
        mapping=load_mapping(options.map) if options.map else None,
        since=options.since,
        until=options.until,
    )
    for text in result.notices:
        print(text, file=sys.stderr)
    return _told(options, result, f"{options.out}/quarantine", f"结果 {options.out}")


def _run_here(options: argparse.Namespace) -> int:
    from compliance.audit.baseline import read_baseline, write_baseline  # noqa: PLC0415  slow to import
    from compliance.audit.runner import audit, preview  # noqa: PLC0415
    from compliance.audit.settings import load_mapping  # noqa: PLC0415

    mapping = load_mapping(options.map) if options.map else None
    paths, out = [Path(path) for path in options.paths], Path(options.out)
    if options.preview:
        print(preview(paths, options.encoding, mapping))
        return 0
    result = audit(
        paths,
        out,
        platform=options.platform,
        profile=profile_from(options.profile),
        mapping=mapping,
        encoding=options.encoding,
        jobs=options.jobs,
        since=options.since,
        until=options.until,
        baseline=read_baseline(options.baseline) if options.baseline else frozenset(),
        show_buyers=options.show_buyers,
        restart=options.restart,
        sample=options.sample,
        seed=options.seed,
        progress=ProgressBar() if sys.stderr.isatty() else lambda _rows, _total: None,
        notice=lambda text: print(text, file=sys.stderr),
    )
    if options.write_baseline:
        with (out / "findings.jsonl").open(encoding="utf-8") as lines:
            write_baseline(options.write_baseline, lines)
    sample = f"抽检 {out / 'review.xlsx'}\n" if options.sample else ""
    return _told(options, result, str(out / "quarantine.jsonl"), f"{sample}报告 {out / 'report.html'}")


def _told(options: argparse.Namespace, result: AuditResult, quarantine: str, where: str) -> int:
    """Tell the counts and where the results are; return the exit code."""
    sent, blocked, warned = result.messages["agent"], result.actions["block"], result.actions["warn"]
    print(f"客服消息 {sent} 条：不能发送 {blocked} 处，请留意 {warned} 处，已知 {result.known} 处")
    if result.bad_rows:
        print(f"{result.bad_rows} 行无法读取，原因见 {quarantine}")
    for metric in result.metrics:
        if metric["agent"] is None:
            share = f"{100 * metric['share']:.1f} %（{metric['in_time']}/{metric['asked']}）"
            print(f"{metric['platform']} {metric['name']} {share}")
    print(where)
    failing = {"block": blocked, "warn": blocked + warned, "never": 0}[options.fail_on]
    return 1 if failing else 0
