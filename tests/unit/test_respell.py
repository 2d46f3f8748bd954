"""Pinyin is read by its syllables, and parts of a split character as that character; nothing else is."""

from __future__ import annotations

import pytest

from compliance import Checker
from compliance.fold import View, respell


def _spelled(checker: Checker, text: str) -> list[str] | None:
    """Return what is read for each respelled piece: the syllable or the character."""
    tables = checker.bundle.tables
    respelled = respell(View(text, tables))
    if respelled is None:
        return None
    syllable_of = {stand_in: syllable for syllable, stand_in in tables.syllables.items()}
    pieces = []
    for at, char in enumerate(respelled.view.text):
        start, end = respelled.located(at, at + 1)
        if char in syllable_of or end - start > 1:
            assert syllable_of.get(char, text[start:end]) == text[start:end].lower()
            pieces.append(syllable_of.get(char, char))
    return pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("加weixin吧", ["wei", "xin"]),
        ("jia wo WEI XIN", ["jia", "wo", "wei", "xin"]),
        ("kaifapiao", ["kai", "fa", "piao"]),
        ("xianjin", ["xian", "jin"]),
        ("fangan", ["fang", "an"]),
        ("微亻言", ["信"]),
        ("氵殳有", ["没"]),
        ("现在有货", None),
        ("穿XL可以", None),
        ("iPhone15有货", None),
        ("型号mi10", None),
        ("kefu@shop.com", None),
        ("www.shouhou.com", None),
        ("女子的鞋", None),
        ("今日月票", None),
        ("a" * 5000 + "v", None),
    ],
)
def test_only_whole_words_of_syllables_and_unmistakable_parts_are_respelled(
    checker: Checker, text: str, pieces: list[str] | None
) -> None:
    assert _spelled(checker, text) == pieces


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("亲，fapiao开不了的", "fapiao开不了的"),
        ("亲，kai不了fapiao", "kai不了fapiao"),
        ("亲氵殳有发票的", "氵殳有发票的"),
        ("亲，扌斗音上更便宜", "扌斗音"),
        ("shoudao货给haoping返xianjin", "haoping返xian"),
        ("白+条+提+现+找我", "白+条+提+现+找我"),
        ("我。们。不。开。发。票", "不。开。发。票"),
    ],
)
def test_the_finding_covers_the_characters_of_the_message(checker: Checker, text: str, surface: str) -> None:
    assert surface in {finding.surface for finding in checker.check(text, platform="pdd").findings}


@pytest.mark.parametrize(
    "text",
    [
        "made in China的哦亲",
        "您好，这款是Dalian产的",
        "亲，这个颜色是nude色",
        "可以看下mini款",
        "women系列有货",
        "尺码size表在详情页",
        "亲，这款是canine的",
        "Hebei发货的哦",
        "ok的亲",
        "hello亲",
        "这个是change系列的",
        "您的baobei已经发出了",
    ],
)
def test_foreign_words_that_happen_to_be_syllables_pass(checker: Checker, text: str) -> None:
    assert not checker.check(text, platform="pdd").findings


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("微信号a😧b🐚c🐾d12345您加", "a😧b🐚c🐾d12345"),
        ("微信 mmjj\u200b20\u200b188", "mmjj\u200b20\u200b188"),
        ("vx：a_b_c_d_1_2_3", "a_b_c_d_1_2_3"),
        ("微信mmjj二〇一八八您搜一下", "mmjj二〇一八八"),
        ("发到mumu2️⃣0️⃣@1️⃣6️⃣3️⃣.com", "mumu2️⃣0️⃣@1️⃣6️⃣3️⃣.com"),
        ("您打妖叁捌妖两叁肆伍陆拐捌", "妖叁捌妖两叁肆伍陆拐捌"),
    ],
)
def test_accounts_and_numbers_are_read_through_signs_and_number_words(
    checker: Checker, text: str, surface: str
) -> None:
    surfaces = [finding.surface for finding in checker.check(text, platform="pdd").findings]
    assert any(surface in found for found in surfaces), surfaces


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("您的微啊信号是多少", "微啊信"),
        ("您上淘哦宝搜我们店", "淘哦宝"),
        ("可以进嗯群领红包", "进嗯群"),
        ("给个好呀评返您五块", "好呀评返您五块"),
    ],
)
def test_a_particle_inside_a_word_does_not_hide_it(checker: Checker, text: str, surface: str) -> None:
    findings = checker.check(text, platform="pdd").findings
    assert any(surface in text[f.start : f.end] or text[f.start : f.end] in surface for f in findings)
    assert any(f.technique == "particle" for f in findings)


@pytest.mark.parametrize(
    "text",
    [
        "好的呢亲，评价功能在订单页",
        "可以退啊货到了您再说",
        "这个微波炉加啦微波膜",
        "京都那款啊东西到了",
        "要看的话呀拼图在详情页第三张",
        "您点啊评价那里就能看到",
        "没事哦亲，慢慢挑",
    ],
)
def test_particles_between_words_are_left_alone(checker: Checker, text: str) -> None:
    assert not checker.check(text, platform="pdd").findings
