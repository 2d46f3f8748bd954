"""Both Aho-Corasick libraries give the same hits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import Checker
from compliance.detect.automaton import DaachorseAutomaton, PyAhoCorasick
from compliance.fold.view import encode

KEYS = ["微信", "加微信", "信", "加", "v", "vx", "淘宝", "宝", "最好", "好", "138"]


@settings(deadline=None)
@given(st.lists(st.sampled_from([*KEYS, "亲", "x", "9"]), max_size=30).map("".join))
def test_the_wheels_agree(text: str) -> None:
    keys = [key.encode() for key in KEYS]
    data = encode(text)
    assert sorted(PyAhoCorasick(keys).scan(data)) == sorted(DaachorseAutomaton(keys).scan(data))


def test_the_wheels_agree_on_the_real_lexicon(checker: Checker) -> None:
    slow, fast = PyAhoCorasick(checker.bundle.needles), DaachorseAutomaton(checker.bundle.needles)
    for rule in checker.bundle.rules:
        for example in rule.examples:
            data = encode(checker.bundle.tables.harden(example.text))
            assert sorted(slow.scan(data)) == sorted(fast.scan(data))
