"""Turn the automaton's hits into verified candidates: terms at once, sentence patterns where their anchors are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import add

from compliance.detect.candidate import Candidate
from compliance.detect.sentences import sentences_at
from compliance.detect.terms import terms_at
from compliance.fold import View
from compliance.lexicon.bundle import Bundle

__all__ = ["find_terms_and_sentences"]


def find_terms_and_sentences(view: View, hits: Sequence[tuple[int, int]], bundle: Bundle) -> Iterator[Candidate]:
    """Yield the candidates of one view; ``hits`` are (end byte, key number), ends ascending."""
    keys, possible = bundle.keys, _possible_patterns(view, hits, bundle)
    # most hits only announce patterns that cannot be there: they need no position
    hits = [hit for hit in hits if keys[hit[1]][1] or not possible.isdisjoint(keys[hit[1]][2])]
    if not hits:
        return
    kept, soft = view.kept, view.soft
    tries: dict[int, list[int]] = {}
    for kept_before, number in view.ends(hits):
        length, targets, triggers = keys[number]
        start, end = kept[kept_before - length], kept[kept_before - 1] + 1
        spelled = soft[start:end] if end - start == length else view.spelled(start, end)
        if targets:
            yield from terms_at(view, start, end, spelled, targets, bundle)
        for entry, ways in triggers.items():
            # signs and pictographs may stand for characters (➕微), so only letters tell another word
            if entry in possible and (not ways or spelled in ways or not spelled.isalnum()):
                tries.setdefault(entry, []).append(start)
    for entry, positions in tries.items():
        yield from sentences_at(view, entry, positions, bundle)


def _possible_patterns(view: View, hits: Sequence[tuple[int, int]], bundle: Bundle) -> set[int]:
    """Return the announced patterns whose other mandatory elements may be in the text too."""
    keys, leads, companions = bundle.keys, bundle.leads, bundle.companions
    announced = set().union(*[keys[number][2] for _, number in hits])
    if not announced:
        return announced
    text, have = view.phrases[0], 0
    for found in (map(leads.get, text), map(leads.get, map(add, text, text[1:]))):
        for elements in found:
            if elements:
                have |= elements
    return {entry for entry in announced if (needed := companions[entry]) & have == needed}
