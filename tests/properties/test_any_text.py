"""Facts that hold for any text, found by hypothesis rather than by us."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance import PLATFORMS, Checker, Message
from compliance.fold import View

DANGEROUS = [
    "加", "微", "信", "加微信", "薇❤", "v", "VX", "扣扣", "138 0013 8000", "一三八", "①③⑧", "淘宝", "陶 宝", "🍑宝", "最好",
    "全网最低", "第一", "傻", "逼", "s b", "滚", "你妈", "返现", "好评", "不开", "发票", "治疗", "包好", "http://a.cn/", "支付",
    "，", "。", "\n", " ", "\u200b", "😀", "👨‍👩‍👧", "\ud800", "\x00", "ﷺ", "é", "e\u0301", "𝐖𝐗", "二维码", "转账", "亲", "哦",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(DANGEROUS), st.text(max_size=4), st.characters()), max_size=25).map("".join)
platforms = st.sampled_from(sorted(PLATFORMS))
shared_fixture = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@shared_fixture
@given(text=texts, platform=platforms)
def test_offsets_give_back_the_very_characters(checker: Checker, text: str, platform: str) -> None:
    for finding in checker.check(text, platform=platform).findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.surface
        units = text.encode("utf-16-le", "surrogatepass")
        part = units[2 * finding.start_utf16 : 2 * finding.end_utf16]
        assert part == finding.surface.encode("utf-16-le", "surrogatepass")


@shared_fixture
@given(text=texts)
def test_folding_keeps_the_length_and_is_idempotent(checker: Checker, text: str) -> None:
    tables = checker.bundle.tables
    for fold in (tables.soften, tables.harden):
        once = fold(text)
        assert len(once) == len(text)
        assert fold(once) == once


def test_folding_any_single_character_twice_changes_nothing_more(checker: Checker) -> None:
    tables = checker.bundle.tables
    characters = "".join(map(chr, range(0x110000)))
    for fold in (tables.soften, tables.harden):
        once = fold(characters)
        again = fold(once)
        assert [hex(i) for i, (a, b) in enumerate(zip(once, again, strict=True)) if a != b] == []


@shared_fixture
@given(batch=st.lists(texts, min_size=1, max_size=6), platform=platforms)
def test_a_message_gets_the_same_verdict_alone_and_in_threads(
    checker: Checker, batch: list[str], platform: str
) -> None:
    alone = [checker.check(text, platform=platform) for text in batch]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: checker.check(text, platform=platform), batch)) == alone
    assert [checker.check(text, platform=platform) for text in reversed(batch)] == alone[::-1]


@shared_fixture
@given(text=texts, platform=platforms)
def test_a_rewrite_is_clean_and_a_clean_message_has_none(checker: Checker, text: str, platform: str) -> None:
    verdict = checker.check(text, platform=platform)
    if verdict.decision == "pass":
        assert verdict.rewrite is None
    elif verdict.rewrite is not None:
        assert checker.check(verdict.rewrite.text, platform=platform).decision == "pass"


@shared_fixture
@given(parts=st.lists(texts, max_size=4), platform=platforms)
def test_conversation_offsets_point_into_their_own_message(checker: Checker, parts: list[str], platform: str) -> None:
    verdict = checker.check_conversation([Message(part) for part in parts], platform=platform)
    for finding in verdict.findings:
        assert parts[finding.message_index][finding.start : finding.end] == finding.surface


@pytest.mark.parametrize("view_text", ["加微信", "亲，加 微 信", "plain", ""])
def test_a_view_knows_where_its_characters_came_from(checker: Checker, view_text: str) -> None:
    view = View(view_text, checker.bundle.tables)
    assert len(view.kept) <= len(view_text)
    assert all(view.text[i] == view_text[i] for i in view.kept)


@pytest.mark.parametrize(
    "unit",
    [
        "加微信聊",
        "a",
        "1",
        "1 ",
        "最",
        "，",
        "❤",
        "\u200b",
        "加",
        "http://",
        "@a.",
        "138 0013 8000 ",
        "区路1号",
        "亲亲",
        "v x ",
    ],
)
def test_twice_the_text_takes_about_twice_the_time(checker: Checker, unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        best = float("inf")
        for _ in range(2):
            begin = time.perf_counter()
            checker.check(text, platform="pdd")
            best = min(best, time.perf_counter() - begin)
        return best

    small, large = 10_000, 40_000
    assert seconds(large) < 10 * seconds(small) + 0.05
