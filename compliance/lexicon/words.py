"""A fixed list of words looked for in short windows of text."""

from __future__ import annotations

import re

from compliance.lexicon.alternation import alternation

__all__ = ["Words"]


_NOT_NEGATED = "(?<![不没未无])"


class Words:
    """Words as one alternation, compiled on first use; compares and pickles by its words.

    ``affirmed`` words do not count behind a negation: 能退 is not met in 不能退.
    """

    __slots__ = ("_expressions", "affirmed", "longest", "words")

    def __init__(self, words: tuple[str, ...], affirmed: bool = False) -> None:
        self.words = words
        self.affirmed = affirmed
        self.longest = max(map(len, words))
        self._expressions: dict[tuple[str, int], re.Pattern[str]] = {}

    def __reduce__(self) -> tuple[type[Words], tuple[tuple[str, ...], bool]]:
        return Words, (self.words, self.affirmed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and (self.words, self.affirmed) == (other.words, other.affirmed)

    def __hash__(self) -> int:
        return hash((self.words, self.affirmed))

    def __repr__(self) -> str:
        return f"Words({self.words!r})"

    def within(self, window: str) -> bool:
        """Tell whether any word stands in the window."""
        return self._expression("", 0).search(window) is not None

    def ends(self, window: str, distance: int) -> bool:
        """Tell whether a word ends at most ``distance`` characters before the end of the window."""
        return self._expression("end", distance).search(window) is not None

    def begins(self, window: str, distance: int) -> bool:
        """Tell whether a word begins at most ``distance`` characters after the start of the window."""
        return self._expression("begin", distance).match(window) is not None

    def _expression(self, kind: str, distance: int) -> re.Pattern[str]:
        found = self._expressions.get((kind, distance))
        if found is None:
            words = f"{_NOT_NEGATED if self.affirmed else ''}(?:{alternation(self.words)})"
            source = {
                "": words,
                "end": rf"{words}[\s\S]{{0,{distance}}}\Z",
                "begin": rf"[\s\S]{{0,{distance}}}?{words}",
            }[kind]
            found = self._expressions[kind, distance] = re.compile(source)
        return found
