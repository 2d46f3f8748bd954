"""The ASCII marks that stand for dropped characters in a hard-folded text.

Folding replaces every character that may be dropped by one mark, so the text keeps its length and each kind of
gap can still be told apart when a hit is judged. All marks are deleted before the automaton runs.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CLAUSE", "DELETED", "EMOJI_WORD", "SENTENCE", "SPACE", "SYMBOL"]

SYMBOL: Final = "\x01"
"""Invisible characters, symbols and pictographs: never part of ordinary writing inside a word."""
EMOJI_WORD: Final = "\x02"
"""A pictograph that can also stand for a character (🍑 for 桃)."""
SPACE: Final = " "
CLAUSE: Final = ","
"""Punctuation inside a sentence."""
SENTENCE: Final = "\n"
"""Punctuation that ends a sentence, and line breaks."""

DELETED: Final = bytes(code for code in range(128) if not chr(code).isalnum() or chr(code).isupper())
"""All ASCII bytes that a folded text drops: everything but 0-9 and a-z."""
