"""Choose the clauses a finding may print: of the right platform, in force on the day, verified well enough."""

from __future__ import annotations

from datetime import date

from compliance.lexicon.bundle import Clause
from compliance.model import Citation

__all__ = ["choose_citations"]


def choose_citations(clauses: tuple[Clause, ...], platform: str, day: date | None) -> tuple[Citation, ...]:
    """Return the platform's clauses first, then national law.

    Args:
        clauses: what the rule may cite, old and new numberings together.
        platform: whose clauses count besides national ones.
        day: of the message; ``None`` means the law now in force (clauses without an end).
    """
    chosen = [
        clause
        for clause in clauses
        if clause.printable and clause.issuer in (platform, "national") and _in_force(clause.citation, day)
    ]
    chosen.sort(key=lambda clause: clause.issuer == "national")
    return tuple(clause.citation for clause in chosen)


def _in_force(citation: Citation, day: date | None) -> bool:
    if day is None:
        return citation.effective_to is None
    begins, ends = citation.effective_from, citation.effective_to
    return (begins is None or begins <= day) and (ends is None or day <= ends)
