"""Accuracy on the labelled corpus: recall, false alarms and spans, gated (see :mod:`benchmarks.corpus`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.corpus import Score, read_lines, score
from compliance import PLATFORMS, Checker
from docs.accuracy import accuracy_page

RECALL, FALSE_ALARMS, EXACT_SPANS = 0.97, 0.02, 0.95
"""What must be reached. Until it is, the tests of it are expected to fail, and say so as soon as they pass."""
RECALL_REACHED, FALSE_ALARMS_REACHED, EXACT_SPANS_REACHED = 0.88, 0.01, 0.875
"""What has been reached, so that nothing is lost on the way: raised with the lexicons, never lowered."""
not_yet = pytest.mark.xfail(strict=True, reason="the sentence families are not wide enough yet: docs/quality.md")

HERE = Path(__file__).resolve().parents[2] / "docs"
BREACHES, ORDINARY = tuple(read_lines("breaches")), tuple(read_lines("ordinary"))


def test_the_corpus_is_large_and_well_formed() -> None:
    assert len(BREACHES) >= 800
    assert len(ORDINARY) >= 800
    lines = BREACHES + ORDINARY
    assert len({line.id for line in lines}) == len(lines)
    assert len({(line.text, line.platform) for line in lines}) == len(lines)
    assert {line.platform for line in BREACHES} == {line.platform for line in ORDINARY} == set(PLATFORMS)
    assert sum(line.disguise != "none" for line in BREACHES) >= 0.25 * len(BREACHES)


@pytest.fixture(scope="module")
def result(checker: Checker) -> Score:
    return score(checker, BREACHES, ORDINARY)


def _missed(result: Score) -> str:
    return "\n".join(str(outcome) for outcome in result.outcomes if not outcome.found)


def _inexact(result: Score) -> str:
    return "\n".join(str(outcome) for outcome in result.outcomes if outcome.found and not outcome.exact)


def _flagged(result: Score) -> str:
    return "\n".join(f"{line.id} {line.platform} {line.text} {why}" for line, why in result.flagged)


def test_nothing_that_was_reached_is_lost(result: Score) -> None:
    assert result.recall >= RECALL_REACHED, _missed(result)
    assert result.exact >= EXACT_SPANS_REACHED, _inexact(result)
    assert result.false_alarms <= FALSE_ALARMS_REACHED, _flagged(result)


def test_the_accuracy_page_is_up_to_date(result: Score) -> None:
    assert (HERE / "accuracy.md").read_text("utf-8") == accuracy_page(result), "run: make docs"


@not_yet
def test_breaches_are_found(result: Score) -> None:
    assert result.recall >= RECALL, _missed(result)


@not_yet
def test_spans_are_exact(result: Score) -> None:
    assert result.exact >= EXACT_SPANS, _inexact(result)


def test_ordinary_talk_is_left_alone(result: Score) -> None:
    assert result.false_alarms <= FALSE_ALARMS, _flagged(result)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_platform_is_covered_by_both_kinds(platform: str) -> None:
    assert sum(line.platform == platform for line in BREACHES) >= 40
    assert sum(line.platform == platform for line in ORDINARY) >= 40
