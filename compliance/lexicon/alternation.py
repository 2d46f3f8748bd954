"""Many words as one expression that reads each character once: a prefix tree instead of a list.

``加|加我|加微信`` becomes ``加(?:我|微信)?``. The longest word that fits is tried first, as in a list sorted by length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["alternation"]

_NO_LETTER_BEFORE, _NO_LETTER_AFTER = "(?<![a-z])", "(?![a-z])"

_Tree = dict[str, "_Tree"]
_END = ""


def alternation(words: Iterable[str], whole_latin: bool = False) -> str:
    """Return an expression, without groups, that matches any of the words.

    Args:
        words: at least one, none empty.
        whole_latin: letters at the edges of a word must not go on outside it (vx, but not in vxworks).
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[_END] = {}
    return _branches(tree, "", whole_latin)


def _branches(tree: _Tree, before: str, whole_latin: bool) -> str:
    options = [
        (_NO_LETTER_BEFORE if whole_latin and not before and _is_letter(char) else "")
        + re.escape(char)
        + _branches(tree[char], char, whole_latin)
        for char in sorted(tree)
        if char != _END
    ]
    end = _NO_LETTER_AFTER if whole_latin and _is_letter(before) else ""
    if not options:
        return end
    if _END in tree:
        # a word that ends here: the longer ones first
        return f"(?:{'|'.join(options)}|{end})" if end else f"(?:{'|'.join(options)})?"
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
