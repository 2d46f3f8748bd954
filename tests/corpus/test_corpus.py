"""Accuracy on the labelled corpus: recall, false alarms and spans, gated.

A breach counts as found if a finding of one of its categories overlaps the labelled words; its span is exact if one
such finding covers exactly the labelled words, or one of the boundaries the label names as just as right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from compliance import PLATFORMS, Action, Checker, Context, Verdict

HERE = Path(__file__).parent
RECALL, FALSE_ALARMS, EXACT_SPANS = 0.97, 0.02, 0.95
"""What must be reached. Until it is, the tests of it are expected to fail, and say so as soon as they pass."""
RECALL_REACHED, FALSE_ALARMS_REACHED, EXACT_SPANS_REACHED = 0.70, 0.048, 0.88
"""What has been reached, so that nothing is lost on the way: raised with the lexicons, never lowered."""
not_yet = pytest.mark.xfail(strict=True, reason="the sentence families are not wide enough yet: docs/quality.md")


@dataclass(frozen=True)
class Label:
    categories: frozenset[str]
    spans: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Line:
    id: str
    platform: str
    text: str
    labels: tuple[Label, ...]
    context: Context
    note: bool
    disguise: str


def _lines(kind: str) -> Iterator[Line]:
    for file in sorted((HERE / kind).glob("*.jsonl")):
        for raw in file.read_text("utf-8").splitlines():
            data = json.loads(raw)
            yield Line(
                data["id"],
                data["platform"],
                data["text"],
                tuple(_label(data["text"], label) for label in data.get("labels", ())),
                Context.parse(data.get("context", {})),
                data.get("action") == "note",
                data.get("disguise", "none"),
            )


def _label(text: str, data: dict[str, object]) -> Label:
    categories = data["category"]
    names = [categories] if isinstance(categories, str) else list(categories)  # type: ignore[call-overload]
    first = data.get("start")
    spans = set()
    for words in (str(data["span"]), *map(str, data.get("also", []))):  # type: ignore[arg-type]
        start = text.index(words) if not isinstance(first, int) or words != data["span"] else first
        spans.add((start, start + len(words)))
    return Label(frozenset(names), frozenset(spans))


BREACHES, ORDINARY = list(_lines("breaches")), list(_lines("ordinary"))


def _overlapping(verdict: Verdict, label: Label) -> list[tuple[int, int]]:
    return [
        (finding.start, finding.end)
        for finding in verdict.findings
        if finding.category in label.categories
        and any(finding.start < end and start < finding.end for start, end in label.spans)
    ]


def test_the_corpus_is_large_and_well_formed() -> None:
    assert len(BREACHES) >= 800
    assert len(ORDINARY) >= 800
    lines = BREACHES + ORDINARY
    assert len({line.id for line in lines}) == len(lines)
    assert len({(line.text, line.platform) for line in lines}) == len(lines)
    assert {line.platform for line in BREACHES} == {line.platform for line in ORDINARY} == set(PLATFORMS)
    assert sum(line.disguise != "none" for line in BREACHES) >= 0.25 * len(BREACHES)


@dataclass(frozen=True)
class Score:
    labels: int
    missed: list[str]
    inexact: list[str]
    ordinary: int
    flagged: list[str]

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.labels

    @property
    def exact(self) -> float:
        return 1 - len(self.inexact) / (self.labels - len(self.missed))

    @property
    def false_alarms(self) -> float:
        return len(self.flagged) / self.ordinary


@pytest.fixture(scope="module")
def score(checker: Checker) -> Score:
    missed, inexact, flagged, total = [], [], [], 0
    for line in BREACHES:
        verdict = checker.check(line.text, platform=line.platform, context=line.context)
        for label in line.labels:
            total += 1
            spans = _overlapping(verdict, label)
            if not spans:
                missed.append(f"{line.id} {line.text}")
            elif not label.spans.intersection(spans):
                inexact.append(f"{line.id} {line.text} {[line.text[a:b] for a, b in spans]}")
    for line in ORDINARY:
        findings = checker.check(line.text, platform=line.platform, context=line.context).findings
        alarms = [f for f in findings if f.action is not Action.NOTE]
        if alarms:
            flagged.append(f"{line.id} {line.text} {[(f.code, f.surface) for f in alarms]}")
    return Score(total, missed, inexact, len(ORDINARY), flagged)


def test_nothing_that_was_reached_is_lost(score: Score) -> None:
    assert score.recall >= RECALL_REACHED, "\n".join(score.missed)
    assert score.exact >= EXACT_SPANS_REACHED, "\n".join(score.inexact)
    assert score.false_alarms <= FALSE_ALARMS_REACHED, "\n".join(score.flagged)


@not_yet
def test_breaches_are_found(score: Score) -> None:
    assert score.recall >= RECALL, "\n".join(score.missed)


@not_yet
def test_spans_are_exact(score: Score) -> None:
    assert score.exact >= EXACT_SPANS, "\n".join(score.inexact)


@not_yet
def test_ordinary_talk_is_left_alone(score: Score) -> None:
    assert score.false_alarms <= FALSE_ALARMS, "\n".join(score.flagged)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_platform_is_covered_by_both_kinds(platform: str) -> None:
    assert sum(line.platform == platform for line in BREACHES) >= 40
    assert sum(line.platform == platform for line in ORDINARY) >= 40
