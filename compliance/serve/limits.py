"""How much a caller may ask at once: rate by caller, and requests in flight by kind."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from compliance.serve.problems import ProblemError

__all__ = ["InFlight", "RateLimit"]

_MOST_CALLERS = 10_000
"""So many callers are remembered; those not seen longest are forgotten first."""


class RateLimit:
    """A token bucket for each caller of one worker."""

    def __init__(self, rate: float | None, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow ``rate`` requests per second (``None``: any number) and ``burst`` more at once."""
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, rate: float | None = None) -> None:
        """Count one request of a caller whose own rate, if any, wins.

        Raises:
            ProblemError: the caller is too fast; ``Retry-After`` says when to come back.
        """
        allowed = self._rate if rate is None else rate
        if allowed is None:
            return
        now = self._clock()
        full = max(float(self._burst), 1.0)
        tokens, seen = self._buckets.pop(caller, (full, now))
        tokens = min(full, tokens + (now - seen) * allowed)
        enough = tokens >= 1
        self._buckets[caller] = (tokens - 1 if enough else tokens, now)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)
        if not enough:
            wait = max(1, math.ceil((1 - tokens) / allowed))
            raise ProblemError(
                "too-many-requests",
                f"more than {allowed:g} requests per second; try again in {wait} s",
                headers={"Retry-After": str(wait)},
            )


class InFlight:
    """Counts what is going on and refuses what is too much. For the event loop's thread only."""

    def __init__(self, most: int, what: str) -> None:
        self._most, self._what = most, what
        self.now = 0

    def enter(self) -> None:
        """Begin one more.

        Raises:
            ProblemError: there are too many already.
        """
        if self.now >= self._most:
            raise ProblemError(
                "busy",
                f"{self._most} {self._what} are being answered by this worker; try again in a second",
                headers={"Retry-After": "1"},
            )
        self.now += 1

    def leave(self) -> None:
        """End one."""
        self.now -= 1

    @contextmanager
    def one(self) -> Iterator[None]:
        """Begin one more, and end it with the block."""
        self.enter()
        try:
            yield
        finally:
            self.leave()
