"""What is made of the findings and the messages together: scores, trends, the index of messages, the sample, Excel."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from compliance.audit.baseline import digest_of
from compliance.audit.exports import (
    FINDING_TYPES,
    MESSAGE_COLUMNS,
    arrow,
    records_of,
    write_parquet,
    write_table,
    write_tables,
    write_workbook,
)
from compliance.audit.headings import HEADINGS
from compliance.audit.outputs import write_json
from compliance.audit.row import Role, Row
from compliance.audit.sampling import REVIEW_COLUMNS, RISKS, Sampler
from compliance.audit.scoring import Scores, Scoring
from compliance.audit.surveying import Gathered
from compliance.audit.trends import Trends

__all__ = ["aggregate"]

_FILTER: Final = 1 << 22
_LARGE: Final = 4 << 20
"""Bytes of findings."""


def aggregate(
    gathered: Gathered,
    conversations: Iterable[Iterable[Row]],
    out: Path,
    scoring: Scoring,
    platform: str | None,
    summary: Mapping[str, Any],
    metrics: list[dict[str, Any]],
    sample: int = 0,
    seed: int = 0,
    jobs: int = 1,
) -> dict[str, Any]:
    """Write all that needs ``findings.jsonl`` complete; return scores and trends for the report.

    Args:
        gathered: what was found in the conversations apart from that file.
        conversations: all rows, by conversation; taken only for a sample.
        out: folder with ``findings.jsonl``.
        scoring: as the data says.
        platform: of all rows; ``None`` where they name it.
        summary: lines of the first sheet of the workbook, name -> number or text.
        metrics: of the answers.
        sample: messages to draw for human review; 0 draws none.
        seed: of the draw.
        jobs: with more than one, another process writes the workbook of a large audit.
    """
    scores, trends = Scores(scoring), Trends(gathered.hours)
    scores.messages(gathered.messages)
    sampler = Sampler(sample, seed, scoring.sampling) if sample > 0 else None
    findings = out / "findings.jsonl"
    with closing(_Marks()) as marks, ExitStack() as stack:
        marks.fill(_counted(records_of(findings), scores, trends))
        made = {"scores": scores.records(), "days": trends.days(), "hours": trends.hours()}
        write_book: Callable[[], None] = partial(_workbook, out, made, summary, metrics)
        if jobs > 1 and findings.stat().st_size > _LARGE:
            pool = stack.enter_context(ProcessPoolExecutor(1))
            write_book = pool.submit(write_book).result
        write_tables(out / "messages.parquet", MESSAGE_COLUMNS, map(marks.beside, gathered.index()))
        if sampler is not None:
            for row in chain.from_iterable(conversations):
                if row.role is Role.AGENT and row.text.strip():
                    _, worst, codes = marks.of(row.source, digest_of(row.text))
                    sampler.add(replace(row, platform=platform or row.platform), worst or "none", codes)
        write_parquet(out / "findings.parquet", FINDING_TYPES, records_of(findings))
        write_json(out / "scores.json", made)
        for name in ("review.csv", "review.xlsx"):
            (out / name).unlink(missing_ok=True)  # of an earlier sample
        if sampler is not None:
            drawn = sampler.records()
            write_table(out / "review.csv", REVIEW_COLUMNS, drawn)
            write_workbook(out / "review.xlsx", {"抽检": (_titled(REVIEW_COLUMNS), drawn)})
        write_book()
    return {**made, "cells": trends.cells()}


def _counted(records: Iterable[dict[str, Any]], scores: Scores, trends: Trends) -> Iterator[dict[str, Any]]:
    for record in records:
        scores.finding(record)
        trends.finding(record)
        yield record


class _Marks:
    """On disk: how many findings a message has, what the worst of them leads to, and their codes."""

    def __init__(self) -> None:
        self._maybe = bytearray(_FILTER)  # most messages have no findings, and need no question to the database
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE marks (source BLOB, digest TEXT, action TEXT, code TEXT)")

    def fill(self, records: Iterable[dict[str, Any]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO marks VALUES (?, ?, ?, ?)",
            ((self._marked(r["source"]), digest_of(r["text"]), r["action"], r["code"]) for r in records),
        )
        self._database.execute("CREATE INDEX by_source ON marks (source, digest)")
        self._database.execute("COMMIT")

    def _marked(self, source: str) -> bytes:
        self._maybe[hash(source) % _FILTER] = 1
        return _bytes(source)

    def of(self, source: str, digest: str) -> tuple[int, str | None, str]:
        if not self._maybe[hash(source) % _FILTER]:
            return 0, None, ""
        query = "SELECT action, code FROM marks WHERE source = ? AND digest = ?"
        found = self._database.execute(query, (_bytes(source), digest)).fetchall()
        if not found:
            return 0, None, ""
        worst = min((action for action, _ in found), key=RISKS.index)
        return len(found), worst, " ".join(sorted({code for _, code in found}))

    def beside(self, index: Any) -> Any:
        """Return an Arrow table of messages with what the findings say of them."""
        pa = arrow()[0]
        sources, digests = index.column("source").to_pylist(), index.column("digest").to_pylist()
        found = [self.of(source, digest) for source, digest in zip(sources, digests, strict=True)]
        numbers, worst = pa.array([each[0] for each in found], pa.int64()), [each[1] for each in found]
        return index.append_column("findings", numbers).append_column("worst", pa.array(worst, pa.string()))

    def close(self) -> None:
        self._database.close()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _workbook(
    out: Path, made: Mapping[str, list[dict[str, Any]]], summary: Mapping[str, Any], metrics: list[dict[str, Any]]
) -> None:
    finding = (
        *("time", "shop", "agent", "buyer", "text", "surface", "code", "category", "severity", "action", "message"),
        *("document", "clause", "verification", "suggestion", "session", "source"),
    )
    score = ("messages", "findings", "score", "grade", "vetoes", "few")
    trend = ("messages", "block", "warn", "note", "per_100")
    scores = [
        {**s, "vetoes": "、".join(s["vetoes"]), "few": "是" if s["few"] else "", "agent": s["agent"]}
        for s in made["scores"]
    ]
    write_workbook(
        out / "audit.xlsx",
        {
            "概览": (_titled(("item", "value")), [{"item": name, "value": value} for name, value in summary.items()]),
            "问题": (_titled(finding), records_of(out / "findings.jsonl")),
            "客服": (_titled(("shop", "agent", *score)), [s for s in scores if s["agent"] is not None]),
            "店铺": (_titled(("shop", *score)), [s for s in scores if s["agent"] is None]),
            "回复指标": (
                _titled(
                    ("platform", "name", "agent", "asked", "in_time", "share", "target", "verification", "conflict")
                ),
                metrics,
            ),
            "按日": (_titled(("day", *trend)), made["days"]),
            "按钟点": (_titled(("hour", *trend)), made["hours"]),
        },
    )


def _titled(columns: Iterable[str]) -> dict[str, str]:
    return {column: HEADINGS[column] for column in columns}
