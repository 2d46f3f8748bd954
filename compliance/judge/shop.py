"""Evidence from the shop profile: exceptions somebody answers for, own brands, own address.

An exception protects only what lies inside its phrase: 最好的日子 as a product name does not excuse 最好的 elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from compliance.fold import FoldTables
from compliance.judge.judge import Kept
from compliance.profile import Profile, ShopException

__all__ = ["ShopEvidence"]

_REACH = 60
"""Code points to either side of a hit in which the phrase around it is looked for."""
_GAP = 10
"""Code points that ``*`` in a phrase may stand for."""
_BRAND_CATEGORY = "third_party_brand"
_ADDRESS = "address"


class ShopEvidence:
    """The part of a profile that can excuse a hit, compiled once."""

    def __init__(self, profile: Profile, tables: FoldTables) -> None:
        self._exceptions = [(item, _phrase(item.phrase, tables)) for item in profile.exceptions]
        self._brands = [(brand, _phrase(brand, tables)) for brand in sorted(profile.brands)]
        self._address = _plain(tables.soften(profile.return_address))
        self.empty = not (self._exceptions or self._brands or self._address)

    def excuse(self, hit: Kept, day: date | None) -> str:
        """Return why the shop may write this, or an empty string."""
        for item, expression in self._exceptions:
            if _applies(item, hit, day) and _covers(expression, hit):
                return f"店铺例外：“{item.phrase}”（{item.reason}；{item.owner}）"
        for brand, expression in self._brands:
            if _covers(expression, hit):
                return f"是店铺自有或获授权品牌“{brand}”的一部分"
            if hit.rule.category == _BRAND_CATEGORY and _in_clause(expression, hit):
                return f"说的是店铺自有或获授权的品牌“{brand}”"
        if self._address and hit.entry.recogniser == _ADDRESS:
            written = _plain(hit.candidate.view.soft[hit.candidate.start : hit.candidate.end])
            if written in self._address:
                return "是店铺登记的退货地址"
        return ""


def _applies(item: ShopException, hit: Kept, day: date | None) -> bool:
    if item.expires is not None and day is not None and day > item.expires:
        return False
    return hit.rule.code in item.rules or hit.rule.category in item.rules or "*" in item.rules


def _phrase(phrase: str, tables: FoldTables) -> re.Pattern[str]:
    parts = (re.escape(part) for part in tables.soften(phrase).split("*"))
    return re.compile(rf"[^,，。.!！?？\n]{{0,{_GAP}}}?".join(parts))


def _covers(expression: re.Pattern[str], hit: Kept) -> bool:
    start, end = hit.candidate.start, hit.candidate.end
    low = max(0, start - _REACH)
    return any(
        found[0] <= start and end <= found[1]
        for found in _spans(expression, hit.candidate.view.soft, low, end + _REACH)
    )


def _in_clause(expression: re.Pattern[str], hit: Kept) -> bool:
    low, high = hit.candidate.view.clause(hit.candidate.start, hit.candidate.end)
    return next(_spans(expression, hit.candidate.view.soft, low, high), None) is not None


def _spans(expression: re.Pattern[str], text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    return (match.span() for match in expression.finditer(text, low, high))


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text))
