"""Evidence from the characters that were dropped inside a hit."""

from __future__ import annotations

from enum import Enum

from compliance.fold import View
from compliance.fold.marks import CLAUSE, EMOJI_WORD, SENTENCE, SPACE, SYMBOL
from compliance.fold.view import NOISE

__all__ = ["Gap", "judge_gap"]


class Gap(Enum):
    """What lies between the characters of a hit."""

    NONE = "none"
    EVASIVE = "evasive"
    ORDINARY = "ordinary"


def judge_gap(view: View, start: int, end: int) -> Gap:
    """Tell evasion (微*信, 微 信) from punctuation between clauses (请再加，微波炉).

    Invisible characters, symbols and pictographs have no place inside a word. A space or a clause mark is taken
    for evasion only beside a character that stands alone; a sentence end only between characters that all do.
    """
    inside = view.hard[start:end]
    marks = NOISE.intersection(inside)
    if not marks:
        return Gap.NONE
    if SENTENCE in marks and not all(
        view.isolated(position) for position in range(start, end) if view.hard[position] not in NOISE
    ):
        return Gap.ORDINARY
    if marks & {SPACE, CLAUSE, SENTENCE} and not _beside_lone_character(view, start, end):
        return Gap.ORDINARY
    if not marks - {SYMBOL, EMOJI_WORD} or _beside_lone_character(view, start, end):
        return Gap.EVASIVE
    return Gap.ORDINARY


def _beside_lone_character(view: View, start: int, end: int) -> bool:
    return any(view.hard[position] not in NOISE and view.isolated(position) for position in range(start, end))
