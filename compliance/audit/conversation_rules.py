"""Rules over whole conversations, told by data (``lexicons/audit/conversation.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

from compliance.audit.conditions import Condition, View, contacts_of, plain
from compliance.audit.row import Role, Row
from compliance.model import Action, Severity, platform_id

__all__ = ["Broken", "ConversationRule", "ConversationRules", "MassRule", "broken"]

_LONGEST: Final = 2000
"""Messages of a conversation that are looked at together; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a finding of a rule says.

    Attributes:
        platforms: ids where the rule counts; empty is everywhere.
        cite: ids of clauses.
        per_agent: told once for each agent, with the number of messages that break it, instead of for each of them.
    """

    code: str
    name: str
    category: str
    severity: str
    action: str
    message: str
    cite: tuple[str, ...] = ()
    platforms: frozenset[str] = frozenset()
    per_agent: bool = False

    @classmethod
    def take(cls, data: dict[str, Any]) -> Head:
        """Take the items of a head out of a rule.

        Raises:
            KeyError: one is missing.
            ValueError: one has an unknown value.
        """
        severity, action = data.pop("severity"), data.pop("action")
        Severity[str(severity).upper()], Action(action)
        words = {key: str(data.pop(key)) for key in ("code", "name", "category", "message")}
        platforms = frozenset(map(platform_id, data.pop("platforms", ())))
        per_agent = data.pop("per_agent", False)
        if not isinstance(per_agent, bool):
            raise ValueError(f"per_agent is true or false, not {per_agent!r}")
        cite = tuple(data.pop("cite", ()))
        return cls(**words, severity=severity, action=action, cite=cite, platforms=platforms, per_agent=per_agent)


@dataclass(frozen=True, slots=True)
class ConversationRule:
    """Finds messages by a condition, in each session or in the whole conversation."""

    head: Head
    find: Condition
    whole: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> ConversationRule:
        """Read a rule.

        Raises:
            KeyError, TypeError, ValueError: it is no rule.
        """
        given = dict(data)
        scope = given.pop("scope", "session")
        if scope not in ("session", "conversation"):
            raise ValueError(f"a scope is session or conversation, not {scope!r}")
        made = cls(Head.take(given), Condition.parse(given.pop("find")), scope == "conversation")
        if given:
            raise ValueError(f"a rule knows no {', '.join(given)}")
        return made


@dataclass(frozen=True, slots=True)
class MassRule:
    """The same text of one agent to at least ``buyers`` buyers within seconds, who did not write in ``unasked``."""

    head: Head
    buyers: int
    within: int
    unasked: int
    characters: int
    none_of: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> MassRule:
        """Read the rule.

        Raises:
            KeyError, TypeError, ValueError: it is no such rule.
        """
        given = dict(data)
        none_of = tuple(plain(word) for word in given.pop("none_of", ()))
        return cls(Head.take(given), none_of=none_of, **given)


@dataclass(frozen=True, slots=True)
class ConversationRules:
    """All rules, the pause in seconds that ends a session, and the pauses that rules count contacts by."""

    rules: tuple[ConversationRule, ...]
    mass: MassRule | None
    gap: int
    pauses: frozenset[int]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> ConversationRules:
        """Read the data file.

        Raises:
            KeyError, TypeError, ValueError: it is not of its form.
        """
        mass = data.get("mass")
        rules = tuple(map(ConversationRule.parse, data.get("rules", ())))
        pauses = frozenset(pause for rule in rules for pause in _pauses(rule.find))
        return cls(rules, None if mass is None else MassRule.parse(mass), int(data["gap"]), pauses)


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a message breaks, and the agent it is laid to."""

    head: Head
    row: Row
    agent: str


def broken(rules: ConversationRules, rows: Iterable[Row], platform: str | None = None) -> Iterator[Broken]:
    """Yield what breaks the rules in one conversation.

    Args:
        rules: all rules; that of mass messages is not looked at.
        rows: of the conversation, in time order.
        platform: of all rows; ``None`` where they name it.
    """
    taken = iter(rows)
    while part := list(islice(taken, _LONGEST)):
        where = platform or part[0].platform
        mine = [rule for rule in rules.rules if not rule.head.platforms or where in rule.head.platforms]
        contacts = contacts_of(part, rules.pauses)
        cuts = _cuts(part, rules.gap)
        whole = View(part, contacts)
        sessions = [View(part[a:b], contacts[a:b]) for a, b in pairwise(cuts)]
        for rule in mine:
            for view in (whole,) if rule.whole else sessions:
                for at in view.places(rule.find.roles):
                    if view.holds(rule.find, at):
                        row = view.rows[at]
                        yield Broken(rule.head, row, row.agent or _agent(view.rows))


def _pauses(condition: Condition) -> Iterator[int]:
    if condition.streak is not None:
        yield condition.streak[0]
    near = (side.condition for side in (condition.after, condition.before) if side is not None)
    for inner in (*condition.all, *condition.any, *condition.none, *near):
        yield from _pauses(inner)


def _cuts(rows: list[Row], gap: int) -> list[int]:
    cuts, last = [0], rows[0].time
    for number, row in enumerate(rows):
        if row.time is not None:
            if last is not None and (row.time - last).total_seconds() > gap:
                cuts.append(number)
            last = row.time
    return [*cuts, len(rows)]


def _agent(rows: Iterable[Row]) -> str:
    return next((row.agent for row in rows if row.role is Role.AGENT and row.agent), "")
