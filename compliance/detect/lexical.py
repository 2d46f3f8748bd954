"""Turn the automaton's hits into verified candidates: terms at once, sentence patterns where their anchors are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain
from operator import add, or_

from compliance.detect.candidate import Candidate
from compliance.detect.sentences import sentences_at
from compliance.detect.terms import terms_at
from compliance.fold import View
from compliance.lexicon.bundle import Bundle

__all__ = ["EVERYTHING", "find_terms_and_sentences"]

EVERYTHING = -1
"""The bit set of all that entries can need: with it, no candidate is refused before it is judged."""


def find_terms_and_sentences(
    view: View, hits: Sequence[tuple[int, int]], bundle: Bundle, given: int
) -> Iterator[Candidate]:
    """Yield the candidates of one view.

    Args:
        view: the text.
        hits: (end byte, key number), ends ascending.
        bundle: the lexicons.
        given: bit set of the preconditions that hold whatever the text says: of ``bundle.standing``, or `EVERYTHING`.
    """
    keys, all_needed, preconditions = bundle.keys, bundle.needed, bundle.preconditions
    have = given if given == EVERYTHING else given | _held_by(view, bundle)
    # most hits are of entries that cannot be there: they need no position
    hits = [hit for hit in hits if (needed := all_needed[keys[hit[1]][3]]) & have == needed]
    if not hits:
        return
    kept, soft, strange = view.kept, view.soft, bundle.tables.strange
    tries: dict[int, list[int]] = {}
    for kept_before, number in view.ends(hits):
        length, targets, triggers, _ = keys[number]
        start, end = kept[kept_before - length], kept[kept_before - 1] + 1
        spelled = soft[start:end] if end - start == length else view.spelled(start, end)
        # a strange character betrays a disguise, unless just these characters are a word of the lexicon
        odd = not (spelled.isalnum() and strange.isdisjoint(spelled)) and not any(spelled in one[1] for one in targets)
        for target in targets:
            if (needed := preconditions[target[0]]) & have == needed:
                yield from terms_at(view, start, end, spelled, target, odd, bundle)
        for entry, ways in triggers.items():
            if (not ways or odd or spelled in ways) and (needed := preconditions[entry]) & have == needed:
                tries.setdefault(entry, []).append(start)
    for entry, positions in tries.items():
        yield from sentences_at(view, entry, positions, bundle)


def _held_by(view: View, bundle: Bundle) -> int:
    """Return the bit set of the words and elements that may be in the text."""
    find, text = bundle.leads.get, view.phrases[0]
    found = chain(map(find, text), map(find, map(add, text, text[1:])), map(find, view.soft) if view.pictured else ())
    return reduce(or_, filter(None, found), 0)
