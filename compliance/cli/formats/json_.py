"""One JSON array of verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle

__all__ = ["render"]


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield the array, element by element."""
    separator = "[\n"
    for result in results:
        yield separator + json.dumps(result.verdict.to_dict(), ensure_ascii=False, indent=1)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"
