"""False alarms on real agent messages, where that evaluation set lies beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compliance import Action, Checker

SHARED = Path(__file__).parents[3] / "shared" / "corpus"
LABELLED, REAL = SHARED / "agent_dev_labels.jsonl", SHARED / "agent_messages_dev.jsonl"

pytestmark = pytest.mark.skipif(not LABELLED.is_file(), reason="the evaluation set is not here")


def _flagged(checker: Checker, file: Path, clean_only: bool) -> tuple[int, int]:
    flagged = total = 0
    for raw in file.read_text("utf-8").splitlines():
        line = json.loads(raw)
        if clean_only and (line["labels"] or line.get("grey")):
            continue
        total += 1
        findings = checker.check(line["text"], platform=line["platform"]).findings
        flagged += any(finding.action is not Action.NOTE for finding in findings)
    return flagged, total


def test_messages_labelled_clean_are_left_alone(checker: Checker) -> None:
    flagged, total = _flagged(checker, LABELLED, clean_only=True)
    assert flagged <= 0.005 * total


def test_about_98_in_100_real_messages_pass(checker: Checker) -> None:
    flagged, total = _flagged(checker, REAL, clean_only=False)
    assert flagged <= 0.025 * total
