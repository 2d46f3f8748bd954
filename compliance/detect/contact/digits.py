"""Runs of digits, however they are written: 138-0013..., 一三八…, ①③⑧…, 1️⃣3️⃣8️⃣….

A run goes on over up to three dropped characters. Its chunks (digits that stand together) tell a spaced phone
number from a list of sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.fold import FoldTables, View, fold_term
from compliance.fold.view import NOISE

__all__ = ["Digit", "DigitRuns", "Run"]

_MAX_GAP = 3
_SHORTEST = 5
"""Digits of the shortest QQ number."""
_LONGEST = 64
"""Longer runs are cut: no contact detail has so many digits, and work stays linear."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit: its value, place, and how sure it is (0 a digit sign, 1 a number word, 2 a word that sounds so)."""

    value: str
    position: int
    grade: int
    gap: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Digits in a row."""

    digits: tuple[Digit, ...]

    @property
    def values(self) -> str:
        """The digits as one string."""
        return "".join(digit.value for digit in self.digits)

    def chunks(self) -> list[tuple[int, int]]:
        """Return the bounds of digits that stand together, as indices into ``digits``."""
        starts = [i for i, digit in enumerate(self.digits) if i == 0 or digit.gap]
        return list(zip(starts, [*starts[1:], len(self.digits)], strict=True))

    def technique(self, start: int, end: int, view: View) -> str:
        """Name how digits ``[start, end)`` are written."""
        part = self.digits[start:end]
        if any(digit.grade for digit in part):
            return "digits"
        if any(not (view.text[digit.position].isascii()) for digit in part):
            return "folded"
        inner = view.text[part[0].position : part[-1].position + 1]
        usual = all(char.isdigit() or char in "- " for char in inner) and sum(d.gap for d in part[1:]) <= 3
        return "exact" if usual else "gap"


class DigitRuns:
    """Finds the runs of digits of a text."""

    def __init__(self, tables: FoldTables) -> None:
        self._words = tables.digit_words
        folded = {fold_term(char, tables) for char in tables.digit_words}
        self.signs = [*"0123456789", *sorted(char for char in folded if char and not char.isascii())]
        """Hard-folded digits and the classes of all words that may stand for one."""
        sign, marks = f"[{''.join(self.signs)}il|o]", "".join(NOISE)
        self._region = re.compile(f"{sign}(?:[{marks}]{{0,{_MAX_GAP}}}{sign}){{{_SHORTEST - 1},}}")

    def find(self, view: View) -> Iterator[Run]:
        """Yield the runs, in text order."""
        for region in self._region.finditer(view.hard):
            yield from self._runs(view, *region.span())

    def _runs(self, view: View, low: int, high: int) -> Iterator[Run]:
        soft, hard, words = view.soft, view.hard, self._words
        run: list[Digit] = []
        gap = 0
        for position in range(low, high):
            char = soft[position]
            if char.isascii() and char.isdigit():
                digit = Digit(char, position, 0, gap > 0)
            elif (word := words.get(char)) is not None and not _in_latin(soft, position):
                digit = Digit(word[0], position, word[1], gap > 0)
            elif hard[position] in NOISE and gap < _MAX_GAP:
                gap += 1
                continue
            else:
                yield from _close(run)
                run, gap = [], 0
                continue
            if run or digit.grade < 2:
                run.append(digit)
            gap = 0
            if len(run) >= _LONGEST:
                yield from _close(run)
                run = []
        yield from _close(run)


_WORD = re.compile(r"[a-z]{2}")


def _in_latin(soft: str, position: int) -> bool:
    """Tell whether a letter that may stand for a digit (o, l) belongs to a word of letters."""
    return soft[position].isascii() and bool(_WORD.search(soft[max(0, position - 1) : position + 2]))


def _close(run: list[Digit]) -> Iterator[Run]:
    while run and run[-1].grade == 2:
        run.pop()
    if len(run) >= _SHORTEST and sum(digit.grade == 2 for digit in run) * 3 <= len(run) * 2:
        yield Run(tuple(run))
