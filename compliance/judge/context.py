"""Evidence from the words around a hit."""

from __future__ import annotations

from compliance.fold import View
from compliance.fold.view import CLAUSE_REACH
from compliance.lexicon.bundle import ContextSpec

__all__ = ["holds", "reach_behind"]

_BESIDE = 4
_AROUND = 10
_MESSAGE = 1000
"""How far "anywhere in the message" reaches, so that work stays linear in a hostile text."""


def reach_behind(spec: ContextSpec) -> int:
    """Return how many code points behind a hit a context looks at; a sentence or clause may end sooner."""
    reach = _reach_behind(spec)
    return reach if spec.also is None else max(reach, reach_behind(spec.also))


def _reach_behind(spec: ContextSpec) -> int:
    if spec.message is not None:
        return _MESSAGE
    reach = CLAUSE_REACH if spec.clause is not None else 0
    if spec.right is not None:
        reach = max(reach, _beside(spec) + spec.right.longest)
    if spec.near is not None:
        reach = max(reach, _around(spec) + spec.near.longest)
    return reach


def holds(spec: ContextSpec, view: View, start: int, end: int) -> bool:
    """Tell whether the context holds for the hit ``[start, end)``."""
    return _any_place(spec, view, start, end) and (spec.also is None or holds(spec.also, view, start, end))


def _any_place(spec: ContextSpec, view: View, start: int, end: int) -> bool:
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
    beside, around = _beside(spec), _around(spec)
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


def _beside(spec: ContextSpec) -> int:
    return _BESIDE if spec.within is None else spec.within


def _around(spec: ContextSpec) -> int:
    return _AROUND if spec.within is None else spec.within
