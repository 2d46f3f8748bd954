"""Anchors and companions are a shortcut: they must find every sentence that trying each pattern everywhere finds."""

from __future__ import annotations

from compliance import Bundle, Checker
from compliance.detect.lexical import find_terms_and_sentences
from compliance.detect.sentences import sentences_at
from compliance.fold import View

_EVERY = 8
"""One pattern in so many is tried: compiling all of them takes long."""


def test_anchors_and_companions_lose_no_sentence(checker: Checker, bundle: Bundle) -> None:
    patterns = [number for number, entry in enumerate(bundle.entries) if entry.pattern is not None][::_EVERY]
    codes = {bundle.rules[bundle.entries[number].rule].code for number in patterns}
    texts = [example.text for rule in bundle.rules if rule.code in codes for example in rule.examples[:4]]
    found = 0
    for text in texts:
        view = View(text, bundle.tables)
        hits, _ = checker._scan(view)
        quick = {candidate.entry for candidate in find_terms_and_sentences(view, hits, bundle)}
        everywhere = [number for number in patterns if any(sentences_at(view, number, range(0, len(text), 4), bundle))]
        found += len(everywhere)
        assert quick.issuperset(everywhere), text
    assert found > len(patterns) / 8
