"""A prefix tree matches what the plain list of words matches."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from compliance.lexicon.alternation import alternation

words = st.lists(st.text("加我微信vx", min_size=1, max_size=4), min_size=1, max_size=8, unique=True)


@given(words=words, text=st.text("加我微信vx，", max_size=20))
def test_the_tree_finds_the_longest_word_at_every_place(words: list[str], text: str) -> None:
    plain = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    tree = re.compile(alternation(words))
    assert [m.span() for m in tree.finditer(text)] == [m.span() for m in plain.finditer(text)]


@given(words=words, text=st.text("加vxy，", max_size=12))
def test_letters_at_an_edge_do_not_go_on(words: list[str], text: str) -> None:
    for match in re.finditer(alternation(words, whole_latin=True), text):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        assert not (match[0][0].isascii() and before.isascii() and before.isalpha())
        assert not (match[0][-1].isascii() and after.isascii() and after.isalpha())
