"""GitHub workflow commands, shown beside the lines of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle
from compliance.model import Action

__all__ = ["render"]

_COMMANDS = {Action.BLOCK: "error", Action.WARN: "warning", Action.NOTE: "notice"}


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield one command a finding; columns are UTF-16 units from 1."""
    for result in results:
        for finding in result.verdict.findings:
            place = (
                f"file={_property(result.message.origin)},line={result.message.line},"
                f"col={finding.start_utf16 + 1},endColumn={finding.end_utf16},title={_property(finding.code)}"
            )
            yield f"::{_COMMANDS[finding.action]} {place}::{_data(f'“{finding.surface}” {finding.message}')}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
