"""A raw hit, before judgement."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.fold import View

__all__ = ["Candidate"]


@dataclass(slots=True)
class Candidate:
    """Where an entry was met and how it was written.

    Attributes:
        entry: number of the entry in the bundle.
        start, end: code points of the original text.
        term: the lexicon's term, soft-folded; empty for patterns and recognisers.
        technique: exact, digits, pinyin, initials, split_glyph, reversed, emoji, homophone or lookalike.
        view: the view in which it was found.
        detail: what a recogniser found out (a registrable domain, a normalised number).
        substituted: pairs (expected, written) of characters that differ.
        disguised: spans of the words inside a pattern's match that are not written as expected.
        betrayed: spans of the words whose entry tolerates no such writing, but which strange characters give away.
        read: the candidate as it is judged, if that is in a respelled text.
    """

    entry: int
    start: int
    end: int
    technique: str
    view: View
    term: str = ""
    detail: str = ""
    substituted: tuple[tuple[str, str], ...] = ()
    disguised: tuple[tuple[int, int], ...] = ()
    betrayed: tuple[tuple[int, int], ...] = ()
    read: Candidate | None = None
