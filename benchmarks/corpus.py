"""Score a checker on the labelled corpus under ``tests/corpus``.

A breach counts as found if a finding of one of its categories overlaps the labelled words; its span is exact if one
such finding covers exactly the labelled words, or one of the boundaries the label names as just as right. An ordinary
message is a false alarm if anything warns or blocks; a note changes no decision and is none.

Files named ``blind*.jsonl`` are read by nobody who writes rules: they tell what to expect of messages not seen yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance import Action, Checker, Context, Verdict

__all__ = ["Label", "Line", "Outcome", "Score", "read_lines", "score"]

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "corpus"


@dataclass(frozen=True, slots=True)
class Label:
    """One breach in a line: its categories (any is right) and its spans (any is exact)."""

    categories: tuple[str, ...]
    spans: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the corpus; without labels it is in order. ``blind`` lines are not for writers of rules."""

    id: str
    platform: str
    text: str
    labels: tuple[Label, ...]
    context: Context
    disguise: str
    blind: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One label and what was found of it: nothing, the wrong words, or exactly these."""

    line: Line
    label: Label
    spans: tuple[tuple[int, int], ...]

    @property
    def found(self) -> bool:
        """Whether a finding of the right category overlaps it."""
        return bool(self.spans)

    @property
    def exact(self) -> bool:
        """Whether one of them covers exactly the labelled words."""
        return not self.label.spans.isdisjoint(self.spans)

    def __str__(self) -> str:
        shown = [self.line.text[start:end] for start, end in self.spans]
        return f"{self.line.id} {self.line.platform} {self.label.categories} {self.line.text} {shown}"


@dataclass(frozen=True, slots=True)
class Score:
    """Outcomes of all labels, and the ordinary lines with those of them that were flagged."""

    outcomes: tuple[Outcome, ...]
    ordinary: tuple[Line, ...]
    flagged: tuple[tuple[Line, str], ...]

    @property
    def recall(self) -> float:
        """Share of the labels that were found."""
        return sum(o.found for o in self.outcomes) / max(1, len(self.outcomes))

    @property
    def exact(self) -> float:
        """Share of the found labels whose span is exact."""
        return sum(o.exact for o in self.outcomes) / max(1, sum(o.found for o in self.outcomes))

    @property
    def false_alarms(self) -> float:
        """Share of the ordinary lines that were flagged."""
        return len(self.flagged) / max(1, len(self.ordinary))

    def where(self, wanted: Callable[[Line], bool]) -> Score:
        """Return the score of a part of the lines."""
        return Score(
            tuple(o for o in self.outcomes if wanted(o.line)),
            tuple(line for line in self.ordinary if wanted(line)),
            tuple((line, why) for line, why in self.flagged if wanted(line)),
        )


def read_lines(kind: str) -> Iterator[Line]:
    """Yield the ``breaches`` or the ``ordinary`` lines."""
    for file in sorted((FOLDER / kind).glob("*.jsonl")):
        for raw in file.read_text("utf-8").splitlines():
            data = json.loads(raw)
            labels = tuple(_label(data["text"], label) for label in data.get("labels", ()))
            context = Context.parse(data.get("context", {}))
            disguise, blind = data.get("disguise", "none"), file.stem.startswith("blind")
            yield Line(data["id"], data["platform"], data["text"], labels, context, disguise, blind)


def _label(text: str, data: dict[str, Any]) -> Label:
    categories = data["category"]
    spans = set()
    for words in (data["span"], *data.get("also", ())):
        start = data["start"] if "start" in data and words == data["span"] else text.index(words)
        spans.add((start, start + len(words)))
    return Label((categories,) if isinstance(categories, str) else tuple(categories), frozenset(spans))


def score(checker: Checker, breaches: Iterable[Line], ordinary: Iterable[Line]) -> Score:
    """Check every line in its own context."""
    outcomes = []
    for line in breaches:
        verdict = checker.check(line.text, platform=line.platform, context=line.context)
        outcomes += [Outcome(line, label, _overlapping(verdict, label)) for label in line.labels]
    ordinary = tuple(ordinary)
    flagged = []
    for line in ordinary:
        findings = checker.check(line.text, platform=line.platform, context=line.context).findings
        alarms = [f"{finding.code} {finding.surface}" for finding in findings if finding.action is not Action.NOTE]
        if alarms:
            flagged.append((line, "、".join(alarms)))
    return Score(tuple(outcomes), ordinary, tuple(flagged))


def _overlapping(verdict: Verdict, label: Label) -> tuple[tuple[int, int], ...]:
    return tuple(
        (finding.start, finding.end)
        for finding in verdict.findings
        if finding.category in label.categories
        and any(finding.start < end and start < finding.end for start, end in label.spans)
    )
