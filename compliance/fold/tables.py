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
_STRANGE = 1100
"""A Hanzi rarer than so many others, in the place of one that sounds the same, betrays a disguise by itself."""
_EVERYDAY = 4500
"""So many Hanzi are written for themselves; a rarer one beside its other half is a character split in two."""
_STAND_INS = 0xF0000
"""The private plane in which pinyin syllables have their stand-ins; nobody types it."""
_NEVER = "(?!)"
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
        particles: characters that are put inside a word to break it up.
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
    particles: tuple[str, ...] = ()


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
    tables hold only what changes beyond it. ``usual`` are the most frequent Hanzi, ``strange`` all but
    the frequent ones. For respelling: ``syllables`` gives
    each pinyin syllable its stand-in, ``split`` the character of parts side by side, ``split_ways`` finds those parts,
    ``bare_parts`` the characters one of which is in each of them; ``particles`` finds what is put into a word to break
    it up.
    """

    hard: list[int]
    soft: list[int]
    hard_astral: dict[int, int]
    soft_astral: dict[int, int]
    emoji_words: dict[str, str]
    digit_words: dict[str, tuple[str, int]]
    lookalike_group: dict[str, int]
    usual: frozenset[str]
    strange: frozenset[str]
    syllables: dict[str, str]
    stand_ins: frozenset[str]
    split: dict[str, str]
    split_beginnings: frozenset[str]
    split_ways: re.Pattern[str]
    bare_parts: re.Pattern[str]
    particles: re.Pattern[str]
    particle_words: frozenset[str]

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

    syllables = _stand_ins(data, representative)
    split, bare = _unmistakable_splits(data)
    beyond = {code for code in (*soft, *marks, *emoji_words, *plus) if code >= _BMP}
    kept = {ord(char) for char in data.emoji_phrases}
    hard_list = [hard_char(code) if code not in kept else code for code in range(_BMP)]
    return FoldTables(
        hard=hard_list,
        soft=[soft_char(code) for code in range(_BMP)],
        hard_astral={code: hard_char(code) for code in beyond if code not in kept}
        | {ord(stand_in): ord(rep) for stand_in, rep in syllables.values()},
        soft_astral={code: soft[code] for code in beyond if code in soft},
        emoji_words={char: chr(hard_list[ord(word)]) for char, word in data.emoji_words.items()},
        digit_words=dict(data.digit_words),
        lookalike_group={char: i for i, group in enumerate(data.lookalikes) for char in group},
        usual=frozenset(list(data.pinyin)[:_USUAL]),
        strange=frozenset(list(data.pinyin)[_STRANGE:]),
        syllables={syllable: stand_in for syllable, (stand_in, _) in syllables.items()},
        stand_ins=frozenset(stand_in for stand_in, _ in syllables.values()),
        split=split,
        split_beginnings=frozenset(way[:end] for way in split for end in range(1, len(way))),
        split_ways=re.compile("|".join(sorted(map(re.escape, split), key=len, reverse=True)) or _NEVER),
        bare_parts=re.compile(f"[{''.join(sorted(bare))}]" if bare else _NEVER),
        particles=re.compile(f"[{''.join(sorted(data.particles))}]" if data.particles else _NEVER),
        particle_words=frozenset(data.particles),
    )


def _stand_ins(data: FoldingData, representative: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Give each syllable a private character, and tell how that folds hard: as most characters of that sound."""
    rep_of: dict[str, str] = {}
    for char, syllable in data.pinyin.items():
        rep_of.setdefault(syllable, representative[char])
    return {syllable: (chr(_STAND_INS + i), rep) for i, (syllable, rep) in enumerate(rep_of.items())}


def _unmistakable_splits(data: FoldingData) -> tuple[dict[str, str], frozenset[str]]:
    """Return the ways of splitting that hold a part which is no everyday character, and those parts."""
    everyday = frozenset(list(data.pinyin)[:_EVERYDAY])
    ways = {way: char for char, splits in data.splits.items() for way in splits if not everyday.issuperset(way)}
    return ways, frozenset(part for way in ways for part in way if part not in everyday)


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
