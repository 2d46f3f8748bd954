"""Can what follows still change the judgement of a hit?

A judgement looks a bounded way past its hit: at the neighbouring characters, at the clause or sentence, at the message.
How far depends on the evidence that the hit's entry asks for. Evidence only ever adds up: a context that holds goes on
to hold whatever follows, one that does not may still come until all that it looks at has arrived.
"""

from __future__ import annotations

from typing import Final

from compliance.fold import View
from compliance.fold.view import NOISE
from compliance.judge import Dropped, Kept
from compliance.judge.context import holds, reach_behind
from compliance.lexicon.bundle import ContextSpec, Entry

__all__ = ["settled"]

_NEIGHBOURS: Final = 8
"""Characters behind a hit that word boundaries and gaps look at, and some more."""
_SHOP: Final = 70
"""How far a shop's own phrase around a hit reaches."""


def settled(outcome: Kept | Dropped, shop_phrases: bool) -> bool:
    """Tell whether the judgement of a hit stays as it is, whatever follows the text.

    Args:
        outcome: the judgement on the text so far.
        shop_phrases: the shop has phrases of its own that can excuse a hit they surround.
    """
    candidate = outcome.candidate.read or outcome.candidate
    view, start, end = candidate.view, candidate.start, candidate.end
    entry, behind = outcome.entry, len(view.text) - end
    if isinstance(outcome, Kept):
        may_excuse = (*entry.unless, *entry.exempt)
        return (
            _neighbours_known(view, end, entry)
            and not (shop_phrases and behind < _SHOP)
            and all(_known(spec, view, end) for spec in may_excuse)
        )
    if any(holds(spec, view, start, end) for spec in entry.unless):
        return True
    if any(_known(spec, view, end) and not holds(spec, view, start, end) for spec in entry.requires):
        return True
    may_convict = (*entry.requires, *entry.cue)
    return _neighbours_known(view, end, entry) and all(_known(spec, view, end) for spec in may_convict)


def _neighbours_known(view: View, end: int, entry: Entry) -> bool:
    needed = max([_NEIGHBOURS, *map(len, entry.protect)])
    return len(view.text) - end >= needed and sum(mark not in NOISE for mark in view.hard[end : end + needed]) >= 2


def _known(spec: ContextSpec, view: View, end: int) -> bool:
    """Tell whether all that a context looks at behind the hit has arrived."""
    if len(view.text) - end >= reach_behind(spec):
        return True
    if spec.message is not None:
        return False
    _, high = view.sentence(end, end) if spec.cross else view.clause(end, end)
    return high < len(view.text)
