"""Evidence from word boundaries: does a hit cut a word in two?"""

from __future__ import annotations

from compliance.fold import View
from compliance.fold.view import NOISE
from compliance.lexicon.neighbours import LONGEST_CROSSING
from compliance.segment import is_word, token_bounds

__all__ = ["continues_latin", "crosses_word", "inside_word", "suspicious"]

_REACH = 6
"""Characters on either side of a hit that segmentation sees."""


def continues_latin(view: View, start: int, end: int) -> bool:
    """Tell whether letters at an edge of the hit go on outside it (tb in 1tb, vx in vxworks).

    Digits count as a continuation only for a hit that is all letters and digits: 加v138 is still 加v. Letters that
    are spaced out (s b) continue when the next lone letter does (u s b).
    """
    soft = view.soft
    whole = soft[start:end].isascii()

    def goes_on(position: int, step: int, edge: str) -> bool:
        if not (edge.isascii() and edge.isalnum()):
            return False
        limits = range(len(soft))
        if position in limits and soft[position].isascii() and soft[position].isalnum():
            return soft[position].isalpha() == edge.isalpha() or whole
        spaced = any(view.hard[i] in NOISE for i in range(start, end))
        if not (spaced and whole):
            return False
        while position in limits and view.hard[position] in NOISE:
            position += step
        return position in limits and soft[position].isascii() and soft[position].isalpha() and view.isolated(position)

    return goes_on(start - 1, -1, soft[start]) or goes_on(end, 1, soft[end - 1])


def suspicious(view: View, start: int, end: int, words: frozenset[str]) -> bool:
    """Tell, without segmenting, whether one of the words lies across an edge of the hit."""
    soft, inside = view.soft, min(LONGEST_CROSSING, end - start)
    for outside in range(1, LONGEST_CROSSING):
        for within in range(1, min(inside, LONGEST_CROSSING + 1 - outside)):
            if start >= outside and soft[start - outside : start + within] in words:
                return True
            if end + outside <= len(soft) and soft[end - within : end + outside] in words:
                return True
    return False


def crosses_word(view: View, start: int, end: int) -> bool:
    """Segment a window around the hit; tell whether a word lies across one of its edges."""
    return any(
        (left < low < right < high) or (left < high < right and left > low)
        for left, right, low, high in _tokens(view, start, end)
    )


def inside_word(view: View, start: int, end: int) -> bool:
    """Segment a window around the hit; tell whether it is a proper part of one longer word."""
    return any(
        left <= low and right >= high and (left, right) != (low, high) and is_word(view.soft[left:right])
        for left, right, low, high in _tokens(view, start, end)
    )


def _tokens(view: View, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Return (token start, token end, hit start, hit end) in text positions for each token of the window."""
    low, high = view.clause(start, end)
    low, high = max(low, start - _REACH), min(high, end + _REACH)
    bounds = token_bounds(view.soft[low:high])
    return [(low + left, low + right, start, end) for left, right in bounds]
