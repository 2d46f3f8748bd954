"""A fixed list of words looked for in short windows of text."""

from __future__ import annotations

import re

__all__ = ["Words"]


class Words:
    """Words as one alternation, compiled on first use; compares and pickles by its words."""

    __slots__ = ("_expressions", "longest", "words")

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self.longest = max(map(len, words))
        self._expressions: dict[tuple[str, int], re.Pattern[str]] = {}

    def __reduce__(self) -> tuple[type[Words], tuple[tuple[str, ...]]]:
        return Words, (self.words,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self.words == other.words

    def __hash__(self) -> int:
        return hash(self.words)

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
            words = "|".join(map(re.escape, self.words))
            source = {
                "": f"(?:{words})",
                "end": rf"(?:{words})[\s\S]{{0,{distance}}}\Z",
                "begin": rf"[\s\S]{{0,{distance}}}?(?:{words})",
            }[kind]
            found = self._expressions[kind, distance] = re.compile(source)
        return found
