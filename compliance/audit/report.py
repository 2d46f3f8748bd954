"""The report: one HTML file that works offline and prints well. Buyers are masked unless asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from compliance.audit.trends import line_plot
from compliance.errors import InputError

if TYPE_CHECKING:
    from compliance.audit.summary import AuditResult

__all__ = ["report_page", "summary_lines"]

_MOST_BARS = 20
_MOST_SCORES = 50
_LONG_NUMBER = re.compile(r"\d{7,}")


def summary_lines(result: AuditResult) -> dict[str, int]:
    """Return the counts that stand at the top, by name."""
    lines = {
        "客服消息": result.messages["agent"],
        "买家消息": result.messages["buyer"],
        "机器人消息": result.messages["robot"],
        "不能发送": result.actions["block"],
        "请留意": result.actions["warn"],
        "提示": result.actions["note"],
        "已知问题": result.known,
        "无法读取的行": result.bad_rows,
    }
    always = ("客服消息", "买家消息", "不能发送", "请留意")
    return {name: number for name, number in lines.items() if number or name in always}


def report_page(result: AuditResult, show_buyers: bool, made: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        result: the counts.
        show_buyers: name buyers and numbers.
        made: scores and trends, as :func:`~compliance.audit.aggregate.aggregate` returns them, and ``titles`` by rule.

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
            rules=[(f"{made['titles'].get(code, '')} {code}".strip(), *bar) for code, *bar in _bars(result.rules)],
            agents=_bars(result.agents),
            cards=summary_lines(result),
            plots=[
                (title, plot)
                for title, records, name, value in (
                    ("每百条消息的问题，按日", made["days"], "day", "per_100"),
                    ("客服消息，按日", made["days"], "day", "messages"),
                    ("每百条消息的问题，按钟点", made["hours"], "hour", "per_100"),
                )
                if (plot := line_plot(records, name, value))
            ],
            cells=made["cells"],
            busiest=max(made["cells"].values(), default=1),
            people_scores=[score for score in made["scores"] if score["agent"] is not None][:_MOST_SCORES],
            shop_scores=[score for score in made["scores"] if score["agent"] is None][:_MOST_SCORES],
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
