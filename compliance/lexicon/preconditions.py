"""What a text must hold for an entry to count, so that nearly all hits end with one comparison of bit sets.

A sentence pattern needs all its elements, an entry with required contexts needs a word of each, and both need a
platform on which their rule applies. A text can hold a word only if it holds the word's first two characters, so the
pairs of a text tell what it may hold. What stands in nearly every message tells nothing and gets no bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from compliance.fold import FoldTables
from compliance.fold.marks import EMOJI_WORD, SYMBOL
from compliance.fold.view import NOISE
from compliance.lexicon.bundle import ContextSpec, Slot
from compliance.lexicon.rarity import Rarity
from compliance.model import PLATFORMS

__all__ = ["Preconditions"]

_TELLING = 3.0
"""Words of an element in an ordinary message, at most, for the element to be asked for."""
_MOST = 9
"""Elements asked for on behalf of one entry, the rarest."""
_Leads = frozenset[str]


class Preconditions:
    """Numbers what entries ask for.

    Attributes:
        of: entry -> bit set of all that it needs.
    """

    def __init__(self, rarity: Rarity, tables: FoldTables) -> None:
        self.of: dict[int, int] = {}
        self._rarity, self._tables = rarity, tables
        self._bits: dict[_Leads | tuple[str, ...], int] = {}
        self._shares: dict[_Leads, float] = {}
        self._slots: dict[int, _Leads] = {}
        self._specs: dict[int, _Leads] = {}

    def add(self, entry: int, slots: Iterable[Slot], specs: Iterable[ContextSpec], platforms: Iterable[str]) -> None:
        """Note what an entry needs: other elements of its pattern, required contexts, one of the platforms."""
        asked = {self._of_slot(slot) for slot in slots} | {self._of_spec(spec) for spec in specs}
        telling = sorted((leads for leads in asked if self._shares[leads] <= _TELLING), key=self._order)[:_MOST]
        needed = sum(self._bit(leads) for leads in telling)
        applies = tuple(sorted(platforms))
        self.of[entry] = needed if len(applies) == len(PLATFORMS) else needed | self._bit(applies)

    def leads(self) -> dict[str, int]:
        """Return first characters of a word -> bit set of the elements that have such a word."""
        found: dict[str, int] = defaultdict(int)
        for asked, bit in self._bits.items():
            if isinstance(asked, frozenset):
                for lead in asked:
                    found[lead] |= bit
        return dict(found)

    def standing(self) -> Mapping[str, int]:
        """Return platform -> bit set of what is true on it."""
        return {
            platform: sum(bit for asked, bit in self._bits.items() if isinstance(asked, tuple) and platform in asked)
            for platform in PLATFORMS
        }

    def _bit(self, asked: _Leads | tuple[str, ...]) -> int:
        return self._bits.setdefault(asked, 1 << len(self._bits))

    def _order(self, leads: _Leads) -> tuple[float, list[str]]:
        return self._shares[leads], sorted(leads)

    def _of_slot(self, slot: Slot) -> _Leads:
        known = self._slots.get(id(slot))
        if known is None:
            known = self._slots[id(slot)] = frozenset(word[:2] for word in slot.expected)
            self._shares.setdefault(known, self._rarity.share_of(slot.expected))
        return known

    def _of_spec(self, spec: ContextSpec) -> _Leads:
        known = self._specs.get(id(spec))
        if known is None:
            places = (spec.left, spec.right, spec.near, spec.clause, spec.message, spec.span)
            words = {word for place in places if place is not None for word in place.words}
            leads = {self._lead(word) for word in words}
            known = self._specs[id(spec)] = frozenset(leads)
            share = self._rarity.share_of(self._kept(word) for word in words)
            self._shares.setdefault(known, float("inf") if "" in leads else share)
        return known

    def _lead(self, word: str) -> str:
        """Return what a text must hold to hold a soft-folded word; nothing if a space or comma comes first."""
        hard = self._tables.harden(word)
        if hard[0] in (SYMBOL, EMOJI_WORD):
            return word[0]
        if hard[0] in NOISE:
            return ""
        return hard[:1] if hard[1:2] in NOISE else hard[:2]

    def _kept(self, word: str) -> str:
        return "".join(char for char in self._tables.harden(word) if char not in NOISE)
