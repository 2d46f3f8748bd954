"""The one door to the Aho-Corasick library.

Both libraries read the same UTF-8 bytes and give the same hits (a test compares them). pyahocorasick takes text
only, so it reads the bytes as Latin-1, which is also 2-3 times faster for it than Chinese text (many distinct first
characters slow it down). Its ``iter_long`` loses matches and is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import ahocorasick

__all__ = ["Automaton", "DaachorseAutomaton", "PyAhoCorasick", "build_automaton"]


class Automaton(Protocol):
    """Finds every occurrence of every key."""

    def scan(self, data: bytes) -> Sequence[tuple[int, int]]:
        """Return (end byte, key number) of every hit, ends ascending."""
        ...


class PyAhoCorasick:
    """The default: pyahocorasick."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._automaton = ahocorasick.Automaton()
        for number, key in enumerate(keys):
            self._automaton.add_word(key.decode("latin-1"), number)
        self._automaton.make_automaton()
        self._empty = not keys

    def scan(self, data: bytes) -> Sequence[tuple[int, int]]:
        """See :class:`Automaton`."""
        if self._empty:
            return ()
        hits = list(self._automaton.iter(data.decode("latin-1")))
        return [(last + 1, key) for last, key in hits] if hits else ()


class DaachorseAutomaton:
    """The faster wheel, used where it is installed (``pip install compliance[fast]``)."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        from daachorse import DoubleArrayAhoCorasick  # noqa: PLC0415  optional wheel

        self._find = DoubleArrayAhoCorasick(list(keys)).find_overlapping if keys else None

    def scan(self, data: bytes) -> Sequence[tuple[int, int]]:
        """See :class:`Automaton`."""
        if self._find is None:
            return ()
        hits = self._find(data)
        return [(end, key) for _, end, key in hits] if hits else ()


def build_automaton(keys: Sequence[bytes]) -> Automaton:
    """Build the fastest automaton that is installed."""
    try:
        return DaachorseAutomaton(keys)
    except ImportError:
        return PyAhoCorasick(keys)
