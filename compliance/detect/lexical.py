"""Turn the automaton's hits into verified candidates: terms at once, sentence patterns where their anchors are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.detect.candidate import Candidate
from compliance.detect.sentences import sentences_at
from compliance.detect.terms import terms_at
from compliance.fold import View
from compliance.lexicon.bundle import Bundle

__all__ = ["find_terms_and_sentences"]


def find_terms_and_sentences(view: View, hits: Iterable[tuple[int, int]], bundle: Bundle) -> Iterator[Candidate]:
    """Yield the candidates of one view; ``hits`` are (end byte, key number), ends ascending."""
    keys, kept, soft = bundle.keys, view.kept, view.soft
    tries: dict[int, list[int]] = {}
    for kept_before, number in view.ends(hits):
        length, targets, triggers = keys[number]
        start, end = kept[kept_before - length], kept[kept_before - 1] + 1
        spelled = soft[start:end] if end - start == length else view.spelled(start, end)
        if targets:
            yield from terms_at(view, start, end, spelled, targets, bundle)
        for entry, ways in triggers:
            # signs and pictographs may stand for characters (➕微), so only letters tell another word
            if not ways or spelled in ways or not spelled.isalnum():
                tries.setdefault(entry, []).append(start)
    for entry, positions in tries.items():
        yield from sentences_at(view, entry, positions, bundle)
