"""Rules over whole conversations, on chats small enough to judge by eye."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from compliance.audit.conditions import Condition
from compliance.audit.conversation_rules import ConversationRules, broken
from compliance.audit.mass import mass_messages
from compliance.audit.row import Role, Row
from compliance.audit.settings import load_audit_data

RULES = load_audit_data().conversation
SPEAKERS = {"买": Role.BUYER, "客": Role.AGENT, "机": Role.ROBOT}


def _chat(text: str) -> list[Row]:
    """Read lines such as ``10:00 买 在吗``; ``+1`` before the clock is the next day."""
    rows = []
    for number, line in enumerate(text.strip().splitlines(), 1):
        clock, speaker, said = line.split(maxsplit=2)
        days, _, clock = clock.rpartition("+")
        day = datetime(2026, 11, 2) + timedelta(days=len(days) + 1 if "+" in line.split()[0] else 0)
        time = datetime.fromisoformat(f"{day:%Y-%m-%d} {clock}")
        role = SPEAKERS[speaker]
        rows.append(Row(str(number), role, said, time, "s", "b1", "小美" if role is Role.AGENT else ""))
    return rows


# The lines that break a rule, by eye.
@pytest.mark.parametrize(
    ("code", "chat", "lines"),
    [
        ("CNV101", "10:00 买 在吗\n10:01 客 有货", ["2"]),
        ("CNV101", "10:00 买 在吗\n10:01 客 亲，有货", []),
        ("CNV101", "10:00 买 在吗\n10:00 机 您好，请稍等\n10:01 客 有货", []),  # the robot greeted
        ("CNV101", "10:00 客 新品上架", []),  # nobody asked: no opening
        ("CNV101", "10:00 买 在吗\n10:01 客 您好\n16:00 买 还在吗\n16:01 客 有货", ["4"]),  # a new session
        ("CNV101", "10:00 买 在吗\n10:01 客 您好\n13:00 买 还在吗\n13:01 客 有货", []),  # the same one
        ("CNV102", "10:00 买 在吗\n10:01 客 亲，有货", ["2"]),
        ("CNV102", "10:00 买 在吗\n10:01 客 亲，有货，祝您生活愉快", []),
        ("CNV102", "10:00 买 在吗\n10:01 客 感谢支持\n10:02 客 有货", []),  # said shortly before
        ("CNV102", "10:00 买 在吗\n10:01 客 有货\n10:02 买 好的", []),  # the buyer has the last word
        ("CNV103", "10:00 买 什么时候到货？", ["1"]),
        ("CNV103", "10:00 买 什么时候到货？\n+09:59 客 明天", []),  # within a day
        ("CNV103", "10:00 买 什么时候到货？\n+10:01 客 明天", ["1"]),
        ("CNV103", "10:00 买 什么时候到货？\n10:01 机 您好", ["1"]),  # a robot is no answer
        ("CNV103", "10:00 买 多久到？\n10:01 买 有人吗", ["2"]),  # once, at the last of them
        ("CNV103", "10:00 买 好的", []),
        ("CNV104", "10:00 客 在吗亲\n10:30 客 考虑得怎么样\n11:00 客 还要吗\n11:30 客 最后一天", ["3"]),
        ("CNV104", "10:00 客 在吗亲\n10:29 客 考虑得怎么样\n10:50 客 还要吗", []),  # not 30 minutes apart: one contact
        ("CNV104", "10:00 客 在吗亲\n10:30 客 考虑得怎么样\n10:40 买 嗯\n11:10 客 还要吗", []),  # the buyer answered
        ("CNV104", "10:00 客 在吗亲\n+10:00 客 考虑得怎么样\n++10:00 客 还要吗", ["3"]),  # over days
        ("CNV104", "10:00 客 在吗亲\n10:30 客 考虑得怎么样\n11:00 客 您的订单已发货", []),  # a notice of the order
        ("CNV105", "22:00 客 亲，上新了", ["1"]),
        ("CNV105", "21:59 客 亲，上新了", []),
        ("CNV105", "07:59 客 亲，上新了", ["1"]),
        ("CNV105", "08:00 客 亲，上新了", []),
        ("CNV105", "22:00 买 在吗\n23:00 客 在的亲", []),  # the buyer wrote within the hour
        ("CNV105", "22:00 买 在吗\n23:01 客 在的亲", ["2"]),
        ("CNV105", "22:00 客 亲，上新了\n23:30 客 看看吧", ["1"]),  # once a night
        ("CNV105", "23:00 客 您的快递到了", []),
    ],
)
def test_a_rule_finds_these_lines(code: str, chat: str, lines: list[str]) -> None:
    assert [found.row.source for found in broken(RULES, _chat(chat), "pdd") if found.head.code == code] == lines


def test_a_question_nobody_answered_is_laid_to_the_agent_of_the_conversation() -> None:
    chat = _chat("10:00 买 在吗\n10:01 客 在的亲\n10:02 买 什么时候到货？")
    (found,) = [found for found in broken(RULES, chat, "pdd") if found.head.code == "CNV103"]
    assert (found.row.role, found.agent) == (Role.BUYER, "小美")


# On one chat: 1 buyer 在吗, 2 agent 您好, 3 agent 包邮, 4 buyer 好, 5 agent 谢谢
CHAT = "10:00 买 在吗\n10:01 客 您好\n10:02 客 包 邮\n10:10 买 好\n10:20 客 Ｏ K谢谢"


@pytest.mark.parametrize(
    ("find", "lines"),
    [
        ({"role": "agent"}, "235"),
        ({"role": ["agent", "buyer"], "nth": 2}, "2"),
        ({"role": "agent", "nth": -1}, "5"),
        ({"role": "agent", "nth": -3}, "2"),
        ({"role": "agent", "nth": 4}, ""),
        ({"says": {"any_of": ["包邮", "谢谢"]}}, "35"),  # spaces aside
        ({"says": {"all_of": ["ok", "谢谢"]}}, "5"),  # case and width aside
        ({"says": {"none_of": ["好"]}}, "135"),
        ({"role": "agent", "after": {"role": "buyer", "within": 60}}, "2"),
        ({"role": "agent", "after": {"role": "buyer", "within": 120}}, "23"),
        ({"role": "agent", "after": {"role": "buyer", "messages": 1}}, "25"),
        ({"role": "agent", "before": {"role": "buyer"}}, "23"),
        ({"role": "buyer", "before": {"role": "agent", "says": {"any_of": ["谢谢"]}, "within": 600}}, "4"),
        ({"clock": ["10:02", "10:20"]}, "34"),
        ({"clock": ["10:20", "10:01"]}, "15"),  # over midnight
        ({"any": [{"nth": 1}, {"role": "agent", "nth": -1}]}, "15"),
        ({"all": [{"role": "agent"}, {"before": {"role": "agent"}}]}, "23"),
        ({"role": "agent", "none": [{"says": {"any_of": ["您好"]}}, {"nth": -1, "role": "agent"}]}, "3"),
    ],
)
def test_operators(find: dict[str, Any], lines: str) -> None:
    head = {"code": "X", "name": "x", "category": "x", "severity": "low", "action": "note", "message": "x"}
    rules = ConversationRules.parse({"gap": 3600, "rules": [{**head, "find": find}]})
    assert "".join(found.row.source for found in broken(rules, _chat(CHAT))) == lines


@pytest.mark.parametrize("data", [{"rolle": "agent"}, {"says": {"some_of": []}}, {"role": "boss"}, {"after": {"x": 1}}])
def test_a_condition_that_says_something_unknown_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Condition.parse(data)


def test_a_rule_counts_only_on_its_platforms() -> None:
    head = {"code": "X", "name": "x", "category": "x", "severity": "low", "action": "note", "message": "x"}
    rules = ConversationRules.parse({"gap": 1, "rules": [{**head, "platforms": ["jd"], "find": {"role": "agent"}}]})
    chat = _chat("10:00 客 您好")
    assert [len(list(broken(rules, chat, platform))) for platform in ("jd", "pdd")] == [1, 0]


def _sent(number: int, seconds: int, text: str, asked: bool = False, agent: str = "小美") -> list[Row]:
    time = datetime(2026, 11, 2, 10) + timedelta(seconds=seconds)
    row = Row(f"{number}", Role.AGENT, text, time, f"s{number}", f"b{number}", agent)
    return [Row("", Role.BUYER, "在吗", time - timedelta(seconds=60), f"s{number}"), row] if asked else [row]


OFFER = "亲，店铺上新啦，快来看看吧"


@pytest.mark.parametrize(
    ("conversations", "found"),
    [
        ([_sent(n, 60 * n, OFFER) for n in range(9)], []),
        ([_sent(n, 60 * n, OFFER) for n in range(10)], ["9"]),
        ([_sent(n, 60 * n, OFFER) for n in range(30)], ["9"]),  # once for a wave
        ([_sent(n, 401 * n, OFFER) for n in range(10)], []),  # the tenth comes 3609 s after the first
        ([_sent(n, 60 * n, OFFER, asked=True) for n in range(10)], []),  # answers
        ([_sent(n, 60 * n, "好的亲") for n in range(10)], []),  # too short to be a campaign
        ([_sent(n, 60 * n, "亲，您的订单已经发货了哦") for n in range(10)], []),  # a notice
        ([_sent(n, 60 * n, OFFER, agent=f"客服{n % 2}") for n in range(10)], []),  # five each
        ([[row for n in range(10) for row in _sent(n, 60 * n, OFFER)]], []),  # to one buyer
    ],
)
def test_one_text_to_many_buyers(conversations: list[list[Row]], found: list[str]) -> None:
    assert RULES.mass is not None
    assert [broken.row.source for broken in mass_messages(RULES.mass, conversations)] == found
