"""Find out, once, which dictionary words can lie across an edge of a hit.

Where none of them does, a hit cannot cut a word in two, so segmentation is asked only about the others (添加 across the
left edge of 加微信).
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["LONGEST_CROSSING", "crossing_words"]

LONGEST_CROSSING = 5
"""Characters of the longest word that is considered."""
_RAREST = 5
"""Words with a lower frequency in the dictionary never win a segmentation against others."""


def crossing_words(heads: Iterable[str], tails: Iterable[str], words: Iterable[tuple[str, int]]) -> frozenset[str]:
    """Return the words of which an end can begin a hit, or a beginning can end one.

    Args:
        heads: terms and first words of patterns.
        tails: terms and last words of patterns.
        words: the dictionary, with frequencies.
    """
    heads, tails = frozenset(heads), frozenset(tails)
    beginnings = {head[:size] for head in heads for size in range(1, min(len(head), LONGEST_CROSSING) + 1)}
    endings = {tail[-size:] for tail in tails for size in range(1, min(len(tail), LONGEST_CROSSING) + 1)}

    def crosses(word: str) -> bool:
        return any(
            word[cut:] in beginnings
            or word[:cut] in endings
            or any(word[cut:end] in heads for end in range(cut + 1, len(word)))
            or any(word[begin:cut] in tails for begin in range(1, cut))
            for cut in range(1, len(word))
        )

    return frozenset(
        word for word, count in words if count >= _RAREST and 2 <= len(word) <= LONGEST_CROSSING and crosses(word)
    )
