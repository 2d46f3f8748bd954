"""What a sentence pattern needs beside its anchor, so that nearly all tries end with one comparison of bit sets.

A text can hold a word only if it holds the word's first two characters, so the pairs of a text tell which elements it
may hold. Elements that stand in nearly every message tell nothing and get no bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from compliance.lexicon.bundle import Slot
from compliance.lexicon.rarity import Rarity

__all__ = ["Companions"]

_TELLING = 3.0
"""Words of an element in an ordinary message, at most, for the element to be asked for."""
_MOST = 9
"""Elements asked for on behalf of one pattern, the rarest."""


class Companions:
    """Numbers the elements that patterns ask for.

    Attributes:
        needed: entry -> bit set of the elements that its pattern needs.
    """

    def __init__(self, rarity: Rarity) -> None:
        self.needed: dict[int, int] = {}
        self._rarity = rarity
        self._numbers: dict[int, int] = {}
        self._slots: list[Slot] = []
        self._shares: dict[int, float] = {}

    def add(self, entry: int, slots: Iterable[Slot]) -> None:
        """Note which of the elements that a pattern needs are worth asking for."""
        rarest = sorted((slot for slot in slots if self._share(slot) <= _TELLING), key=self._share)[:_MOST]
        self.needed[entry] = sum(1 << self._number(slot) for slot in rarest)

    def leads(self) -> dict[str, int]:
        """Return first characters of a word -> bit set of the elements that have such a word."""
        leads: dict[str, int] = defaultdict(int)
        for number, slot in enumerate(self._slots):
            for word in slot.expected:
                leads[word[:2]] |= 1 << number
        return dict(leads)

    def _number(self, slot: Slot) -> int:
        if id(slot) not in self._numbers:
            self._numbers[id(slot)] = len(self._slots)
            self._slots.append(slot)
        return self._numbers[id(slot)]

    def _share(self, slot: Slot) -> float:
        if id(slot) not in self._shares:
            self._shares[id(slot)] = self._rarity.share_of(slot)
        return self._shares[id(slot)]
