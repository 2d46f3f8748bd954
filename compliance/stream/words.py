"""Words by their beginnings: does a text end in the beginning of one?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

__all__ = ["Beginnings"]


class Beginnings:
    """A sorted list of words; a prefix tree would take ten times the memory."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self.longest = max(map(len, self._words), default=0)

    def begins(self, start: str) -> bool:
        """Tell whether a word begins with ``start`` and goes on behind it."""
        at = bisect_left(self._words, start)
        if at < len(self._words) and self._words[at] == start:
            at += 1
        return at < len(self._words) and self._words[at].startswith(start)

    def unfinished(self, text: str) -> int:
        """Return the length of the longest end of ``text`` that a word goes on from."""
        for size in range(min(len(text), self.longest - 1), 0, -1):
            if self.begins(text[-size:]):
                return size
        return 0
