"""What a recogniser reports."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """One contact detail.

    Attributes:
        kind: the recogniser's name.
        start, end: code points of the original text, exactly around the detail.
        technique: ``exact`` or how it was disguised (folded, gap, digits, ...).
        detail: its plain form: digits of a number, the registrable domain of a link, an account in lower case.
    """

    kind: str
    start: int
    end: int
    technique: str
    detail: str
