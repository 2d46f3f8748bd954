"""Words out of order, or over several messages."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from tests.disguise.units import Units, hanzi_at

__all__ = ["reversed_order", "split_messages"]

_LONGEST = 4
"""Only short words are turned around."""


def reversed_order(units: Units, random: Random) -> Units | None:
    """The characters from the last to the first."""
    if not 2 <= len(units) <= _LONGEST or len(hanzi_at(units)) < 2 or units == units[::-1]:
        return None
    return units[::-1]


def split_messages(units: Units, random: Random) -> list[Units] | None:
    """Return the words in two to four pieces, to be sent one after the other."""
    if len(units) < 2:
        return None
    pieces = random.randint(2, min(4, len(units)))
    cuts = [0, *sorted(random.sample(range(1, len(units)), pieces - 1)), len(units)]
    return [units[first:last] for first, last in pairwise(cuts)]
