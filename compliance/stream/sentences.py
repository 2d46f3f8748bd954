"""How far back a sentence pattern may begin that the next pieces complete.

The elements of a pattern are followed through the text since the last sentence end; a beginning counts while the gap
to its next element can still be kept. This is wider than the matcher (edges of clauses and whole Latin words are not
looked at), never narrower.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from compliance.fold import View
from compliance.fold.marks import CLAUSE, SENTENCE, SPACE
from compliance.lexicon.bundle import Bundle, Slot
from compliance.lexicon.patterns import LONGEST_NUMBER, NUMERALS
from compliance.stream.rows import Gap, Row, read_row

__all__ = ["SentenceEnds"]

_NUMBER: Final = -1
"""The word set that is any number."""
_UNSETTLED: Final = 3
"""Characters at the end among which a space may still change its meaning."""
_NONE: Final[frozenset[int]] = frozenset()

_Place = tuple[int, int, int]
"""A match in progress: its last element, where that ends, where the match begins."""


class SentenceEnds:
    """The patterns of the relevant entries."""

    def __init__(self, bundle: Bundle, entries: frozenset[int]) -> None:
        learned = _Learned()
        rows: dict[str, Row] = {}
        self._reach = 0
        for number in sorted(entries):
            pattern = bundle.entries[number].pattern
            if pattern is not None and pattern.expression not in rows:
                self._reach = max(self._reach, pattern.before + pattern.after)
                rows[pattern.expression] = read_row(pattern, learned.number)
        self._rows = list(rows.values())
        uses: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            for element, words in enumerate(row.words):
                uses[words].append((number, element, element in row.first))
        self._uses: Mapping[int, list[tuple[int, int, bool]]] = dict(uses)
        self._beginners = frozenset(words for words, used in uses.items() if any(first for _, _, first in used))
        self._spelled, self._tolerated = _Words(learned.spelled), _Words(learned.tolerated)
        self._any = _Words(learned.any_way)
        self._longest = max(LONGEST_NUMBER, self._spelled.longest, self._any.longest)
        self._strange = bundle.tables.strange

    def _odd(self, spelled: str) -> bool:
        """Tell whether signs or strange characters may stand for others."""
        return not (spelled.isalnum() and self._strange.isdisjoint(spelled))

    def hold(self, view: View) -> int:
        """Return the position from which the text may be the beginning of a match; its length if none."""
        hard, origin = view.phrases
        low = max(hard.rfind(SENTENCE) + 1, len(hard) - self._reach - self._longest)
        tail = [(hard[i], origin[i]) for i in range(low, len(hard))]
        # whether a space counts as a comma depends on what follows it: where that is not known yet, try both
        known = len(view.text) - _UNSETTLED
        if SPACE not in view.hard[max(0, known) :]:
            return self._hold_of(tail, view, 0)
        without = [(char, at) for char, at in tail if at < known or view.hard[at] != SPACE]
        return min(self._hold_of(tail, view, _UNSETTLED), self._hold_of(without, view, _UNSETTLED))

    def _hold_of(self, tail: list[tuple[str, int]], view: View, open_edge: int) -> int:
        hard = "".join([char for char, _ in tail])
        begin = self._earliest("".join([view.soft[at] for _, at in tail]), hard, open_edge)
        return tail[begin][1] if begin < len(tail) else len(view.text)

    def _earliest(self, soft: str, hard: str, open_edge: int) -> int:
        """Return where the earliest match begins that may go on, or whose edge is among the last characters."""
        clauses = _Clauses(hard)
        tails = _Tails(self, soft, hard)
        earliest = tails.first_beginner(self._beginners)
        for row, places in self._followed(soft, hard, clauses).items():
            for element, end, begin in places:
                if begin < earliest:
                    edge = end + open_edge >= len(hard)  # a longer word may follow, and the edge is not known yet
                    if edge or self._goes_on(self._rows[row], element, end, clauses, tails):
                        earliest = begin
        return earliest

    def _followed(self, soft: str, hard: str, clauses: _Clauses) -> dict[int, list[_Place]]:
        """Return the matches in progress, by pattern."""
        followed: dict[int, list[_Place]] = {}
        for at in range(len(hard)):
            for end, words in self._words_at(soft, hard, at):
                for row, element, first in self._uses.get(words, ()):
                    places = followed.get(row)
                    begin = at if first else None
                    if places is not None:
                        steps = self._rows[row].steps
                        for before, ended, began in places:
                            if (begin is None or began < begin) and (gap := steps[before].get(element)):
                                begin = began if clauses.allow(gap, ended, at) else begin
                    if begin is not None:
                        if places is None:
                            followed[row] = [(element, end, begin)]
                        else:
                            places.append((element, end, begin))
        return followed

    def _goes_on(self, row: Row, element: int, end: int, clauses: _Clauses, tails: _Tails) -> bool:
        """Tell whether a match that has come to ``end`` may go on behind the text."""
        return any(
            clauses.allow(gap, end, clauses.size)
            or any(
                row.words[later] in tails.begun(at) and clauses.allow(gap, end, at)
                for at in range(max(end, tails.low), min(clauses.size, end + gap.width + 1))
            )
            for later, gap in row.steps[element].items()
        )

    def _words_at(self, soft: str, hard: str, at: int) -> Iterator[tuple[int, int]]:
        """Yield (end, word set) of every word that begins at a position."""
        for end in range(at + 1, min(len(soft), at + self._longest) + 1):
            spelled = soft[at:end]
            found = self._spelled.sets(spelled) | self._tolerated.sets(hard[at:end])
            if self._odd(spelled):
                found |= self._any.sets(hard[at:end])
            for words in found:
                yield end, words
            if end - at <= LONGEST_NUMBER and all(char in NUMERALS for char in spelled):
                yield end, _NUMBER

    def begun(self, soft: str, hard: str) -> frozenset[int]:
        """Return the word sets of which a word begins with this text."""
        found = self._spelled.begun(soft) | self._tolerated.begun(hard)
        if self._odd(soft):
            found |= self._any.begun(hard)
        return found | {_NUMBER} if all(char in NUMERALS for char in soft) else found

    @property
    def longest(self) -> int:
        """Characters of the longest word."""
        return self._longest


class _Clauses:
    """Where clauses end in a text."""

    def __init__(self, hard: str) -> None:
        self.size = len(hard)
        self._ends = [at for at, char in enumerate(hard) if char == CLAUSE]

    def allow(self, gap: Gap, end: int, at: int) -> bool:
        """Tell whether a gap may lie between two positions."""
        if not 0 <= at - end <= gap.width:
            return False
        if gap.crosses or at == end:
            return True
        following = bisect_left(self._ends, end)
        return following == len(self._ends) or self._ends[following] >= at


class _Tails:
    """The ends of a text, and the word sets that go on from them."""

    def __init__(self, sentences: SentenceEnds, soft: str, hard: str) -> None:
        self._size = len(hard)
        self.low = max(0, self._size - sentences.longest)
        self._begun = [sentences.begun(soft[at:], hard[at:]) for at in range(self.low, self._size)]

    def begun(self, at: int) -> frozenset[int]:
        """Return the word sets of which a word begins with all that follows a position."""
        return self._begun[at - self.low]

    def first_beginner(self, beginners: frozenset[int]) -> int:
        """Return the first position from which a first word of a pattern may be under way."""
        found = (at for at, begun in enumerate(self._begun, self.low) if not beginners.isdisjoint(begun))
        return next(found, self._size)


class _Learned:
    """Numbers the word sets of patterns and collects their words."""

    def __init__(self) -> None:
        self.spelled: dict[str, set[int]] = defaultdict(set)
        self.tolerated: dict[str, set[int]] = defaultdict(set)
        self.any_way: dict[str, set[int]] = defaultdict(set)
        self._numbers: dict[int, int] = {}

    def number(self, slot: Slot) -> int:
        if slot.number:
            return _NUMBER
        number = self._numbers.get(id(slot))
        if number is None:
            number = self._numbers[id(slot)] = len(self._numbers)
            for word in slot.spellings:
                self.spelled[word].add(number)
            for word in slot.expected:
                self.any_way[word].add(number)
                if slot.tolerance:
                    self.tolerated[word].add(number)
        return number


class _Words:
    """Words of word sets, whole or begun."""

    def __init__(self, words: Mapping[str, set[int]]) -> None:
        self._sets = {word: frozenset(numbers) for word, numbers in words.items()}
        self._sorted = sorted(words)
        self._known: dict[str, frozenset[int]] = {}
        self.longest = max(map(len, words), default=0)

    def sets(self, word: str) -> frozenset[int]:
        return self._sets.get(word, _NONE)

    def begun(self, start: str) -> frozenset[int]:
        known = self._known.get(start)
        if known is None:
            low = at = bisect_left(self._sorted, start)
            while at < len(self._sorted) and self._sorted[at].startswith(start):
                at += 1
            known = _NONE.union(*[self._sets[word] for word in self._sorted[low:at]])
            if at > low:  # what begins no word is not worth remembering, and could be anything
                self._known[start] = known
        return known
