"""Draw messages for human review: by risk as the data says, shops and agents in turn, the same for the same seed."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from compliance.audit.row import Row

__all__ = ["REVIEW_COLUMNS", "RISKS", "Sampler"]

RISKS: Final = ("block", "warn", "none", "note")
"""Highest first, and the order in which what one cannot give goes to the next."""
REVIEW_COLUMNS: Final = (
    *("number", "time", "shop", "platform", "agent", "buyer", "session", "text", "risk", "codes"),
    *("verdict", "verdict_codes", "comment", "reviewer", "stratum_size", "stratum_drawn", "source"),
)
"""A reviewer fills in verdict (合规 or 违规), codes, comment and name. The sizes weight an estimate."""
_Stratum = tuple[str, str, str]


@dataclass(slots=True)
class Sampler:
    """Takes all messages of agents one by one, then gives the sample.

    Which messages are drawn depends on the seed and on what they are (source and text), not on the order in which
    they come nor on the number of processes. Memory: at most ``size`` messages of each shop, agent and risk.
    """

    size: int
    seed: int
    shares: Mapping[str, float]
    _drawn: dict[_Stratum, list[tuple[int, int, Row, str]]] = field(default_factory=lambda: defaultdict(list))
    _sizes: dict[_Stratum, int] = field(default_factory=lambda: defaultdict(int))
    _number: int = 0

    def add(self, row: Row, risk: str, codes: str) -> None:
        """Take a message, what it leads to (``none`` without findings) and the codes of its rules."""
        stratum = (risk, row.shop, row.agent)
        self._sizes[stratum] += 1
        self._number += 1
        item = (-self._key(f"{row.source}\0{row.text}"), self._number, row, codes)
        kept = self._drawn[stratum]
        if len(kept) < self.size:
            heapq.heappush(kept, item)
        elif item > kept[0]:
            heapq.heapreplace(kept, item)

    def records(self) -> list[dict[str, Any]]:
        """Return the sample, in an order that tells nothing."""
        strata = {stratum: sorted(kept, reverse=True) for stratum, kept in self._drawn.items()}
        there = {risk: sum(len(kept) for of, kept in strata.items() if of[0] == risk) for risk in RISKS}
        chosen: list[tuple[_Stratum, Row, str]] = []
        for risk, number in _quotas(self.size, self.shares, there).items():
            turns = self._turns([stratum for stratum in strata if stratum[0] == risk], strata)
            chosen += [taken for taken, _ in zip(turns, range(number), strict=False)]
        drawn: dict[_Stratum, int] = defaultdict(int)
        for stratum, _, _ in chosen:
            drawn[stratum] += 1
        chosen.sort(key=lambda taken: self._key(f"order\0{taken[1].source}\0{taken[1].text}"))
        return [
            {
                "number": number,
                "time": row.time.isoformat(sep=" ") if row.time else None,
                "shop": row.shop,
                "platform": row.platform,
                "agent": row.agent,
                "buyer": row.buyer,
                "session": row.session,
                "text": row.text,
                "risk": stratum[0],
                "codes": codes,
                "stratum_size": self._sizes[stratum],
                "stratum_drawn": drawn[stratum],
                "source": row.source,
            }
            for number, (stratum, row, codes) in enumerate(chosen, 1)
        ]

    def _turns(
        self, mine: list[_Stratum], strata: Mapping[_Stratum, list[tuple[int, int, Row, str]]]
    ) -> Iterator[tuple[_Stratum, Row, str]]:
        mine.sort(key=lambda stratum: self._key("\0".join(stratum)))  # which agent comes first is drawn too
        for turn in range(self.size):
            for stratum in mine:
                if turn < len(strata[stratum]):
                    _, _, row, codes = strata[stratum][turn]
                    yield stratum, row, codes

    def _key(self, text: str) -> int:
        told = f"{self.seed}\0{text}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(told, digest_size=8).digest(), "big")


def _quotas(size: int, shares: Mapping[str, float], there: Mapping[str, int]) -> dict[str, int]:
    """Return how many messages each risk gives: its share, and what the others cannot give."""
    whole = sum(shares.values())
    exact = {risk: size * shares.get(risk, 0) / whole for risk in RISKS}
    quotas = {risk: int(part) for risk, part in exact.items()}
    for risk in sorted(RISKS, key=lambda risk: quotas[risk] - exact[risk])[: size - sum(quotas.values())]:
        quotas[risk] += 1
    quotas = {risk: min(quota, there[risk]) for risk, quota in quotas.items()}
    for risk in RISKS:
        quotas[risk] += min(size - sum(quotas.values()), there[risk] - quotas[risk])
    return quotas
