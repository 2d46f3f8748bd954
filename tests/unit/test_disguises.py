"""What is taken for a disguise, and what only looks like one."""

from __future__ import annotations

import pytest

from compliance import Checker


def _codes(checker: Checker, text: str) -> set[str]:
    return {finding.code for finding in checker.check(text, platform="pdd").findings if finding.action.value != "note"}


@pytest.mark.parametrize("text", ["尺码 38", "请留意物流信息 38", "250", "腰围 38", "38码有货的亲", "这款250克装"])
def test_a_number_is_no_disguised_word(checker: Checker, text: str) -> None:
    assert _codes(checker, text) == set()


@pytest.mark.parametrize("text", ["预计今天发货💕", "1-2个工作日💕", "已经给您登记了❤", "亲，收到货了吗🌹"])
def test_a_pictograph_behind_a_whole_word_is_an_ornament(checker: Checker, text: str) -> None:
    assert _codes(checker, text) == set()


@pytest.mark.parametrize("text", ["加个薇❤吧", "加我V💕", "加我微❤聊"])
def test_a_pictograph_in_the_place_of_a_character_is_read_as_it(checker: Checker, text: str) -> None:
    assert _codes(checker, text)


@pytest.mark.parametrize(
    "text",
    ["您等着收律师涵吧", "会坠究您的法律责任", "收到后给个五兴好评返现金", "亲，揩发票要加税点的"],
)
def test_a_strange_character_of_the_same_sound_betrays_a_longer_word(checker: Checker, text: str) -> None:
    assert _codes(checker, text)


@pytest.mark.parametrize(
    "text",
    [
        "您的订单已经拣货完毕",
        "宝妈裙的面料是纯棉的",
        "满5000罐的时候会更优惠",
        "这是淘汰下来的旧款样式",
        "包裹到了当地网点",
        "鸡腿和栗子都有货",
        "枕芯是荞麦壳的",
        "单簧管的小簧片有现货",
        "柚子和梨都是现摘的",
        "这款是裸粉色的短靴",
    ],
)
def test_a_word_with_a_rare_character_is_itself(checker: Checker, text: str) -> None:
    assert _codes(checker, text) == set()
