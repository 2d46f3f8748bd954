"""Evidence from the characters that were dropped inside a hit."""

from __future__ import annotations

from enum import Enum

from compliance.fold import View
from compliance.fold.marks import CLAUSE, SENTENCE, SPACE
from compliance.fold.view import NOISE
from compliance.judge.boundary import crosses_word
from compliance.segment import is_word

__all__ = ["Gap", "judge_gap"]


class Gap(Enum):
    """What lies between the characters of a hit."""

    NONE = "none"
    EVASIVE = "evasive"
    ORDINARY = "ordinary"


def judge_gap(view: View, start: int, end: int) -> Gap:
    """Tell evasion (微*信, 微 信) from punctuation between clauses (请再加，微波炉).

    Invisible characters, symbols and pictographs have no place inside a word. A space or a clause mark is taken
    for evasion only beside a character that stands alone; a sentence end only between characters that all do. Any mark
    is, if it cuts a word whose halves belong to no other words: 淘…宝搜, but not 好，评价.
    """
    inside = view.hard[start:end]
    marks = NOISE.intersection(inside)
    if not marks:
        return Gap.NONE
    if not marks & {SPACE, CLAUSE, SENTENCE}:
        return Gap.EVASIVE
    if SENTENCE in marks:
        evasive = all(view.isolated(position) for position in range(start, end) if view.hard[position] not in NOISE)
    else:
        evasive = _beside_lone_character(view, start, end)
    return Gap.EVASIVE if evasive or _cuts_word(view, start, end) else Gap.ORDINARY


def _cuts_word(view: View, start: int, end: int) -> bool:
    return is_word(view.spelled(start, end)) and not crosses_word(view, start, end)


def _beside_lone_character(view: View, start: int, end: int) -> bool:
    return any(view.hard[position] not in NOISE and view.isolated(position) for position in range(start, end))
