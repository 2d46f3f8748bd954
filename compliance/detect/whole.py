"""Where the words of a hit end in writing, so that nothing of them is left standing when they are replaced.

What belongs to the last character goes with it (the frame of a keycap, a combining mark), and so does the close of a
quotation or bracket that is opened inside.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["whole_end"]

_MARKS: Final = re.compile("[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\u200d]+")
_CLOSE_OF: Final = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "【": "】", "（": "）", "(": ")", "[": "]"}


def whole_end(text: str, start: int, end: int) -> int:
    """Return the end of ``[start, end)`` with what belongs to it; code points."""
    if end >= len(text):
        return end
    if marks := _MARKS.match(text, end):
        end = marks.end()
    inside = text[start:end]
    close = _CLOSE_OF.get(max(_CLOSE_OF, key=inside.rfind), "") if any(char in _CLOSE_OF for char in inside) else ""
    if close and text.startswith(close, end) and inside.rfind(close) < max(map(inside.rfind, _CLOSE_OF)):
        end += 1
    return end
