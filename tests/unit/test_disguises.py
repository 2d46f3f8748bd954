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
