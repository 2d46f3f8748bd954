"""What breaks the rules of conversations, as records beside those of the checker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.audit.conversation_rules import Broken, ConversationRules
from compliance.audit.row import Row
from compliance.cite import choose_citations
from compliance.errors import InputError
from compliance.lexicon.bundle import Bundle

__all__ = ["Often", "check_citations", "conversation_records"]


def check_citations(rules: ConversationRules, bundle: Bundle) -> None:
    """Make sure that the clauses are there that rules cite.

    Raises:
        InputError: one is not.
    """
    heads = [*(rule.head for rule in rules.rules), *([rules.mass.head] if rules.mass else [])]
    for head in heads:
        if missing := [id_ for id_ in head.cite if id_ not in bundle.clauses]:
            raise InputError(f"audit/conversation.yaml: {head.code} cites {', '.join(missing)}, which is no clause")


def conversation_records(found: Iterable[Broken], bundle: Bundle, platform: str | None) -> Iterator[dict[str, Any]]:
    """Yield a record of ``findings.jsonl`` for each message that breaks a rule; its span is the whole message."""
    return (_record(each, bundle, platform or each.row.platform) for each in found)


@dataclass(slots=True)
class Often:
    """What is told once for each agent: the first message that breaks the rule, and how many do."""

    _found: dict[tuple[str, str, str], tuple[int, Broken]] = field(default_factory=dict)

    def add(self, each: Broken, number: int = 1) -> None:
        """Count what breaks a rule whose head says ``per_agent``."""
        key = each.head.code, each.row.shop, each.agent
        before, first = self._found.get(key, (0, each))
        self._found[key] = before + number, min(first, each, key=_place)

    def merge(self, other: Often) -> None:
        """Take what was counted elsewhere; the order does not matter."""
        for number, each in other._found.values():
            self.add(each, number)

    def records(self, bundle: Bundle, platform: str | None) -> Iterator[dict[str, Any]]:
        """Yield a record for each agent and rule; its message ends with the number."""
        for _, (number, each) in sorted(self._found.items()):
            (record,) = conversation_records([each], bundle, platform)
            yield {**record, "message": f"{each.head.message}（共 {number} 处，这是第一处）"}

    def counted(self) -> Mapping[tuple[str, str, str], tuple[int, Broken]]:
        """Return number and first message by code, shop and agent."""
        return self._found


def _place(each: Broken) -> tuple[str, str]:
    row: Row = each.row
    return row.time.isoformat() if row.time else "", row.source


def _record(each: Broken, bundle: Bundle, platform: str) -> dict[str, Any]:
    row, head = each.row, each.head
    day = row.time.date() if row.time else None
    citations = choose_citations(tuple(bundle.clauses[id_] for id_ in head.cite), platform, day)
    cited = citations[0] if citations else None
    return {
        "source": row.source,
        "time": row.time.isoformat(sep=" ") if row.time else None,
        "shop": row.shop,
        "platform": platform,
        "session": row.session,
        "buyer": row.buyer,
        "agent": each.agent,
        "text": row.text,
        "document": cited and cited.document,
        "clause": cited and cited.clause,
        "verification": cited and cited.verification,
        "suggestion": None,
        "code": head.code,
        "name": head.name,
        "category": head.category,
        "severity": head.severity,
        "action": head.action,
        "start": 0,
        "end": len(row.text),
        "start_utf16": 0,
        "end_utf16": len(row.text.encode("utf-16-le", "surrogatepass")) // 2,
        "surface": row.text,
        "entry": head.name,
        "technique": None,
        "message": head.message,
        "reasons": [],
        "missing_context": [],
    }
