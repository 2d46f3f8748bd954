"""Find out, once, which neighbours of a term could form a dictionary word across its edge.

A hit whose neighbours are none of these cannot cut a word in two, so segmentation is asked only about the others
(添 before 加微信, because 添加 is a word).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["crossings"]

_LONGEST_WORD = 5
_LONGEST_TERM = 4


def crossings(
    terms: Iterable[str], edge_words: Iterable[str], words: Iterable[str]
) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return term -> (strings that must not end before it, strings that must not begin after it) unexamined.

    Args:
        terms: whole hits; a word that merely contains one does not cross its edge.
        edge_words: first and last words of patterns; the hit goes on inwards, so a word that ends or begins with
            the whole of one does cross (参加 before 加我微信).
        words: the dictionary.
    """
    heads: dict[str, list[str]] = defaultdict(list)
    tails: dict[str, list[str]] = defaultdict(list)
    whole = {word for word in edge_words if len(word) <= _LONGEST_TERM}
    known = sorted(whole.union(term for term in terms if len(term) <= _LONGEST_TERM))
    for term in known:
        for cut in range(1, len(term) + (term in whole)):
            heads[term[:cut]].append(term)
            tails[term[-cut:]].append(term)
    left: dict[str, set[str]] = defaultdict(set)
    right: dict[str, set[str]] = defaultdict(set)
    for word in words:
        if not 2 <= len(word) <= _LONGEST_WORD:
            continue
        for cut in range(1, len(word)):
            for term in heads.get(word[cut:], ()):
                left[term].add(word[:cut])
            for term in tails.get(word[:cut], ()):
                right[term].add(word[cut:])
    return {
        term: (tuple(sorted(left[term])), tuple(sorted(right[term]))) for term in known if left[term] or right[term]
    }
