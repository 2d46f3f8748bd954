"""Scores of agents and shops, told by data (``lexicons/audit/scoring.yaml``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from compliance.model import Action, Severity

__all__ = ["Score", "Scores", "Scoring", "Veto"]

_SEVERITIES: Final = tuple(severity.label for severity in Severity)
_ACTIONS: Final = tuple(action.value for action in Action)
Kind = tuple[str, str, str, str]
"""Code, category, severity and action of a finding."""


@dataclass(frozen=True, slots=True)
class Veto:
    """Caps a score if at least ``times`` findings are of one of the given codes, categories and so on.

    An empty set asks for nothing.
    """

    name: str
    at_most: float
    times: int = 1
    code: frozenset[str] = frozenset()
    category: frozenset[str] = frozenset()
    severity: frozenset[str] = frozenset()
    action: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Veto:
        """Read one item.

        Raises:
            KeyError, TypeError, ValueError: it is not of the form.
        """
        sets = {key: _set(data[key]) for key in ("code", "category", "severity", "action") if key in data}
        if unknown := sets.get("severity", frozenset()) - set(_SEVERITIES):
            raise ValueError(f"severities are {', '.join(_SEVERITIES)}, not {', '.join(unknown)}")
        if unknown := sets.get("action", frozenset()) - set(_ACTIONS):
            raise ValueError(f"actions are {', '.join(_ACTIONS)}, not {', '.join(unknown)}")
        return cls(**{**data, **sets})

    def holds(self, findings: Mapping[Kind, int]) -> bool:
        """Tell whether counted findings bring it about."""
        wanted = (self.code, self.category, self.severity, self.action)
        found = sum(
            number
            for kind, number in findings.items()
            if all(not words or word in words for words, word in zip(wanted, kind, strict=True))
        )
        return found >= self.times


@dataclass(frozen=True, slots=True)
class Scoring:
    """The numbers of the data file.

    Attributes:
        base: score without findings.
        per: messages that a penalty is told for.
        least: messages below which a score counts as from few.
        weights: by severity.
        actions: by what a finding leads to; the weight is multiplied by it.
        codes: weights of rules that have their own.
        grades: (score, name), highest first.
        sampling: share of a sample by risk.
    """

    base: float
    per: int
    least: int
    weights: Mapping[str, float]
    actions: Mapping[str, float]
    codes: Mapping[str, float]
    veto: tuple[Veto, ...]
    grades: tuple[tuple[float, str], ...]
    sampling: Mapping[str, float]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Scoring:
        """Read the data file.

        Raises:
            KeyError, TypeError, ValueError: it is not of the form.
        """
        given = dict(data)
        veto = tuple(map(Veto.parse, given.pop("veto", ())))
        grades = tuple(sorted(((float(least), str(name)) for least, name in given.pop("grades")), reverse=True))
        made = cls(**given, veto=veto, grades=grades)
        if missing := set(_SEVERITIES) - set(made.weights):
            raise ValueError(f"weights lacks {', '.join(sorted(missing))}")
        if made.least < 1 or min([*made.weights.values(), *made.codes.values(), *made.actions.values()]) < 0:
            raise ValueError("least must be 1 or more, and no weight below 0")
        if set(made.sampling) - {"block", "warn", "note", "none"} or not sum(made.sampling.values()) > 0:
            raise ValueError("sampling takes shares of block, warn, note and none")
        return made

    def score(self, messages: int, findings: Mapping[Kind, int]) -> Score:
        """Return the score of whoever wrote so many messages with these findings."""
        penalty = sum(self._weight(kind) * number for kind, number in findings.items())
        points = max(0.0, self.base - self.per * penalty / max(messages, self.least))
        vetoes = [veto for veto in self.veto if veto.holds(findings)]
        points = round(min([points, *(veto.at_most for veto in vetoes)]), 1)
        grade = next((name for least, name in self.grades if points >= least), "")
        counted = sum(number for kind, number in findings.items() if kind[3] != Action.NOTE.value)
        return Score(messages, counted, points, grade, tuple(v.name for v in vetoes), messages < self.least)

    def _weight(self, kind: Kind) -> float:
        code, _, severity, action = kind
        return self.codes.get(code, self.weights[severity]) * self.actions.get(action, 1.0)


@dataclass(frozen=True, slots=True)
class Score:
    """A score; ``findings`` are those that block or warn, and ``few`` tells that it rests on few messages."""

    messages: int
    findings: int
    score: float
    grade: str
    vetoes: tuple[str, ...]
    few: bool


@dataclass(slots=True)
class Scores:
    """Counts messages and findings by agent and shop."""

    scoring: Scoring
    _messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    _findings: dict[tuple[str, str], Counter[Kind]] = field(default_factory=dict)

    def messages(self, counted: Mapping[tuple[str, str], int]) -> None:
        """Count messages of agents, by shop and agent."""
        self._messages.update(counted)

    def finding(self, record: Mapping[str, Any]) -> None:
        """Count a finding, as a record of ``findings.jsonl``."""
        kind = record["code"], record["category"], record["severity"], record["action"]
        self._findings.setdefault((record["shop"], record["agent"]), Counter())[kind] += 1

    def records(self) -> list[dict[str, Any]]:
        """Return all scores, worst first: of shops (``agent`` is ``None``), then of agents."""
        shops: dict[str, tuple[int, Counter[Kind]]] = {}
        for shop, agent in self._messages.keys() | self._findings.keys():
            messages, findings = shops.get(shop, (0, Counter()))
            here = self._findings.get((shop, agent), Counter())
            shops[shop] = messages + self._messages[shop, agent], findings + here
        return [*self._sorted(self._of_shops(shops)), *self._sorted(self._of_agents())]

    def _of_shops(self, shops: Mapping[str, tuple[int, Counter[Kind]]]) -> Iterator[dict[str, Any]]:
        for shop, (messages, findings) in shops.items():
            yield _record(shop, None, self.scoring.score(messages, findings))

    def _of_agents(self) -> Iterator[dict[str, Any]]:
        for shop, agent in self._messages.keys() | self._findings.keys():
            findings = self._findings.get((shop, agent), Counter())
            yield _record(shop, agent, self.scoring.score(self._messages[shop, agent], findings))

    @staticmethod
    def _sorted(records: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(records, key=lambda record: (record["score"], record["shop"], record["agent"] or ""))


def _record(shop: str, agent: str | None, score: Score) -> dict[str, Any]:
    return {
        "shop": shop,
        "agent": agent,
        "messages": score.messages,
        "findings": score.findings,
        "score": score.score,
        "grade": score.grade,
        "vetoes": list(score.vetoes),
        "few": score.few,
    }


def _set(value: Any) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value)
