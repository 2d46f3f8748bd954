"""How often a key is likely to turn up in ordinary chats.

A sentence pattern is tried only where the automaton meets one of its elements, so the rarer the chosen element, the
less a clean message costs. Two sources are added: the lexicon's own pass examples, which are ordinary service talk,
and the frequencies of jieba's dictionary for what they do not hold. All texts are counted hard-folded, because that
is what the automaton reads: 号 counts as often as all that sounds like it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from compliance.fold import FoldTables, fold_term

__all__ = ["Rarity"]

_LATIN = 0.003
"""Assumed share of one letter or digit; the dictionary holds too few to count."""
_CHARACTERS = 20
"""Of an ordinary message."""


class Rarity:
    """Estimates how many hits a message of ordinary length gives for a key."""

    def __init__(self, messages: Iterable[str], words: Iterable[tuple[str, int]], tables: FoldTables) -> None:
        folded_messages = [fold_term(text, tables) for text in messages]
        self._count = max(1, len(folded_messages))
        self._text = "\n".join(folded_messages)
        self._singles: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for word, count in words:
            folded = fold_term(word, tables)
            for char in folded:
                self._singles[char] += count
            for first, second in pairwise(folded):
                self._pairs[first + second] += count
        self._total = max(1, self._singles.total())
        self._known: dict[str, float] = {}

    def hits(self, keys: Iterable[str]) -> float:
        """Return the expected hits a message for hard-folded keys together."""
        return sum(map(self._of_one, keys))

    def _of_one(self, key: str) -> float:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._text.count(key) / self._count + _CHARACTERS * self._share(key)
        return known

    def _share(self, key: str) -> float:
        if len(key) == 1:
            return self._single(key)
        return min(
            self._pairs[first + second] / self._total + self._single(first) * self._single(second)
            for first, second in pairwise(key)
        )

    def _single(self, char: str) -> float:
        return _LATIN if char.isascii() else self._singles[char] / self._total
