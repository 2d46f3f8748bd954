"""Scores, computed by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from compliance.audit.scoring import Scores, Scoring
from compliance.audit.settings import load_audit_data
from compliance.audit.trends import Trends, line_plot

DATA: dict[str, Any] = {
    "base": 100,
    "per": 100,
    "least": 20,
    "weights": {"critical": 10, "high": 5, "medium": 2, "low": 1},
    "actions": {"note": 0.5},
    "codes": {"OWN101": 3},
    "veto": [
        {"name": "辱骂", "category": ["abuse"], "at_most": 59},
        {"name": "屡犯", "severity": "high", "times": 3, "at_most": 70},
    ],
    "grades": [[60, "合格"], [90, "优"], [0, "不合格"]],
    "sampling": {"block": 1},
}
SCORING = Scoring.parse(DATA)


@pytest.mark.parametrize(
    ("messages", "findings", "score", "grade"),
    [
        (100, {}, 100.0, "优"),
        (100, {("A101", "price", "high", "block"): 2}, 90.0, "优"),  # 100 - 100 * 10 / 100
        (1000, {("A101", "price", "high", "block"): 2}, 99.0, "优"),
        (50, {("A101", "price", "medium", "warn"): 3}, 88.0, "合格"),  # 100 - 100 * 6 / 50
        (5, {("A101", "price", "medium", "warn"): 1}, 90.0, "优"),  # as with 20 messages: 100 - 100 * 2 / 20
        (100, {("A101", "price", "low", "note"): 4}, 98.0, "优"),  # half of a weight of 1
        (100, {("OWN101", "price", "critical", "block"): 1}, 97.0, "优"),  # a weight of its own
        (1000, {("B101", "abuse", "low", "warn"): 1}, 59.0, "不合格"),  # a veto
        (1000, {("A101", "price", "high", "block"): 3}, 70.0, "合格"),  # the third
        (20, {("A101", "price", "critical", "block"): 9}, 0.0, "不合格"),  # never below 0
    ],
)
def test_a_score_is_that_computed_by_hand(
    messages: int, findings: dict[tuple[str, str, str, str], int], score: float, grade: str
) -> None:
    found = SCORING.score(messages, findings)
    assert (found.score, found.grade, found.few) == (score, grade, messages < 20)


def _finding(shop: str, agent: str, action: str = "block", time: str | None = None) -> dict[str, Any]:
    return {
        "code": "A101",
        "category": "price",
        "severity": "high",
        "action": action,
        "shop": shop,
        "agent": agent,
        "time": time,
    }


def test_a_shop_is_scored_over_all_its_agents_and_the_worst_come_first() -> None:
    scores = Scores(SCORING)
    scores.messages({("一店", "小美"): 60, ("一店", "小强"): 40, ("二店", "小林"): 1})
    scores.finding(_finding("一店", "小强"))
    scores.finding(_finding("一店", "小强", "note"))
    told = [(s["shop"], s["agent"], s["messages"], s["findings"], s["score"]) for s in scores.records()]
    assert told == [
        ("一店", None, 100, 1, 92.5),  # 5 and half of 5 for 100 messages
        ("二店", None, 1, 0, 100.0),
        ("一店", "小强", 40, 1, 81.2),  # 100 - 100 * 7.5 / 40 = 81.25
        ("一店", "小美", 60, 0, 100.0),
        ("二店", "小林", 1, 0, 100.0),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"high": 1}},
        {"least": 0},
        {"codes": {"A101": -1}},
        {"veto": [{"name": "x", "at_most": 0, "severity": "terrible"}]},
        {"veto": [{"name": "x", "at_most": 0, "action": "shout"}]},
        {"sampling": {"block": 0}},
        {"sampling": {"all": 1}},
    ],
)
def test_numbers_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Scoring.parse({**DATA, **change})


def test_the_numbers_that_come_with_the_product_are_read() -> None:
    scoring = load_audit_data().scoring
    abused = scoring.score(1000, {("ABU101", "abuse", "critical", "block"): 1})
    assert (abused.score, abused.vetoes) == (59, ("辱骂或威胁买家",))


def test_trends_tell_every_day_between_and_every_hour() -> None:
    trends = Trends(Counter({("2026-11-02", 10): 2, ("2026-11-04", 11): 1}))
    trends.finding(_finding("", "", "block", "2026-11-02 10:00:00"))
    trends.finding(_finding("", "", "note", "2026-11-02 10:00:00"))
    assert [(d["day"], d["messages"], d["block"], d["note"], d["per_100"]) for d in trends.days()] == [
        ("2026-11-02", 2, 1, 1, 50.0),
        ("2026-11-03", 0, 0, 0, None),
        ("2026-11-04", 1, 0, 0, 0.0),
    ]
    assert [(h["hour"], h["per_100"]) for h in trends.hours() if h["messages"]] == [(10, 50.0), (11, 0.0)]
    assert trends.cells() == {(0, 10): 1}  # a Monday


def test_a_plot_breaks_its_line_where_there_is_no_value() -> None:
    records = [{"day": str(n), "v": v} for n, v in enumerate([1.0, 2.0, None, 3.0, 4.0])]
    plot = line_plot(records, "day", "v")
    assert plot is not None
    assert len(plot["lines"]) == 2
    assert [name for name, _ in plot["levels"]] == ["0", "2.5", "5"]
    assert line_plot(records[:1], "day", "v") is None
    assert line_plot([{"day": "1", "v": 0.0}, {"day": "2", "v": 0.0}], "day", "v") is not None
