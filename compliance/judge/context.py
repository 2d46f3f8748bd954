"""Evidence from the words around a hit."""

from __future__ import annotations

from compliance.fold import View
from compliance.lexicon.bundle import ContextSpec

__all__ = ["holds"]

_BESIDE = 4
_AROUND = 10
_MESSAGE = 1000
"""How far "anywhere in the message" reaches, so that work stays linear in a hostile text."""


def holds(spec: ContextSpec, view: View, start: int, end: int) -> bool:
    """Tell whether the context holds for the hit ``[start, end)``; any of its places suffices."""
    soft = view.soft
    if spec.span is not None and spec.span.within(soft[start:end]):
        return True
    if spec.message is not None and spec.message.within(soft[max(0, start - _MESSAGE) : end + _MESSAGE]):
        return True
    if spec.left is None and spec.right is None and spec.near is None and spec.clause is None:
        return False
    low, high = view.sentence(start, end) if spec.cross else view.clause(start, end)
    if spec.clause is not None and spec.clause.within(soft[low:high]):
        return True
    beside = _BESIDE if spec.within is None else spec.within
    around = _AROUND if spec.within is None else spec.within
    if spec.left is not None and spec.left.ends(soft[max(low, start - beside - spec.left.longest) : start], beside):
        return True
    if spec.right is not None and spec.right.begins(soft[end : min(high, end + beside + spec.right.longest)], beside):
        return True
    if spec.near is None:
        return False
    reach = around + spec.near.longest
    return spec.near.ends(soft[max(low, start - reach) : start], around) or spec.near.begins(
        soft[end : min(high, end + reach)], around
    )
