"""Words split over several messages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from compliance import Checker, Message

NOON = datetime(2026, 3, 1, 12, 0, 0)


@pytest.mark.parametrize(
    "parts",
    [
        ["加", "微", "信"],
        ["您", "加我微", "信聊"],
        ["139", "1234", "5678"],
        ["1391234", "5678"],
        ["去淘", "宝搜我们店"],
    ],
)
def test_split_words_are_seen(checker: Checker, parts: list[str]) -> None:
    verdict = checker.check_conversation(parts, platform="pdd")
    assert verdict.decision == "block"
    assert any(finding.technique == "split_messages" for finding in verdict.findings)


@pytest.mark.parametrize(
    "parts",
    [
        ["好的亲，马上给您加", "微波炉适用的哦"],
        ["请问您要几件", "三件九折"],
        ["尺码138", "0013这款没货", "8000积分可换"],
    ],
)
def test_sentences_that_happen_to_meet_are_not_joined(checker: Checker, parts: list[str]) -> None:
    assert checker.check_conversation(parts, platform="pdd").findings == ()


def test_the_buyer_is_not_judged(checker: Checker) -> None:
    messages = [Message("加我微信", role="buyer"), Message("亲，就在这里聊哦")]
    assert checker.check_conversation(messages, platform="pdd").decision == "pass"


def test_a_long_pause_separates(checker: Checker) -> None:
    near = [Message("加微", time=NOON), Message("信", time=NOON + timedelta(seconds=5))]
    far = [Message("加微", time=NOON), Message("信", time=NOON + timedelta(minutes=5))]
    split = [
        {f.technique for f in checker.check_conversation(messages, platform="pdd").findings} for messages in (near, far)
    ]
    assert "split_messages" in split[0]
    assert "split_messages" not in split[1]
