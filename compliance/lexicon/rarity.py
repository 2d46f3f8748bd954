"""How much work a key is likely to cause in ordinary chats.

A sentence pattern is tried only where the automaton meets one of its elements, so the rarer the chosen element, the
less a clean message costs. Two sources are added: the lexicon's own examples, and the frequencies of jieba's
dictionary for what they do not hold. A key is counted hard-folded, because that is what the automaton reads (号
counts as often as all that sounds like it); the ways in which it must be spelled are counted as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from compliance.fold import FoldTables, fold_term
from compliance.lexicon.bundle import Anchor

__all__ = ["Rarity"]

_LATIN = 0.003
"""Assumed share of one letter or digit; the dictionary holds too few to count."""
_CHARACTERS = 20
"""Of an ordinary message."""
_LONGEST_COUNTED = 4
"""Longer keys are taken to be as frequent as so many of their first characters."""
_HIT = 0.5
"""What a hit costs, as a share of what trying a pattern costs."""


class Rarity:
    """Estimates the work an anchor causes, in patterns tried per message."""

    def __init__(
        self,
        messages: Iterable[str],
        words: Sequence[tuple[str, int]],
        everyday: Iterable[str],
        tables: FoldTables,
    ) -> None:
        """Count; ``everyday`` words are taken to stand in a third of all messages."""
        texts = list(messages)
        everyday = list(everyday)
        self._folded = _Counts(texts, words, everyday, lambda text: fold_term(text, tables))
        self._spelled = _Counts(texts, words, everyday, tables.soften)

    def work(self, anchor: Anchor) -> float:
        """Return the expected patterns tried per message, with the price of the hits that lead to none."""
        total = 0.0
        for key, ways in anchor.keys.items():
            hits = self._folded.share(key)
            total += _HIT * hits + (sum(map(self._spelled.share, ways)) if ways else hits)
        return total

    def share_of(self, keys: Iterable[str]) -> float:
        """Return about how many of the hard-folded words an ordinary message holds; empty ones count for nothing."""
        return sum(self._folded.share(key) for key in keys if key)


class _Counts:
    """How often strings turn up in a message."""

    def __init__(
        self,
        texts: Sequence[str],
        words: Iterable[tuple[str, int]],
        everyday: Iterable[str],
        fold: Callable[[str], str],
    ) -> None:
        self._messages = max(1, len(texts))
        self._seen = Counter(
            text[start : start + size]
            for text in map(fold, texts)
            for size in range(1, _LONGEST_COUNTED + 1)
            for start in range(len(text) - size + 1)
        )
        self._everyday = frozenset(map(fold, everyday))
        self._singles: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for word, count in words:
            folded = fold(word)
            for char in folded:
                self._singles[char] += count
            for first, second in pairwise(folded):
                self._pairs[first + second] += count
        self._total = max(1, self._singles.total())
        self._known: dict[str, float] = dict.fromkeys(self._everyday, 1 / 3)

    def share(self, key: str) -> float:
        known = self._known.get(key)
        if known is None:
            seen = self._seen[key[:_LONGEST_COUNTED]] / self._messages
            known = self._known[key] = seen + _CHARACTERS * self._expected(key[:_LONGEST_COUNTED])
        return known

    def _expected(self, key: str) -> float:
        if len(key) == 1:
            return self._single(key)
        return min(
            self._pairs[first + second] / self._total + self._single(first) * self._single(second)
            for first, second in pairwise(key)
        )

    def _single(self, char: str) -> float:
        return _LATIN if char.isascii() else self._singles[char] / self._total
