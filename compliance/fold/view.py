"""One message as the matcher sees it, with the way back to the original characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from compliance.fold.marks import CLAUSE, DELETED, EMOJI_WORD, SENTENCE, SPACE, SYMBOL
from compliance.fold.tables import FoldTables

__all__ = ["CLAUSE_REACH", "NOISE", "View", "encode", "fold_term", "spell"]

NOISE: Final = frozenset({SYMBOL, EMOJI_WORD, SPACE, CLAUSE, SENTENCE})
_MARKS: Final = re.compile(f"[{''.join(NOISE)}]+")
_MENDED: Final = re.compile(f"[{SYMBOL}{EMOJI_WORD}{SPACE}]")
"""Marks that sentence patterns do not see as they are."""
_SINGLE: Final = f"[^{''.join(sorted(NOISE))}]"
_ONE_BY_ONE: Final = re.compile(f"{_SINGLE}([{CLAUSE}{SENTENCE}]){_SINGLE}(?:\\1{_SINGLE}){{2,}}")
"""The same punctuation between single characters (关!闭!售!后) ends nothing."""
_FEWEST_ONE_BY_ONE: Final = 3
CLAUSE_REACH: Final = 240
"""A clause is looked at no further than this many code points from a hit, so work stays linear in the text."""


def encode(hard: str) -> bytes:
    """Return the bytes that the automaton reads: UTF-8 of the hard fold without the dropped characters."""
    return hard.encode("utf-8", "surrogatepass").translate(None, DELETED)


def fold_term(term: str, tables: FoldTables) -> str:
    """Return a lexicon term folded exactly as texts are, with dropped characters removed."""
    return "".join(char for char in tables.harden(term) if char not in NOISE)


def spell(term: str, tables: FoldTables) -> str:
    """Return the soft fold of a term without dropped characters: what :meth:`View.spelled` gives for its exact form."""
    pairs = zip(tables.soften(term), tables.harden(term), strict=True)
    return "".join(soft for soft, hard in pairs if hard not in NOISE)


class View:
    """A text, its hard and soft folds, and offset mapping. All positions are code points of the original text.

    Only the hard fold and its bytes are made for every message; the rest is built when a hit asks for it.
    """

    __slots__ = ("_kept", "_phrases", "_reread", "_soft", "data", "hard", "tables", "text")

    def __init__(self, text: str, tables: FoldTables, hard: str | None = None) -> None:
        self.text = text
        self.tables = tables
        self.hard = tables.harden(text) if hard is None else hard
        self.data = encode(self.hard)
        self._soft: str | None = None
        self._kept: list[int] | range | None = None
        self._phrases: tuple[str, Sequence[int]] | None = None
        self._reread = hard is not None

    def with_emoji_words(self) -> View | None:
        """Return a second view in which pictographs are read as the characters they stand for, if there are any."""
        if EMOJI_WORD not in self.hard:
            return None
        words = self.tables.emoji_words
        hard = "".join(
            words.get(char, SYMBOL) if mark == EMOJI_WORD else mark
            for char, mark in zip(self.text, self.hard, strict=True)
        )
        view = View(self.text, self.tables, hard)
        view._soft = self._soft
        return view

    @property
    def soft(self) -> str:
        """The soft fold of the text; same length."""
        if self._soft is None:
            self._soft = self.tables.soften(self.text)
        return self._soft

    @property
    def pictured(self) -> bool:
        """Whether the text holds signs or pictographs."""
        return self._reread or SYMBOL in self.hard or EMOJI_WORD in self.hard

    @property
    def kept(self) -> list[int] | range:
        """Original positions of the characters that were not dropped."""
        if self._kept is None:
            hard = self.hard
            positions: list[int] = []
            after = 0
            for mark in _MARKS.finditer(hard):
                positions.extend(range(after, mark.start()))
                after = mark.end()
            positions.extend(range(after, len(hard)))
            self._kept = positions if after else range(len(hard))
        return self._kept

    def ends(self, hits: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Turn automaton hits (end byte, key; ends ascending) into (number of kept characters up to there, key)."""
        data = self.data
        done_bytes = done_chars = 0
        for end_byte, key in hits:
            if end_byte > done_bytes:
                done_chars += len(data[done_bytes:end_byte].decode("utf-8", "surrogatepass"))
                done_bytes = end_byte
            yield done_chars, key

    def spelled(self, start: int, end: int) -> str:
        """Return the soft fold of a span without its dropped characters."""
        hard, soft = self.hard, self.soft
        return "".join([soft[i] for i in range(start, end) if hard[i] not in NOISE])

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the clause around a span: up to commas, sentence ends, or a fixed distance."""
        return self._bounds(start, end, (CLAUSE, SENTENCE))

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentence around a span."""
        return self._bounds(start, end, (SENTENCE,))

    def _bounds(self, start: int, end: int, stops: tuple[str, ...]) -> tuple[int, int]:
        hard = self.hard
        low_limit, high_limit = max(0, start - CLAUSE_REACH), min(len(hard), end + CLAUSE_REACH)
        low = max(low_limit, *(hard.rfind(stop, low_limit, start) + 1 for stop in stops))
        ends = [found for stop in stops if (found := hard.find(stop, end, high_limit)) >= 0]
        return low, min(ends, default=high_limit)

    def isolated(self, position: int) -> bool:
        """Tell whether the character stands alone: dropped characters or a text edge on both sides."""
        hard = self.hard
        left = position == 0 or hard[position - 1] in NOISE
        right = position + 1 == len(hard) or hard[position + 1] in NOISE
        return left and right

    @property
    def phrases(self) -> tuple[str, Sequence[int]]:
        """The hard fold for sentence patterns, and the original position of each of its characters.

        Symbols are gone, commas and sentence ends stay as marks. A space counts as a comma, as agents type it,
        unless a single character stands beside it (发 票).
        """
        if self._phrases is None:
            hard = self.hard
            if hard.count(CLAUSE) + hard.count(SENTENCE) >= _FEWEST_ONE_BY_ONE:
                hard = _ONE_BY_ONE.sub(lambda run: run[0].replace(run[1], SYMBOL), hard)
            parts: list[str] = []
            origin: list[int] = []
            after = 0
            for mark in _MENDED.finditer(hard):
                at = mark.start()
                parts.append(hard[after:at])
                origin.extend(range(after, at))
                after = at + 1
                if mark[0] == SPACE and not self._splits_word(at):
                    parts.append(CLAUSE)
                    origin.append(at)
            if after:
                origin.extend(range(after, len(hard)))
                self._phrases = "".join([*parts, hard[after:]]), origin
            else:
                self._phrases = hard, range(len(hard))
        return self._phrases

    def _splits_word(self, space: int) -> bool:
        left = space > 0 and self.hard[space - 1] not in NOISE and self.isolated(space - 1)
        right = space + 1 < len(self.hard) and self.hard[space + 1] not in NOISE and self.isolated(space + 1)
        return left or right
