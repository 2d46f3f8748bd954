"""Which entries of a bundle can stop a streamed text at all, on one platform and for one shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from compliance.lexicon.bundle import Bundle
from compliance.model import Action, OrderStatus, Severity

__all__ = ["ACTIONS", "relevant_entries"]

ACTIONS = {Action.NOTE: 0, Action.WARN: 1, Action.BLOCK: 2}
"""Actions by weight."""


def relevant_entries(
    bundle: Bundle, platform: str, action_of: Callable[[Severity], Action], least: Action
) -> frozenset[int]:
    """Return the entries whose hits can lead to an action of at least this weight, whatever the order status."""
    found = set()
    for number, entry in enumerate(bundle.entries):
        rule = bundle.rules[entry.rule]
        if platform not in rule.platforms or (entry.family and entry.family == bundle.family(platform)):
            continue
        table = entry.severity or rule.severity
        for status in (None, *get_args(OrderStatus)):
            severity = table.get(platform, status)
            if severity is not None and ACTIONS[action_of(severity)] >= ACTIONS[least]:
                found.add(number)
                break
    return frozenset(found)
