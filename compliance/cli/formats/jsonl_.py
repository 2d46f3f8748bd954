"""One verdict a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle

__all__ = ["render"]


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield the lines."""
    for result in results:
        yield json.dumps(result.verdict.to_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"
