"""How an audit cuts chats into runs, checks them and tells how far it is."""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from compliance import Bundle, Checker
from compliance.audit import judging
from compliance.audit.metrics import waits_of
from compliance.audit.row import Role, Row
from compliance.audit.sessions import message_of, runs_of
from compliance.audit.store import RowStore, cells_of
from compliance.cli.progress import ProgressBar
from compliance.profile import Profile

DAY = datetime(2026, 11, 2, 9)


def _said(*said: tuple[int, str], role: Role = Role.AGENT, buyer: str = "b") -> list[Row]:
    return [Row("", role, text, DAY + timedelta(seconds=second), buyer=buyer, agent="小美") for second, text in said]


def _surfaces(rows: list[Row], bundle: Bundle, jobs: int = 1) -> list[tuple[str, str]]:
    found = judging.judged(runs_of(rows), Checker(bundle, Profile()), "pdd", jobs)
    return [(run[f["message_index"]].text, f["code"]) for run, findings in found for f in findings]


@pytest.mark.parametrize(
    ("said", "together"),
    [
        ([(0, "加我微"), (10, "信")], True),
        ([(0, "加我微"), (60, "信")], True),
        ([(0, "加我微"), (61, "信")], False),  # a pause of more than a minute
        ([(0, "加我微"), (86_400, "信")], False),
    ],
)
def test_fragments_are_read_together_only_without_a_long_pause(
    bundle: Bundle, said: list[tuple[int, str]], together: bool
) -> None:
    found = judging.judged(runs_of(_said(*said)), Checker(bundle, Profile()), "pdd", 1)
    assert any(f["technique"] == "split_messages" for _, findings in found for f in findings) is together


CHATS = [
    [(0, "亲，在的"), (5, "加我微"), (9, "信"), (100, "信"), (130, "我们是全网最低价，放心购买，质量保证哦")],
    [(0, "好"), (3, "评"), (4, "返"), (5, "现"), (9, "亲亲这边看到您的订单已经发货啦"), (11, "记得加微信领红包哦")],
]


@pytest.mark.parametrize("said", CHATS)
def test_runs_give_what_the_conversation_gives(bundle: Bundle, checker: Checker, said: list[tuple[int, str]]) -> None:
    rows = _said(*said)
    verdict = checker.check_conversation([message_of(row) for row in rows], platform="pdd")
    assert _surfaces(rows, bundle) == [(rows[f.message_index].text, f.code) for f in verdict.findings] != []


def test_equal_runs_of_a_day_are_checked_once(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[judging.Task] = []

    class Counting(judging.Judge):
        def __call__(self, tasks: Any) -> list[judging.Findings]:
            asked.extend(tasks)
            return super().__call__(tasks)

    monkeypatch.setattr(judging, "Judge", Counting)
    rows = [row for n in range(300) for row in _said((100 * n, "加我微信聊"), buyer=str(n))]
    rows += _said((86_400, "加我微信聊"))
    rows += [row for second in (90_000, 90_100, 90_200) for row in _said((second, "加我微"), (second + 3, "信"))]
    found = _surfaces(rows, bundle)
    assert [task.texts for task in asked] == [("加我微信聊",), ("加我微信聊",), ("加我微", "信")]
    assert sum(text == "加我微信聊" for text, _ in found) >= 301


def test_the_order_of_the_log_does_not_matter(tmp_path: Path) -> None:
    rows = [row for buyer in "甲乙丙" for row in _said((0, "在"), (7, "的"), (9, "哦"), buyer=buyer)]
    mixed = random.Random(1).sample(rows, len(rows))
    store = RowStore(tmp_path / "rows.sqlite")
    store.fill(map(cells_of, mixed))
    found = {name: "".join(row.text for row in rows) for name, rows in store.conversations()}
    store.close()
    assert found == dict.fromkeys("甲乙丙", "在的哦")


def test_rows_without_a_time_keep_their_place_and_any_text(tmp_path: Path) -> None:
    rows = [Row("x", Role.AGENT, text, buyer="b") for text in ("三", "一", "\ud800二", "")]
    store = RowStore(tmp_path / "rows.sqlite")
    store.fill(map(cells_of, rows))
    ((_, found),) = ((name, list(rows)) for name, rows in store.conversations())
    store.close()
    assert found == rows


def test_a_wait_without_an_answer_is_laid_to_the_first_agent() -> None:
    rows = _said((0, "在吗"), role=Role.BUYER) + _said((5, "您好"), role=Role.ROBOT)
    rows += _said((9, "有货吗"), role=Role.BUYER) + _said((20, "有的"))
    rows += _said((30, "好"), role=Role.BUYER)
    waits = [(wait.agent, wait.any_answer, wait.human_answer, wait.first) for wait in waits_of("s", rows)]
    assert waits == [("小美", 5, None, True), ("小美", 11, 11, False), ("小美", None, None, False)]


def test_the_line_tells_rate_and_time_left() -> None:
    now = [0.0]
    line, lines = io.StringIO(), []
    bar = ProgressBar(line, lambda: now[0])
    for second, done, total in ((0, 500, None), (1, 0, 4000), (11, 1000, 4000), (41, 4000, 4000)):
        now[0] = second
        bar(done, total)
        lines.append(line.getvalue().rpartition("\r")[2].removeprefix("\033[K"))
    assert lines[0] == "读取 500 行"
    assert lines[2].endswith("25% 1,000/4,000 行，每秒 100 行，还需 0:30")
    assert lines[3].endswith("100% 4,000/4,000 行，每秒 100 行\n")
