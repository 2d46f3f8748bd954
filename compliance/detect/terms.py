"""Verify the terms that the automaton met: searched hard-folded, they must be spelled right, or tolerably wrong."""

from __future__ import annotations

import string
from collections.abc import Iterator

from compliance.detect.candidate import Candidate
from compliance.fold import FoldTables, View
from compliance.lexicon.bundle import Bundle, Target

__all__ = ["Pairs", "betrayed", "substitution", "terms_at", "tolerated"]

Pairs = tuple[tuple[str, str], ...]
"""Characters that differ: what the lexicon has, and what is written."""


def terms_at(
    view: View, start: int, end: int, spelled: str, target: Target, odd: bool, bundle: Bundle
) -> Iterator[Candidate]:
    """Yield what a hit over ``[start, end)`` stands for among an entry's terms.

    ``spelled`` is its soft fold; ``odd`` tells that signs or strange characters in it may stand for others.
    """
    entry, spellings, tolerant = target
    known = spellings.get(spelled)
    if known is not None:
        term, technique = known
        yield Candidate(entry, start, end, technique, view, term)
    elif tolerant or odd:
        for spelling, (term, _) in spellings.items():
            pairs = tuple((a, b) for a, b in zip(spelling, spelled, strict=False) if a != b)
            technique = substitution(pairs, bundle.tables)
            allowed = tolerated(technique, bundle.entries[entry].tolerance, spelled)
            if allowed or betrayed(pairs, spelled, bundle.tables):
                spans = () if allowed else ((start, end),)
                yield Candidate(entry, start, end, technique, view, term, substituted=pairs, betrayed=spans)
                break


def substitution(pairs: Pairs, tables: FoldTables) -> str:
    """Name the way in which written characters differ from the expected ones."""
    groups = tables.lookalike_group
    if all(written in tables.stand_ins for _, written in pairs):
        return "pinyin"
    if all(written == "+" for _, written in pairs):
        return "symbol"
    if any(written in tables.emoji_words for _, written in pairs):
        return "emoji"
    if all(expected in groups and groups.get(written) == groups[expected] for expected, written in pairs):
        return "lookalike"
    return "homophone"


def tolerated(technique: str, tolerance: frozenset[str], spelled: str) -> bool:
    """Tell whether words of this tolerance may be written so.

    Signs, pictographs and pinyin always stand for their word. A homophone of one character is just another character.
    """
    if technique in ("symbol", "emoji", "pinyin"):
        return True
    return len(spelled) > 1 and ("sound" in tolerance or (technique == "lookalike" and "look" in tolerance))


def betrayed(pairs: Pairs, spelled: str, tables: FoldTables) -> bool:
    """Tell whether strange characters beside its own show that another word is meant; numbers stand beside anything."""
    strange = all(written in tables.strange for _, written in pairs)
    return strange and 2 * len(pairs) <= len(spelled) and not any(char in string.digits for char in spelled)
