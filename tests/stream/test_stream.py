"""Text in pieces: a breach is never shown, however it is cut, and clean text arrives whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import Action, Bundle, Checker, Context, InputError, Profile
from compliance.profile import ShopException
from compliance.stream import StreamRules, StreamSession

CORPUS = Path(__file__).parents[1] / "corpus"
PLATFORM = "pdd"


@pytest.fixture(scope="module")
def rules(checker: Checker) -> StreamRules:
    return StreamRules(checker, PLATFORM)


def _stream(rules: StreamRules, pieces: Iterable[str], context: Context | None = None) -> list[str]:
    """Return the released text after each piece, and after the end."""
    session = StreamSession(rules, context)
    seen = []
    for piece in pieces:
        session.feed(piece)
        seen.append(session.released)
    session.finish()
    return [*seen, session.released]


def _assert_safe(rules: StreamRules, text: str, seen: list[str], context: Context | None = None) -> None:
    """No released text is a breach; what the verdict on the whole blocks was never begun; clean text is complete."""
    checker, platform = rules.checker, rules.platform
    for shown in set(seen):
        assert text.startswith(shown)
        assert checker.check(shown, platform=platform, context=context).decision != "block"
    verdict = checker.check(text, platform=platform, context=context)
    blocked = [f.start for f in verdict.findings if f.action is Action.BLOCK]
    assert len(seen[-1]) <= min(blocked) if blocked else seen[-1] == text


def _banned(bundle: Bundle) -> Iterator[tuple[str, str, Context]]:
    """Yield an example of every rule and a part of the corpus."""
    for rule in bundle.rules:
        for example in [e for e in rule.examples if e.kind == "hit"][:1]:
            yield example.text, example.platform or min(rule.platforms), Context.parse(example.context)
    for file in sorted((CORPUS / "breaches").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines()[::30]:
            record = json.loads(line)
            if isinstance(record.get("text"), str):
                yield record["text"], record["platform"], Context.parse(record.get("context") or {})


def test_a_banned_example_is_never_released_at_any_cut(checker: Checker) -> None:
    # what is released depends only on what has arrived and grows with it, so single characters are the hardest cut:
    # any other one releases no more at the same place
    prepared = cache(lambda platform: StreamRules(checker, platform))
    blocked = 0
    for text, platform, context in _banned(checker.bundle):
        seen = _stream(prepared(platform), text, context)
        _assert_safe(prepared(platform), text, seen, context)
        blocked += seen[-1] != text
    assert blocked > 80


@pytest.mark.parametrize(
    "text",
    [
        "亲，加我微信聊吧",
        "您打我电话13800138000吧",
        "看 www.example.com 有优惠",
        "加V❤abc12345",
        "亲，等着吧，我们会坠究您的责任",
        "亲jia wo weixin聊吧",
        "亲加+我+微+信+聊吧",
        "我们不+开+发+票+的",
        "我们。不。开。发。票。的",
        "亲，我，们，不，开，发，票，的",
        "fapiao 开不了的哦",
        "亲，加我微亻言聊",
        "亲，加我微啊信聊",
        "您上淘哦宝呀搜我们店",
        "微信 a_b_c_d_1_2_3 您加",
        "微信mmjj二〇一八八您搜",
        "wx搜a😧b🐚c🐾d1🐾2",
        "那个差价用VX zhuan账给我呗🙏",  # whether the space ends the clause is known two characters later
    ],
)
def test_two_pieces_cut_anywhere_release_nothing_of_a_breach(rules: StreamRules, text: str) -> None:
    for cut in range(len(text) + 1):
        _assert_safe(rules, text, _stream(rules, [text[:cut], text[cut:]]))


WORDS = st.sampled_from(
    ["加", "我", "微", "啊", "信", "微信", "薇❤", "v", "X", "1", "38", "00", "一三八", "，", "。", " ", "*", "😀", "qq", "群", "号",
     "最", "最好", "的", "第一", "波炉", "亲", "您好", "发货", "了", "返现", "好评", "五星", "转账", "支付宝", "私下", "便宜",
     "点com", ".", "www", "路12号", "省", "杭州市", "地址在", "不", "可以", "给您", "到付", "京东", "平台", "\u200b", "+",
     "wei", "xin", "jia", "fapiao", "亻", "言", "没有", "二〇", "_", "a", "b_c", "不+开", "+发+", "票", "不,开,", "发,票", "坠究", "绿师函", "揩发票", "婶请"]
)  # fmt: skip


@settings(max_examples=120)
@given(st.lists(WORDS, max_size=14), st.lists(st.integers(1, 4), min_size=1, max_size=30))
def test_any_text_in_any_pieces_is_safe_and_complete(rules: StreamRules, words: list[str], sizes: list[int]) -> None:
    text, pieces, at = "".join(words), [], 0
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    _assert_safe(rules, text, _stream(rules, [*pieces, text[at:]]))


@settings(max_examples=50)
@given(st.text(max_size=60), st.integers(1, 5))
def test_any_unicode_arrives_whole_or_stops(rules: StreamRules, text: str, size: int) -> None:
    _assert_safe(rules, text, _stream(rules, [text[i : i + size] for i in range(0, len(text), size)]))


def test_ordinary_service_talk_does_not_wait_for_its_end(rules: StreamRules) -> None:
    text = "您好，您的订单已经发货了，请注意查收。预计明天到达，感谢您的支持！"
    seen = _stream(rules, text)
    assert len(seen[len(text) - 1]) >= len(text) - 8
    assert sum(len(shown) for shown in seen) > 0.3 * sum(range(len(text) + 1))


def test_it_waits_for_the_word_that_excuses(rules: StreamRules) -> None:
    session = StreamSession(rules)
    assert session.feed("请加微").release == ""
    session.feed("波炉加热三分钟就可以吃了，谢谢您。")
    step, verdict = session.finish()
    whole = "请加微波炉加热三分钟就可以吃了，谢谢您。"
    assert (session.released, step.stopped, verdict.decision) == (whole, False, "pass")


def test_halves_of_a_character_are_joined(rules: StreamRules) -> None:
    assert _stream(rules, ["好的\ud83d", "\ude00", "谢谢"])[-1] == "好的😀谢谢"


def test_what_only_warns_is_released_unless_asked_to_hold_it(checker: Checker, rules: StreamRules) -> None:
    text = "这款是最好的面料哦"
    assert checker.check(text, platform=PLATFORM).decision == "warn"
    assert _stream(rules, text)[-1] == text
    assert "最好" not in _stream(StreamRules(checker, PLATFORM, Action.WARN), text)[-1]


def test_a_shop_s_exception_counts_only_when_its_phrase_is_complete(checker: Checker) -> None:
    phrase = ShopException("加微信群表", frozenset({"*"}), "商品名", "合规")
    own = StreamRules(checker.with_profile(Profile(exceptions=(phrase,))), PLATFORM)
    for text in ("这款加微信群表今天发货。", "您加微信群聊。"):
        _assert_safe(own, text, _stream(own, text))


def test_a_text_without_end_is_refused(rules: StreamRules) -> None:
    with pytest.raises(InputError, match="longer than 10"):
        StreamSession(rules, longest=10).feed("亲" * 11)
