"""Phone numbers, bank cards and identity cards in runs of digits.

Number plans: mainland mobile 1[3-9] and 9 digits; area codes 010, 02x and three digits from 03 to 09 with 7 or 8
digits behind; 400 and 800 with 7 digits. Identity cards carry the check digit of GB 11643, bank cards that of
ISO/IEC 7812 (Luhn).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from compliance.detect.contact.digits import Run
from compliance.detect.contact.found import Found
from compliance.fold import View

__all__ = ["numbers_in"]

_MOBILE = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:010|02[0-57-9]|0[3-9]\d\d)[2-8]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_CARD = re.compile(r"(?:62|4|5[1-5]|3[57])\d{11,17}")
_ID_CARD = re.compile(r"[1-6]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def numbers_in(run: Run, view: View, labels: frozenset[str]) -> Iterator[Found]:
    """Yield the contact numbers of one run; at most one reading for each stretch of digits."""
    taken = 0
    for first, last in _stretches(run):
        if first < taken:
            continue
        for kind, skip in _kinds(run, first, last, view):
            start, end = run.digits[first].position, run.digits[last - 1].position + 1
            if kind == "id_card" and last - first == 17:
                end += 1
            if _glued(view.soft, start, end, labels):
                continue
            if view.soft[start - 1 : start] == "(" and ")" in view.soft[start:end]:
                start -= 1
            yield Found(kind, start, end, run.technique(first, last, view), run.values[first + skip : last])
            taken = last


def _stretches(run: Run) -> Iterator[tuple[int, int]]:
    """Yield readings of a run as one number: the whole, then neighbouring chunks, longest first."""
    chunks = run.chunks()
    yield 0, len(run.digits)
    if len(chunks) == 1:
        return
    for i, (first, _) in enumerate(chunks):
        for j in range(min(len(chunks), i + 20), i, -1):
            if (i, j) != (0, len(chunks)) and _written_as_one(chunks[i:j]):
                yield first, chunks[j - 1][1]


def _written_as_one(chunks: list[tuple[int, int]]) -> bool:
    """Tell a number with separators (138 0013 8000, or digit by digit) from several numbers side by side."""
    if len(chunks) <= 4:
        return True
    return sum(last - first == 1 for first, last in chunks) * 3 >= len(chunks) * 2


def _kinds(run: Run, first: int, last: int, view: View) -> Iterator[tuple[str, int]]:
    values = run.values[first:last]
    pure = all(digit.grade < 2 for digit in run.digits[first:last])
    if match := _MOBILE.fullmatch(values):
        yield "mobile", match.start(1)
        return
    if not pure:
        return
    if _SERVICE.fullmatch(values):
        yield "service_number", 0
    elif _LANDLINE.fullmatch(values):
        yield "landline", 0
    elif last - first == len(run.digits) and _LOCAL.fullmatch(values) and not _DATE.fullmatch(values):
        yield "local_number", 0
    elif _is_id_card(values, view.soft[run.digits[last - 1].position + 1 :][:1]):
        yield "id_card", 0
    elif 13 <= len(values) <= 19 and _CARD.fullmatch(values) and _luhn(values) and _card_shaped(run, first, last):
        yield "bank_card", 0


def _glued(soft: str, start: int, end: int, labels: frozenset[str]) -> bool:
    """Tell whether letters stand directly at the number, as in a tracking or model number."""
    if end < len(soft) and soft[end].isascii() and soft[end].isalpha():
        return True
    if start == 0 or not (soft[start - 1].isascii() and soft[start - 1].isalnum()):
        return False
    head = re.search(r"[a-z0-9]{1,12}$", soft[max(0, start - 12) : start])
    return head is None or head[0] not in labels


def _is_id_card(values: str, following: str) -> bool:
    if len(values) == 18 and _ID_CARD.fullmatch(values[:17]):
        check = values[17]
    elif len(values) == 17 and following == "x" and _ID_CARD.fullmatch(values):
        check = "x"
    else:
        return False
    return check == "10x98765432"[sum(int(d) * w for d, w in zip(values, _ID_WEIGHTS, strict=False)) % 11]


def _luhn(values: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(values)):
        doubled = int(char) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _card_shaped(run: Run, first: int, last: int) -> bool:
    """Order numbers pass Luhn one time in ten: take only UnionPay prefixes, or groups of four."""
    if run.values[first:last].startswith("62") and last - first in (16, 17, 18, 19):
        return True
    bounds = [a for a, _ in run.chunks() if first <= a < last] + [last]
    return len(bounds) >= 5 and all(b - a == 4 for a, b in pairwise(bounds[:4]))
