"""How far back a term may begin that the next pieces complete."""

from __future__ import annotations

from compliance.fold import View
from compliance.lexicon.bundle import Bundle
from compliance.stream.words import Beginnings

__all__ = ["TermEnds"]


class TermEnds:
    """The terms of the relevant entries: as spelled, and as they sound or look where that is tolerated.

    The matcher searches hard-folded and verifies the soft spelling; where signs stand for characters (加 written +) or
    strange characters betray a disguise it takes any spelling. All are followed here, so no term is missed.
    """

    def __init__(self, bundle: Bundle, entries: frozenset[int]) -> None:
        spelled: set[str] = set()
        tolerated: set[str] = set()
        any_way: set[str] = set()
        for needle, (_, targets, *_) in zip(bundle.needles, bundle.keys, strict=False):
            for entry, spellings, tolerant in targets:
                if entry in entries:
                    hard = needle.decode("utf-8", "surrogatepass")
                    spelled.update(spellings)
                    any_way.add(hard)
                    if tolerant:
                        tolerated.add(hard)
        self._spelled, self._tolerated, self._any = Beginnings(spelled), Beginnings(tolerated), Beginnings(any_way)
        self._longest = max(self._spelled.longest, self._any.longest)

    def hold(self, view: View) -> int:
        """Return the position from which the text may be the beginning of a term; its length if none."""
        kept = view.kept[-self._longest :]
        soft, hard = view.soft, view.hard
        plain, folded = "".join([soft[i] for i in kept]), "".join([hard[i] for i in kept])
        size = max(self._spelled.unfinished(plain), self._tolerated.unfinished(folded))
        if not (plain.isalnum() and view.tables.strange.isdisjoint(plain)):
            size = max(size, self._any.unfinished(folded))
        return kept[-size] if size else len(view.text)
