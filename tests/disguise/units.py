"""What a disguise works on: the matched words as a list of units, one for each original character."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

__all__ = ["Disguise", "Units", "between", "hanzi_at", "replaced"]

Units = list[str]
Disguise = Callable[[Units, Random], Units | None]
"""Returns the disguised words, or ``None`` where the technique cannot change them."""

_HANZI = re.compile(r"[㐀-䶿一-鿿]")


def hanzi_at(units: Units) -> list[int]:
    """Return the places that hold exactly one Chinese character."""
    return [k for k, unit in enumerate(units) if len(unit) == 1 and _HANZI.match(unit)]


def between(units: Units, make: Callable[[], str]) -> Units | None:
    """Insert something between all units."""
    if len(units) < 2:
        return None
    return [unit + make() for unit in units[:-1]] + units[-1:]


def replaced(units: Units, changes: dict[int, str]) -> Units | None:
    """Replace some units; nothing to replace, or nothing changed, makes no disguise."""
    made = [changes.get(k, unit) for k, unit in enumerate(units)]
    return None if made == units else made
