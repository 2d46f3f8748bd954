"""The report: one HTML file that works offline and prints well. Buyers are masked unless asked for."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources
from typing import TYPE_CHECKING, Any

from compliance.errors import InputError

if TYPE_CHECKING:
    from compliance.audit.runner import AuditResult

__all__ = ["report_page"]

_MOST_BARS = 20
_LONG_NUMBER = re.compile(r"\d{7,}")


def report_page(result: AuditResult, show_buyers: bool) -> str:
    """Return the page.

    Raises:
        InputError: the template library is not installed.
    """
    try:
        from jinja2 import Environment  # noqa: PLC0415  an optional extra
    except ImportError:
        raise InputError('the report needs pip install "compliance[audit]"') from None
    template = resources.files("compliance.audit").joinpath("report.html.jinja").read_text("utf-8")
    worst = [{**record, **_shown(record, show_buyers)} for record in result.worst]
    return (
        Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        .from_string(template)
        .render(
            result=result,
            rules=_bars(result.rules),
            agents=_bars(result.agents),
            days=sorted(_bars(result.days, None)),
            hours=[(hour, result.hours[hour]) for hour in range(24)],
            busiest=max(result.hours.values(), default=1),
            worst=worst,
            shops=[metric for metric in result.metrics if metric["agent"] is None],
            people=[metric for metric in result.metrics if metric["agent"] is not None],
        )
    )


def _bars(counts: Counter[str], most: int | None = _MOST_BARS) -> list[tuple[str, int, float]]:
    """Return (name, count, width in percent of the longest bar)."""
    top = max(counts.values(), default=1)
    return [(name, count, 100 * count / top) for name, count in counts.most_common(most)]


def _shown(record: dict[str, Any], show_buyers: bool) -> dict[str, Any]:
    text, start, end = record["text"], record["start"], record["end"]
    parts = text[:start], text[start:end], text[end:]
    if show_buyers:
        return {"parts": parts}
    told = {key: _masked(record[key] or "") for key in ("message", "suggestion")}
    return {**told, "parts": tuple(map(_masked, parts)), "buyer": _initial(record["buyer"]), "session": ""}


def _masked(text: str) -> str:
    return _LONG_NUMBER.sub(lambda run: run[0][:3] + "*" * (len(run[0]) - 5) + run[0][-2:], text)


def _initial(name: str) -> str:
    return f"{name[:1]}***" if name else ""
