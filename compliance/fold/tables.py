"""Folding tables: which character counts as which.

Two strengths, both one character to one character:

* **soft** undoes typing variants that any reader accepts as the same character: width, case, traditional forms,
  circled, mathematical and look-alike Latin letters and digits;
* **hard** adds what only a disguise relies on: one representative per toneless pinyin syllable and per group of
  look-alike Hanzi, and marks in place of characters that may be dropped.

A hit is searched hard and verified soft.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compliance.fold.marks import CLAUSE, EMOJI_WORD, SENTENCE, SPACE, SYMBOL

__all__ = ["FoldTables", "FoldingData", "build_tables"]

_BMP = 0x10000
_USUAL = 700
"""So many of the most frequent Hanzi are too ordinary to betray a disguise."""
has_astral = re.compile("[\U00010000-\U0010ffff]").search


@dataclass(frozen=True, slots=True)
class FoldingData:
    """The folding files of a lexicon folder, parsed but not yet combined.

    Attributes:
        traditional: variant Hanzi -> usual Hanzi.
        letters: look-alike letter -> ASCII letter.
        digits: look-alike digit -> ASCII digit.
        digit_words: Hanzi -> (ASCII digit, grade); grade 1 always in a run, 2 only among others.
        noise: (first, last, class) code point ranges; the classes are the keys of ``_MARKS``.
        emoji_words: pictograph or symbol -> the character it stands for.
        emoji_phrases: pictograph -> the word it stands for.
        pinyin: Hanzi -> toneless syllable, most usual Hanzi first.
        lookalikes: groups of look-alike Hanzi, usual one first.
        splits: Hanzi -> ways to write it as parts.
    """

    traditional: Mapping[str, str]
    letters: Mapping[str, str]
    digits: Mapping[str, str]
    digit_words: Mapping[str, tuple[str, int]]
    noise: tuple[tuple[int, int, str], ...]
    emoji_words: Mapping[str, str]
    emoji_phrases: Mapping[str, str]
    pinyin: Mapping[str, str]
    lookalikes: tuple[tuple[str, ...], ...]
    splits: Mapping[str, tuple[str, ...]]


_MARKS = {
    "invisible": SYMBOL,
    "symbol": SYMBOL,
    "emoji": SYMBOL,
    "space": SPACE,
    "clause": CLAUSE,
    "sentence": SENTENCE,
    "newline": SENTENCE,
}


@dataclass(frozen=True, slots=True)
class FoldTables:
    """Ready tables for ``str.translate``.

    ``hard`` and ``soft`` cover the basic plane as lists indexed by code point (the fastest form); the ``astral``
    tables hold only what changes beyond it. ``usual`` are the most frequent Hanzi.
    """

    hard: list[int]
    soft: list[int]
    hard_astral: dict[int, int]
    soft_astral: dict[int, int]
    emoji_words: dict[str, str]
    digit_words: dict[str, tuple[str, int]]
    lookalike_group: dict[str, int]
    usual: frozenset[str]

    def soften(self, text: str) -> str:
        """Return the soft fold of ``text``; same length."""
        if has_astral(text):
            text = text.translate(self.soft_astral)
        return text.translate(self.soft)

    def harden(self, text: str) -> str:
        """Return the hard fold of ``text``; same length, dropped characters are marks."""
        if has_astral(text):
            text = text.translate(self.hard_astral)
        return text.translate(self.hard)


def build_tables(data: FoldingData) -> FoldTables:
    """Combine the folding files into tables."""
    soft: dict[int, int] = dict(_compatibility_forms())
    for table in (data.letters, data.digits, data.traditional):
        soft.update({ord(source): ord(target) for source, target in table.items()})
    soft = {code: _end_of(code, soft) for code in soft}

    marks = _noise_marks(data.noise)
    plus = {ord(char) for char, word in data.emoji_words.items() if word == "加"} | {ord("+")}
    emoji_words = {ord(char) for char in data.emoji_words} - plus
    representative = _representatives(data)

    def soft_char(code: int) -> int:
        return soft.get(code, code)

    def hard_char(code: int) -> int:
        folded = soft_char(code)
        if code in plus:
            folded = ord("加")
        if code in emoji_words or chr(code) == EMOJI_WORD:
            return ord(EMOJI_WORD)
        rep = representative.get(chr(folded))
        if rep is not None:
            return ord(rep)
        if folded in marks:
            return ord(marks[folded])
        if code in marks:
            return ord(marks[code])
        return folded

    beyond = {code for code in (*soft, *marks, *emoji_words, *plus) if code >= _BMP}
    kept = {ord(char) for char in data.emoji_phrases}
    hard_list = [hard_char(code) if code not in kept else code for code in range(_BMP)]
    return FoldTables(
        hard=hard_list,
        soft=[soft_char(code) for code in range(_BMP)],
        hard_astral={code: hard_char(code) for code in beyond if code not in kept},
        soft_astral={code: soft[code] for code in beyond if code in soft},
        emoji_words={char: chr(hard_list[ord(word)]) for char, word in data.emoji_words.items()},
        digit_words=dict(data.digit_words),
        lookalike_group={char: i for i, group in enumerate(data.lookalikes) for char in group},
        usual=frozenset(list(data.pinyin)[:_USUAL]),
    )


def _end_of(code: int, table: Mapping[int, int]) -> int:
    """Follow ``table`` from ``code`` until nothing changes, so that folding twice folds no further."""
    seen = {code}
    while (code := table.get(code, code)) not in seen:
        seen.add(code)
    return code


def _compatibility_forms() -> Iterable[tuple[int, int]]:
    """Yield (variant, plain) for single characters whose NFKC form is one letter, digit or sign, lower case."""
    for code in (*range(0x20, _BMP), *range(0x1D400, 0x1D800), *range(0x1F100, 0x1F200), *range(0x2F800, 0x2FA20)):
        if 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char).lower()
        if len(plain) > 1:
            plain = plain.strip("().,")  # parenthesised and full-stop forms: ⑴ ⒈ ⒜
        if len(plain) == 1 and plain != char:
            yield code, ord(plain)


def _noise_marks(ranges: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    marks: dict[int, str] = {}
    for first, last, kind in ranges:
        marks.update(dict.fromkeys(range(first, last + 1), _MARKS[kind]))
    marks.update(dict.fromkeys(range(0xD800, 0xE000), SYMBOL))  # lone surrogates
    for code in range(128):
        char = chr(code)
        if not char.isalnum() and code not in marks:
            marks[code] = SYMBOL
    return marks


def _representatives(data: FoldingData) -> dict[str, str]:
    """Map each Hanzi to the first character of its sound class; look-alikes join the class of their group's first."""
    first_of: dict[str, str] = {}
    rep: dict[str, str] = {}
    for char, syllable in data.pinyin.items():
        rep[char] = first_of.setdefault(syllable, char)
    for group in data.lookalikes:
        target = rep.get(group[0], group[0])
        rep.update(dict.fromkeys(group, target))
    return rep
