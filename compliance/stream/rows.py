"""Sentence patterns as rows of elements with bounded gaps, read from the small language of the lexicons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from compliance.lexicon.bundle import Pattern, Slot
from compliance.lexicon.patterns import TOKEN, USUAL_GAP

__all__ = ["Gap", "Row", "read_row"]


@dataclass(frozen=True, slots=True)
class Gap:
    """What may lie between two elements: so many characters, within one clause unless it crosses."""

    width: int
    crosses: bool


@dataclass(frozen=True, slots=True)
class Row:
    """The elements of one pattern.

    Attributes:
        words: number of the word set of each element.
        first: elements that a match may begin with.
        steps: element -> the elements that may come next, optional ones between them left out, and the gap there.
    """

    words: tuple[int, ...]
    first: frozenset[int]
    steps: tuple[Mapping[int, Gap], ...]


def read_row(pattern: Pattern, number_of: Callable[[Slot], int]) -> Row:
    """Read a pattern; ``number_of`` numbers its word sets."""
    slots = iter(pattern.slots)
    words: list[int] = []
    gaps: list[Gap] = []
    optional: list[bool] = []
    width, crosses = 0, False
    for token in TOKEN.finditer(pattern.source):
        if token["far"]:
            width, crosses = width + int(token["reach"]), True
        elif token["gap"]:
            width += int(token["near"] or USUAL_GAP)
        elif not (token["edge"] or token["mark"]):
            words.append(number_of(next(slots)))
            gaps.append(Gap(width, crosses))
            optional.append(token[0].endswith("?"))
            width, crosses = 0, False
    mandatory = optional.index(False)
    steps = tuple(dict(_steps(gaps, optional, element)) for element in range(len(words)))
    return Row(tuple(words), frozenset(range(mandatory + 1)), steps)


def _steps(gaps: list[Gap], optional: list[bool], element: int) -> Iterator[tuple[int, Gap]]:
    width, crosses = 0, False
    for later in range(element + 1, len(gaps)):
        width, crosses = width + gaps[later].width, crosses or gaps[later].crosses
        yield later, Gap(width, crosses)
        if not optional[later]:
            return
