"""Anchors and preconditions are shortcuts: they must find all that trying each pattern everywhere finds."""

from __future__ import annotations

from compliance import Bundle, Checker, Context
from compliance.detect.lexical import EVERYTHING, find_terms_and_sentences
from compliance.detect.sentences import sentences_at
from compliance.fold import View

_EVERY = 8
"""One pattern in so many is tried: compiling all of them takes long."""


def test_anchors_lose_no_sentence(checker: Checker, bundle: Bundle) -> None:
    patterns = [number for number, entry in enumerate(bundle.entries) if entry.pattern is not None][::_EVERY]
    codes = {bundle.rules[bundle.entries[number].rule].code for number in patterns}
    texts = [example.text for rule in bundle.rules if rule.code in codes for example in rule.examples[:4]]
    found = 0
    for text in texts:
        view = View(text, bundle.tables)
        hits, _ = checker._scan(view)
        quick = {candidate.entry for candidate in find_terms_and_sentences(view, hits, bundle, EVERYTHING)}
        everywhere = [number for number in patterns if _matches(view, number, bundle)]
        found += len(everywhere)
        assert quick.issuperset(everywhere), text
    assert found > len(patterns) / 8


def _matches(view: View, number: int, bundle: Bundle) -> bool:
    """Tell whether a pattern matches anywhere; words that only strange characters betray may be other terms."""
    return any(not found.betrayed for found in sentences_at(view, number, range(0, len(view.text), 4), bundle))


def test_preconditions_lose_no_finding(checker: Checker, bundle: Bundle) -> None:
    hits = 0
    for rule in bundle.rules:
        for example in rule.examples:
            text, platform, context = example.text, min(rule.platforms), Context.parse(example.context)
            thorough = [
                (k.rule.code, k.candidate.start, k.candidate.end) for k in checker.examine(text, platform, context).kept
            ]
            quick = [(f.code, f.start, f.end) for f in checker.check(text, platform=platform, context=context).findings]
            hits += len(thorough)
            assert quick == thorough, text
    assert hits > 1000
