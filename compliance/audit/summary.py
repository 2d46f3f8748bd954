"""The counts of an audit, which the report and the command show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from compliance.audit.metrics import Metric, Tally, Wait
from compliance.model import PLATFORMS

__all__ = ["AuditResult", "metric_records"]

_MOST_SHOWN: Final = 100


@dataclass(slots=True)
class AuditResult:
    """Counts of one audit.

    Attributes:
        messages: rows read, by role.
        bad_rows: rows that could not be read.
        notices: what the user should know of the logs.
        actions: findings by what they lead to (block, warn, note); known ones of a baseline are not among them.
        rules, agents, days, hours: findings that block or warn, by code of the rule, agent, day and hour.
        known: findings of the baseline.
        metrics: as :func:`metric_records` returns them.
        worst: the first records that block.
    """

    messages: Counter[str] = field(default_factory=Counter)
    bad_rows: int = 0
    notices: list[str] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    known: int = 0
    metrics: list[dict[str, Any]] = field(default_factory=list)
    worst: list[dict[str, Any]] = field(default_factory=list)

    def count(self, record: dict[str, Any]) -> None:
        """Count a finding."""
        self.actions[record["action"]] += 1
        if record["action"] == "note":
            return
        self.rules[record["code"]] += 1
        self.agents[record["agent"] or "（未注明）"] += 1
        if record["time"]:
            self.days[record["time"][:10]] += 1
            self.hours[int(record["time"][11:13])] += 1
        if record["action"] == "block" and len(self.worst) < _MOST_SHOWN:
            self.worst.append(record)

    def manifest(self) -> dict[str, Any]:
        """Return the counts that the manifest tells."""
        return {
            "messages": dict(self.messages),
            "bad_rows": self.bad_rows,
            "notices": self.notices,
            "findings": dict(self.actions),
            "known": self.known,
        }


def metric_records(metrics: Sequence[Metric], waits: Iterable[Wait], platform: str | None) -> list[dict[str, Any]]:
    """Count the metrics for all (``agent`` is ``None``) and per agent; those for which nobody asked are left out.

    Args:
        metrics: of all platforms.
        waits: sorted by buyer and time.
        platform: of all waits; ``None`` where they name it.
    """
    tallies: dict[Metric, dict[str, Tally]] = {metric: {"": Tally(metric)} for metric in metrics}
    for wait in waits:
        for metric, groups in tallies.items():
            if metric.platform == (platform or wait.platform):
                for agent in ("", wait.agent or "（无人回复）"):
                    groups.setdefault(agent, Tally(metric)).add(wait)
    return [
        {
            "id": metric.id,
            "platform": PLATFORMS[metric.platform],
            "name": metric.name,
            "agent": agent or None,
            "asked": share.asked,
            "in_time": share.in_time,
            "share": share.share,
            "target": metric.target,
            "verification": metric.verification,
            "conflict": metric.conflict or None,
        }
        for metric, groups in tallies.items()
        for agent, share in ((agent, tally.share()) for agent, tally in groups.items())
        if share.asked
    ]
