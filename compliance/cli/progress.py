"""A line on the terminal that tells how far a long task is, how fast, and how long it will still take."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import IO, Final

__all__ = ["ProgressBar"]

_EVERY: Final = 0.2
"""Seconds between two looks of the line."""
_CELLS: Final = 20


class ProgressBar:
    """Draws the line; call it with the rows done and how many there are, or ``None`` while they are still counted."""

    def __init__(self, stream: IO[str] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream or sys.stderr, clock
        self._drawn = float("-inf")
        self._ended = False
        self._start: tuple[float, int] | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Draw, unless it was drawn just now."""
        now = self._clock()
        if total is not None and self._start is None:
            self._start = now, done  # rows that an earlier audit has checked tell nothing about the speed
        if self._ended or (now - self._drawn < _EVERY and done != total):
            return
        self._ended = done == total
        self._drawn = now
        print(
            f"\r\033[K{self._line(now, done, total)}", end="\n" if done == total else "", file=self._stream, flush=True
        )

    def _line(self, now: float, done: int, total: int | None) -> str:
        if total is None or self._start is None:
            return f"读取 {done:,} 行"
        begun, first = self._start
        rate = (done - first) / (now - begun) if now > begun else 0.0
        cells = _CELLS * done // total if total else _CELLS
        left = f"，还需 {_clock_text((total - done) / rate)}" if rate and done < total else ""
        bar = "█" * cells + "░" * (_CELLS - cells)
        return f"{bar} {done / max(total, 1):.0%} {done:,}/{total:,} 行，每秒 {rate:,.0f} 行{left}"


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
