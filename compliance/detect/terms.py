"""Verify the terms that the automaton met: searched hard-folded, they must be spelled right, or tolerably wrong."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.detect.candidate import Candidate
from compliance.fold import FoldTables, View
from compliance.lexicon.bundle import Bundle, Target

__all__ = ["substitution", "terms_at", "tolerated"]


def terms_at(
    view: View, start: int, end: int, spelled: str, targets: tuple[Target, ...], bundle: Bundle
) -> Iterator[Candidate]:
    """Yield the terms that a hit over ``[start, end)`` stands for; ``spelled`` is its soft fold."""
    for entry, spellings, tolerant in targets:
        known = spellings.get(spelled)
        if known is not None:
            term, technique = known
            yield Candidate(entry, start, end, technique, view, term)
        elif tolerant or not spelled.isalnum():
            for spelling, (term, _) in spellings.items():
                pairs = tuple((a, b) for a, b in zip(spelling, spelled, strict=False) if a != b)
                technique = substitution(pairs, bundle.tables)
                if tolerated(technique, bundle.entries[entry].tolerance, spelled):
                    yield Candidate(entry, start, end, technique, view, term, substituted=pairs)
                    break


def substitution(pairs: tuple[tuple[str, str], ...], tables: FoldTables) -> str:
    """Name the way in which written characters differ from the expected ones."""
    groups = tables.lookalike_group
    if all(written == "+" for _, written in pairs):
        return "symbol"
    if any(written in tables.emoji_words for _, written in pairs):
        return "emoji"
    if all(expected in groups and groups.get(written) == groups[expected] for expected, written in pairs):
        return "lookalike"
    return "homophone"


def tolerated(technique: str, tolerance: frozenset[str], spelled: str) -> bool:
    """Tell whether words of this tolerance may be written so.

    Signs and pictographs always stand for their word. A homophone of a single character is just another character.
    """
    if technique in ("symbol", "emoji"):
        return True
    return len(spelled) > 1 and ("sound" in tolerance or (technique == "lookalike" and "look" in tolerance))
