"""How edits are chosen, put together and mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import Bundle, Checker, Profile
from compliance.model import Tier, ToneName
from compliance.rewrite.compose import apply
from compliance.rewrite.edits import Edit
from compliance.rewrite.mend import mend

TEXT = "亲，一二三四五，六七八九十。"


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("亲，，今天发货", "亲，今天发货"),
        ("，今天发货", "今天发货"),
        ("今天发货，", "今天发货"),
        ("今天发货，。", "今天发货。"),
        ("今天发货。，放心拍", "今天发货。放心拍"),
        ("的面料很好", "面料很好"),
        ("今天发货", "今天发货"),
    ],
)
def test_punctuation_is_mended(broken: str, mended: str) -> None:
    assert mend(broken) == mended


@given(st.text("亲，。！的一二 ", max_size=12))
def test_mending_twice_changes_nothing(text: str) -> None:
    assert mend(mend(text)) == mend(text)


def test_the_wider_of_two_overlapping_edits_stands() -> None:
    edits = [Edit(3, 5, "甲", Tier.SAFE), Edit(2, 7, "乙", Tier.SAFE)]
    assert apply(TEXT, edits) == apply(TEXT, edits[::-1]) == "亲，乙，六七八九十。"


def test_a_sentence_on_one_topic_is_said_once() -> None:
    edits = [Edit(2, 7, "在这里说就行", Tier.UNSAFE, "contact"), Edit(8, 13, "在这里沟通", Tier.UNSAFE, "contact")]
    assert apply(TEXT, edits) == "亲，在这里说就行。"


spans = st.tuples(st.integers(0, 12), st.integers(1, 4), st.text("甲乙丙", max_size=3))


@given(st.lists(spans, max_size=5))
def test_the_order_of_edits_does_not_matter_and_the_rest_is_kept(items: list[tuple[int, int, str]]) -> None:
    edits = [Edit(start, min(start + size, len(TEXT)), words, Tier.SAFE) for start, size, words in items]
    result = apply(TEXT, sorted(edits, key=lambda e: (e.start, e.end, e.text)))
    touched = {i for edit in edits for i in range(edit.start, edit.end)}
    kept = [char for i, char in enumerate(TEXT) if i not in touched and char.isalnum()]
    assert [char for char in result if char in kept and char not in "甲乙丙"] == kept


@pytest.mark.parametrize(("tone", "without"), [("formal", "哦"), ("brief", "亲，")])
def test_a_tone_changes_the_wording_and_nothing_else(bundle: Bundle, tone: ToneName, without: str) -> None:
    text = "加我微信哦"
    plain = Checker(bundle).check(text, platform="pdd")
    toned = Checker(bundle, Profile(tone=tone)).check(text, platform="pdd")
    assert plain.rewrite is not None
    assert toned.rewrite is not None
    assert without not in toned.rewrite.text
    assert [f.code for f in plain.findings] == [f.code for f in toned.findings]


@pytest.mark.parametrize(
    "text", ["订单2401今天发出了加我微信看单号哦", "亲，您的尺码是XL，加我微信确认吧", "一共3件58元，微信转我就行"]
)
def test_what_was_said_beside_the_breach_is_kept(checker: Checker, text: str) -> None:
    rewrite = checker.check(text, platform="pdd").rewrite
    assert rewrite is not None
    facts = [fact for fact in ("2401", "XL", "3件58元") if fact in text]
    assert all(fact in rewrite.text for fact in facts)


def test_a_statement_in_the_place_of_a_question_ends_without_its_mark(checker: Checker) -> None:
    rewrite = checker.check("加我微信聊行不？今天给您发货", platform="pdd").rewrite
    assert rewrite is not None
    assert not set("?？") & set(rewrite.text)
    assert rewrite.text.endswith("，今天给您发货")


def test_half_a_sentence_is_not_left_standing(checker: Checker) -> None:
    rewrite = checker.check("那个398是划线吓人的，今天拍99", platform="pdd").rewrite
    assert rewrite is not None
    assert "398是" not in rewrite.text
