"""How far back a number, account, link or address may begin that the next pieces complete.

Contact details are runs of letters, digits, words for digits and the signs between them; such a run at the end of a
text is held as a whole, and a little longer, since what stands behind it can still make it an account. A street
address begins with its administrative part or road; the words that lead up to it are not held.
"""

from __future__ import annotations

import re
from typing import Final

from compliance.detect.contact.links import CURRENCY
from compliance.detect.contact.recognise import SHORTEST_ACCOUNT
from compliance.fold import View
from compliance.fold.view import NOISE
from compliance.lexicon.bundle import Bundle

__all__ = ["ContactEnds"]

_BEHIND: Final = 8
"""Characters behind a token in which a label (是我微信) can still make it an account."""
_SIGNS: Final = frozenset(CURRENCY + "(（/")
_SPELLED: Final = frozenset("点艾特")
_PLACE: Final = re.compile(
    r"(?:省|市|区|县|州|镇|乡|街道|大道|路|街|巷|弄|胡同|村|道|工业园|产业园|园区|小区|花园|大厦|商城|市场)"
    r"[\u4e00-\u9fff0-9a-z\-—]*$"
)
_LONGEST_ADDRESS: Final = 60


class ContactEnds:
    """Recognisers of the relevant entries."""

    def __init__(self, bundle: Bundle, entries: frozenset[int]) -> None:
        kinds = {kind for kind, numbers in bundle.recognisers.items() if entries.intersection(numbers)}
        self._numbers = bool(kinds - {"address"})
        self._address = "address" in kinds
        words = frozenset(bundle.tables.digit_words) | _SPELLED
        self._inside = words | frozenset("".join(bundle.recognition.top_level_domains))
        self._digit_words = frozenset(bundle.tables.digit_words)

    def hold(self, view: View) -> int:
        """Return the position from which the text may be the beginning of a contact detail; its length if none."""
        hold = len(view.text)
        if self._numbers:
            hold = self._run(view)
        if self._address and (place := _PLACE.search(view.soft, max(0, len(view.soft) - _LONGEST_ADDRESS))):
            hold = min(hold, place.start())
        return hold

    def _run(self, view: View) -> int:
        soft, hard, size = view.soft, view.hard, len(view.text)
        end, behind = size, 0
        while end and behind < _BEHIND and not self._belongs(soft[end - 1], hard[end - 1]):
            end -= 1
            behind += 1
        start = end
        while start and self._belongs(soft[start - 1], hard[start - 1]):
            start -= 1
        while start < end and not self._begins(soft[start]):
            start += 1
        if start == end:
            return size
        if behind and sum(char.isascii() and char.isalnum() for char in soft[start:end]) < SHORTEST_ACCOUNT:
            return size
        return start

    def _belongs(self, soft: str, hard: str) -> bool:
        return soft.isascii() or soft in self._inside or hard in NOISE

    def _begins(self, soft: str) -> bool:
        return (soft.isascii() and soft.isalnum()) or soft in self._digit_words or soft in _SIGNS
