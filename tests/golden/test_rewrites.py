"""Rewrites as a good agent would write them, and facts about every rewrite of the labelled breaches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from compliance import PLATFORMS, Checker, Context, Decision, Tier, Verdict

HERE = Path(__file__).parent / "rewrites"
BREACHES = Path(__file__).parents[1] / "corpus" / "breaches"
OFFERED = 0.95


@dataclass(frozen=True)
class Line:
    text: str
    platform: str
    context: Context
    want: str = ""
    tier: str = ""


def _lines(folder: Path) -> Iterator[Line]:
    for file in sorted(folder.glob("*.jsonl")):
        for raw in file.read_text("utf-8").splitlines():
            data = json.loads(raw)
            context = Context.parse(data.get("context", {}))
            yield Line(data["text"], data["platform"], context, data.get("want", ""), data.get("tier", ""))


GOLDEN, FOUND = list(_lines(HERE)), list(_lines(BREACHES))


@pytest.fixture(scope="module")
def verdicts(checker: Checker) -> list[tuple[Line, Verdict]]:
    """The breaches that are found, with their verdicts."""
    checked = [(line, checker.check(line.text, platform=line.platform, context=line.context)) for line in FOUND]
    return [(line, verdict) for line, verdict in checked if verdict.decision is not Decision.PASS]


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: line.text)
def test_golden(checker: Checker, line: Line) -> None:
    rewrite = checker.check(line.text, platform=line.platform, context=line.context).rewrite
    assert rewrite is not None
    assert (rewrite.text, rewrite.tier.value) == (line.want, line.tier)


def test_the_golden_set_covers_all_platforms_and_is_large() -> None:
    assert len(GOLDEN) >= 200
    assert {line.platform for line in GOLDEN} == set(PLATFORMS)


def test_a_whole_rewrite_is_offered_for_nearly_every_breach(verdicts: list[tuple[Line, Verdict]]) -> None:
    without = [line.text for line, verdict in verdicts if verdict.rewrite is None]
    assert len(without) <= (1 - OFFERED) * len(verdicts), "\n".join(without)


def test_every_rewrite_is_clean_and_final(checker: Checker, verdicts: list[tuple[Line, Verdict]]) -> None:
    for line, verdict in verdicts:
        if verdict.rewrite is not None:
            again = checker.check(verdict.rewrite.text, platform=line.platform, context=line.context)
            assert (again.decision, again.rewrite) == (Decision.PASS, None), (line.text, verdict.rewrite.text)


def test_a_rewrite_brings_no_number_that_was_not_there(verdicts: list[tuple[Line, Verdict]]) -> None:
    for line, verdict in verdicts:
        if verdict.rewrite is not None:
            assert set(re.findall(r"\d+", verdict.rewrite.text)) <= set(re.findall(r"\d+", line.text)), line.text


def test_every_finding_has_one_to_three_suggestions(verdicts: list[tuple[Line, Verdict]]) -> None:
    for line, verdict in verdicts:
        for finding in verdict.findings:
            assert 1 <= len(finding.suggestions) <= 3, (finding.code, line.text)


def test_advice_comes_last_and_is_never_offered_as_a_rewrite(verdicts: list[tuple[Line, Verdict]]) -> None:
    for _, verdict in verdicts:
        assert verdict.rewrite is None or verdict.rewrite.tier is not Tier.ADVICE
        for finding in verdict.findings:
            tiers = [suggestion.tier for suggestion in finding.suggestions]
            assert Tier.ADVICE not in tiers[:-1]


def test_a_hundred_buyers_do_not_get_one_robot_sentence(checker: Checker) -> None:
    rewrites = [
        checker.check(f"{name}，加我微信给您发{goods}的实拍", platform="pdd").rewrite
        for name in ("亲", "您好", "亲亲", "在的", "好的")
        for goods in ("毛衣", "茶叶", "手机壳", "坚果", "台灯")
    ]
    texts = {rewrite.text.partition("，")[2] for rewrite in rewrites if rewrite}
    assert len(texts) >= 3
