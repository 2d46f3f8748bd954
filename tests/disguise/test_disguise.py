"""A seeded part of the disguise bench: what was reached is not lost (the whole of it: docs/disguises.md)."""

from __future__ import annotations

from itertools import chain
from random import Random

import pytest

from compliance import Checker
from tests.disguise.marks import SEPARATORS
from tests.disguise.recall import Hit, attempts, plain_hits
from tests.disguise.techniques import PAIRS, TECHNIQUES, Technique, disguise

REACHED = {
    "traditional": 0.98,
    "homophone": 0.66,
    "look-alike glyph": 0.27,
    "split glyphs": 0.56,
    "pinyin, whole": 0.89,
    "pinyin, part": 0.93,
    "initials": 0.15,
    "Hanzi digits": 0.85,
    "digit words": 0.70,
    "circled digits": 0.95,
    "keycap digits": 0.95,
    "mathematical digits": 0.95,
    "mixed case": 0.98,
    "look-alike letters": 0.92,
    "styled letters": 0.93,
    "full width": 0.98,
    "inserted particle": 0.82,
    "reversed": 0.04,
    "separators": 0.94,
    "emoji between": 0.95,
    "combining marks": 0.93,
    "variation selectors": 0.95,
    "invisible characters": 0.94,
    "over messages": 0.98,
}
"""Recall of all examples by technique, a little below what was measured: new examples change the sample.
Raised with the engine, never lowered."""
PAIRS_REACHED = 0.62


@pytest.fixture(scope="module")
def hits(checker: Checker) -> list[Hit]:
    return list(plain_hits(checker, most=8))


def test_nearly_every_rule_is_tried(checker: Checker, hits: list[Hit]) -> None:
    assert len({hit.code for hit in hits}) >= 0.95 * len(checker.bundle.rules)


@pytest.mark.parametrize("technique", TECHNIQUES, ids=lambda technique: technique.name)
def test_no_single_disguise_that_was_seen_through_is_lost(
    checker: Checker, hits: list[Hit], technique: Technique
) -> None:
    tried = list(attempts(checker, hits, (technique,), per_rule=2))
    missed = [" | ".join(attempt.messages) for attempt in tried if not attempt.found]
    assert len(tried) - len(missed) >= REACHED[technique.name] * len(tried), "\n".join(missed)


def test_no_pair_that_was_seen_through_is_lost(checker: Checker, hits: list[Hit]) -> None:
    tried = list(chain(*(attempts(checker, hits, pair, per_rule=1, most=3) for pair in PAIRS)))
    assert len(tried) > 2.5 * len(PAIRS)
    assert sum(attempt.found for attempt in tried) >= PAIRS_REACHED * len(tried)


def test_there_are_forty_kinds_of_separators() -> None:
    assert len(set(SEPARATORS)) == 40


@pytest.mark.parametrize(
    ("technique", "words", "wanted"),
    [
        ("traditional", "发货", {"發貨"}),
        ("full width", "加VX", {"加ＶＸ"}),
        ("pinyin, whole", "微信", {"weixin"}),
        ("pinyin, part", "微信", {"wei信", "微xin"}),
        ("initials", "微信", {"wx"}),
        ("reversed", "加微信", {"信微加"}),
        ("split glyphs", "微信", {"微亻言"}),
        ("digit words", "13800", {"幺三八洞洞", "腰三八零零", "妖叁捌洞洞"}),
        ("mixed case", "vx", {"Vx", "vX", "VX"}),
        ("traditional", "微信", None),
        ("full width", "微信", None),
        ("digit words", "138元", None),
        ("reversed", "您自己掏运费", None),
    ],
)
def test_a_disguise_is_what_people_write(technique: str, words: str, wanted: set[str] | None) -> None:
    chosen = next(one for one in TECHNIQUES if one.name == technique)
    made = {tuple(disguise(words, (chosen,), Random(seed)) or ()) for seed in range(40)}
    assert made == ({()} if wanted is None else {(one,) for one in wanted})


def test_words_go_over_two_to_four_messages() -> None:
    technique = next(one for one in TECHNIQUES if one.apply is None)
    made = [disguise("加微信聊聊", (technique,), Random(seed)) or [] for seed in range(40)]
    assert {"".join(pieces) for pieces in made} == {"加微信聊聊"}
    assert {len(pieces) for pieces in made} == {2, 3, 4}
