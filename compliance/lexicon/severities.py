"""Severities as rules write them: one level, or a table by platform and order status."""

from __future__ import annotations

from typing import get_args

from compliance.lexicon.bundle import SeverityTable
from compliance.lexicon.reader import Reader
from compliance.lexicon.schema import SeverityModel
from compliance.lexicon.source import Source
from compliance.model import PLATFORMS, OrderStatus, Severity

__all__ = ["severity_table"]

_STATUSES = {*get_args(OrderStatus), "paid+"}


def severity_table(reader: Reader, source: Source, model: SeverityModel, path: tuple[str | int, ...]) -> SeverityTable:
    """Compile a severity that stands at ``path`` of a file."""
    if isinstance(model, str):
        return SeverityTable(_level(model))
    for key in model:
        platform, _, status = key.partition(".")
        known = key in {"default", *_STATUSES} or (platform in PLATFORMS and (not status or status in _STATUSES))
        if not known:
            reader.report(source, f"unknown severity key {key!r}", *path, key)
    if "default" not in model:
        reader.report(source, "a severity table needs 'default'", *path)
    special = {key: _level(text) for key, text in model.items() if key != "default"}
    return SeverityTable(_level(model.get("default", "off")), special)


def _level(text: str) -> Severity | None:
    return None if text == "off" else Severity[text.upper()]
