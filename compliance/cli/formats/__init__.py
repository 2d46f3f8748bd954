"""Ways to show results; each is one module with ``render(results, bundle)``, a generator of text parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Final

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle

__all__ = ["FORMATS", "Result", "formatter"]

FORMATS: Final = ("text", "json", "jsonl", "sarif", "github", "junit", "csv")


def formatter(name: str, bundle: Bundle, colour: bool) -> Callable[[Iterable[Result]], Iterator[str]]:
    """Return the renderer of a format."""
    render = import_module(f"compliance.cli.formats.{name}_").render
    return partial(render, bundle=bundle, colour=colour)
