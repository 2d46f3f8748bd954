"""One row a finding, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle

__all__ = ["plain_cell", "render"]

_HEADER = (
    "file", "line", "decision", "code", "category", "severity", "action", "start", "end", "surface", "message",
    "citation", "rewrite",
)  # fmt: skip


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield the header and the rows."""
    yield _row(_HEADER)
    for result in results:
        verdict = result.verdict
        for f in verdict.findings:
            cited = f.citations[0] if f.citations else None
            yield _row((
                result.message.origin, result.message.line, verdict.decision.value, f.code, f.category,
                f.severity.label, f.action.value, f.start, f.end, f.surface, f.message,
                f"{cited.document}{cited.clause or ''}（{cited.verification}）" if cited else "",
                verdict.rewrite.text if verdict.rewrite else "",
            ))  # fmt: skip


def plain_cell(value: object) -> object:
    """Keep a spreadsheet from running a cell that begins like a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _row(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([plain_cell(cell) for cell in cells])
    return buffer.getvalue()
