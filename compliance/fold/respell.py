"""Write a text anew where people write something else than characters one by one, and read it a second time.

* fapiao becomes two stand-ins, one for each syllable, which fold like every character that sounds so;
* 亻言 becomes 信;
* 微啊信 becomes 微信, where a lexicon has a word with these two side by side;
* letters and digits with foreign signs between them (a😧b🐚c, 2⃣0⃣) or one sign between all (a_b_c_d) close up, as
  all characters with a plus between them do; words for digits at a letter (abc二〇一八) become digits.

All this changes the number of characters; what is found is mapped back to the characters of the message. Only what
nobody writes by accident is read so: whole words of syllables, and parts of which one is no character of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from compliance.fold.marks import EMOJI_WORD, SYMBOL
from compliance.fold.tables import FoldTables
from compliance.fold.view import NOISE, View

__all__ = ["Respelled", "respell", "unfinished_spelling"]

_LONGEST_SYLLABLE: Final = 6
_FEWEST_LETTERS: Final = 7
"""Two syllables alone are taken for a word from so many letters on: made is no 妈的, dalian a city and not 打脸."""
_ENOUGH_SYLLABLES: Final = 3
"""So many syllables are a word also in the middle of a longer one."""
_LATIN: Final = re.compile(r"(?<![a-z0-9@._/\-])[a-z]+(?: [a-z]+)*(?![a-z0-9@._/\-])")
_LETTERS: Final = re.compile(f"[a-z]{{2}}|[a-z0-9{SYMBOL}][{SYMBOL}{EMOJI_WORD} ][a-z0-9{SYMBOL}{EMOJI_WORD}]")
"""One of these is in every hard fold that holds pinyin or something to close up."""
_FOREIGN_SIGNS: Final = re.compile(r"(?<=[!-~])[^\x00-\x7f]{1,6}(?=[!-~])")
_SPACED_OUT: Final = re.compile(r"[!-~]([^a-z0-9])(?:[!-~]\1){2,}[!-~]")
_PLUSES: Final = re.compile(r"[^\s+](?:\+[^\s+]){3,}")
"""One plus is 加; one between all characters is nothing."""
_LETTER: Final = "abcdefghijklmnopqrstuvwxyz@"
_HANZI_AT_LETTER: Final = re.compile(r"(?<=[a-z@])[\u3007\u4e00-\u9fff]{2,}|[\u3007\u4e00-\u9fff]{2,16}(?=[a-z@])")
_OPEN_LATIN: Final = re.compile(r"(?<![a-z])[a-z][a-z ]*$")
_LONGEST_OPEN: Final = 80
_CLOSING: Final = "的了吗呢吧啊哦哈"
"""Behind these a particle stands by right: 可以的呢."""
_MOST_DROPPED: Final = 3
"""Dropped characters on either side of a particle."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters ``[start, end)`` of the message and what is read for them; ``word`` numbers words of pinyin."""

    start: int
    end: int
    read: str
    technique: str
    word: int = -1


class Respelled:
    """A text written anew, and the way back."""

    def __init__(self, text: str, pieces: Sequence[_Piece], tables: FoldTables) -> None:
        """Put the pieces, ascending and apart, in the place of what they are read for."""
        parts: list[str] = []
        self._spans: list[tuple[int, int]] = []
        self._words: dict[int, int] = {}
        self._split: set[int] = set()
        self._closed: set[int] = set()
        self._rejoined: set[int] = set()
        after = 0
        for piece in pieces:
            self._spans += ((at, at + 1) for at in range(after, piece.start))
            at = len(self._spans)
            parts += text[after : piece.start], piece.read
            if piece.technique == "pinyin":
                if piece.read:
                    self._words[at] = piece.word
            elif piece.technique == "split_glyph":
                self._split.add(at)
            elif piece.technique == "particle":
                self._rejoined.add(at)
            else:
                self._closed.update((at - 1, at))
            self._spans += [(piece.start, piece.end)] * len(piece.read)
            after = piece.end
        self._spans += ((at, at + 1) for at in range(after, len(text)))
        self.view = View("".join([*parts, text[after:]]), tables)

    @property
    def closed_up(self) -> bool:
        """Whether letters and digits stand closer than they were written."""
        return bool(self._closed)

    def closes_up(self, start: int, end: int) -> bool:
        """Tell whether letters and digits of ``[start, end)`` were not written side by side, or not as such."""
        return any(at in self._closed for at in range(start, end - 1))

    def located(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the message that a span of the respelled text stands for."""
        return self._spans[start][0], self._spans[end - 1][1]

    def position(self, at: int) -> int:
        """Return where a position of the respelled text, or its end, lies in the message."""
        return self._spans[at][0] if at < len(self._spans) else self._spans[-1][1]

    def technique(self, start: int, end: int) -> str | None:
        """Name what was respelled in ``[start, end)``; ``None`` if nothing was, or too little to tell a word by."""
        syllables = [at for at in range(start, end) if at in self._words]
        if not syllables:
            if any(at in self._split for at in range(start, end)):
                return "split_glyph"
            if self.closes_up(start, end):
                return "gap"
            return "particle" if any(at in self._rejoined for at in range(start + 1, end)) else None
        letters = sum(self._spans[at][1] - self._spans[at][0] for at in syllables)
        latin_only = self.view.spelled(start, end) == "".join(self.view.soft[at] for at in syllables)
        if latin_only and (len(syllables) < 2 or letters < _FEWEST_LETTERS):
            return None
        if len(syllables) >= _ENOUGH_SYLLABLES:
            return "pinyin"
        return None if self._inside_word(start - 1) or (len(syllables) < 2 and self._inside_word(end - 1)) else "pinyin"

    def _inside_word(self, at: int) -> bool:
        """Tell whether a word of pinyin goes on from one position to the next."""
        return at in self._words and self._words[at] == self._words.get(at + 1)


def respell(view: View, inner_pairs: frozenset[str] = frozenset()) -> Respelled | None:
    """Return the text of a view written anew, or ``None`` if there is nothing to respell. Linear in the text.

    ``inner_pairs`` are the soft-folded neighbours within words of the lexicon: what a particle may have broken up.
    """
    tables, text = view.tables, view.text
    in_letters = _LETTERS.search(view.hard) or "+" in text
    in_parts = tables.bare_parts.search(text)
    pieces = list(_particles(view, inner_pairs)) if inner_pairs else []
    if not in_letters and not in_parts and not pieces:
        return None
    if in_letters:
        pieces += _syllables(view.soft, tables)
        pieces += _closings(view)
    if in_parts:
        pieces += (
            _Piece(m.start(), m.end(), tables.split[m[0]], "split_glyph") for m in tables.split_ways.finditer(text)
        )
    return Respelled(text, list(_apart(pieces)), tables) if pieces else None


def _apart(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Yield the pieces in order of the text, without those that overlap an earlier one."""
    after = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.start >= after:
            yield piece
            after = piece.end


def _particles(view: View, inner_pairs: frozenset[str]) -> Iterator[_Piece]:
    text, tables = view.text, view.tables
    for found in tables.particles.finditer(text):
        at = found.start()
        before, after = _beside(view, at, -1), _beside(view, at, 1)
        if before is None or after is None or text[before] in _CLOSING:
            continue
        if tables.soften(text[before] + text[after]) in inner_pairs:
            yield _Piece(at, at + 1, "", "particle")


def _beside(view: View, at: int, step: int) -> int | None:
    """Return the next position that holds no dropped character, if it is near."""
    hard = view.hard
    for position in range(at + step, at + step * (_MOST_DROPPED + 2), step):
        if not 0 <= position < len(hard):
            return None
        if hard[position] not in NOISE:
            return position
    return None


def _closings(view: View) -> Iterator[_Piece]:
    soft, hard = view.soft, view.hard
    for signs in _FOREIGN_SIGNS.finditer(soft):
        if all(mark in (SYMBOL, EMOJI_WORD) for mark in hard[signs.start() : signs.end()]):
            yield _Piece(*signs.span(), "", "gap")
    for run in _PLUSES.finditer(soft):
        yield from (_Piece(at, at + 1, "", "gap") for at in range(run.start() + 1, run.end() - 1, 2))
    for run in _SPACED_OUT.finditer(soft):
        if any(char.isalnum() for char in run[0][::2]):
            yield from (_Piece(at, at + 1, "", "gap") for at in range(run.start() + 1, run.end() - 1, 2))
    digits = view.tables.digit_words
    for run in _HANZI_AT_LETTER.finditer(soft):
        behind = run.start() > 0 and soft[run.start() - 1] in _LETTER
        walk = range(run.start(), run.end()) if behind else range(run.end() - 1, run.start() - 1, -1)
        found = list(takewhile(lambda at: digits.get(soft[at], ("", 0))[1] == 1, walk))
        if len(found) > 1:
            yield from (_Piece(at, at + 1, digits[soft[at]][0], "digits") for at in found)


def _syllables(soft: str, tables: FoldTables) -> Iterator[_Piece]:
    word = 0
    for run in _LATIN.finditer(soft):
        at, spelled_before = run.start(), False
        for letters in run[0].split(" "):
            ends = _parsed(letters, tables) if len(letters) > 1 else ()
            if ends and spelled_before:
                yield _Piece(at - 1, at, "", "pinyin")  # wei xin is one word
            begin = 0
            for end in ends:
                yield _Piece(at + begin, at + end, tables.syllables[letters[begin:end]], "pinyin", word)
                begin = end
            spelled_before = bool(ends)
            word += 1
            at += len(letters) + 1


def _parsed(letters: str, tables: FoldTables) -> Sequence[int]:
    """Return where the syllables of a word end: the fewest that make it up, longer ones first. Empty if none do."""
    size = len(letters)
    fewest: list[tuple[int, int] | None] = [None] * size + [(0, size)]
    for begin in range(size - 1, -1, -1):
        for end in range(min(size, begin + _LONGEST_SYLLABLE), begin, -1):
            rest = fewest[end]
            known = fewest[begin]
            if rest is not None and letters[begin:end] in tables.syllables and (not known or rest[0] + 1 < known[0]):
                fewest[begin] = rest[0] + 1, end
    ends: list[int] = []
    at = 0
    while at < size:
        step = fewest[at]
        if step is None:
            return ()
        at = step[1]
        ends.append(at)
    return ends


def unfinished_spelling(view: View) -> int:
    """Return the position from which the end of a text may still become pinyin or a split character."""
    soft, text, size = view.soft, view.text, len(view.text)
    hold = size
    if run := _OPEN_LATIN.search(soft, max(0, size - _LONGEST_OPEN)):
        hold = run.start()
    last = _beside(view, size, -1)
    if last is not None and last > 0 and text[last] in view.tables.particle_words:
        hold = min(hold, last)  # 微啊 may go on with 信
    longest = max(map(len, view.tables.split), default=1)
    for start in range(max(0, size - longest + 1), size):
        if text[start:] in view.tables.split_beginnings:
            return min(hold, start)
    return hold
