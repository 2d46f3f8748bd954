"""All recognisers behind one cheap gate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from compliance.detect.contact.accounts import AccountRecogniser, emails_in
from compliance.detect.contact.address import addresses_in
from compliance.detect.contact.digits import DigitRuns
from compliance.detect.contact.found import Found
from compliance.detect.contact.links import LinkRecogniser
from compliance.detect.contact.numbers import numbers_in
from compliance.fold import FoldTables, View, fold_term
from compliance.lexicon.bundle import Recognition

__all__ = ["SHORTEST_ACCOUNT", "ContactRecognisers"]

_SHORTEST = 7
"""Digits of the shortest phone number."""
SHORTEST_ACCOUNT = 5
"""Letters and digits of the shortest account."""
_NOT_LATIN = bytes(code for code in range(256) if not (chr(code).isascii() and chr(code).isalnum()))
_LATIN = re.compile(rb"[0-9a-z]{5}")
_AT = re.compile("@|艾特|at[)#]")
_DOT = re.compile("[.。点$¥￥€₤₳¢¤฿₴₰₱₲₵£(/]")
_SPELLED_SIGNS = ("艾特", "点com", "点cn", "点net", "点cc", "点top", "点vip")
_UNITS = "号栋幢弄座区排档"
_ADDRESS = re.compile(
    "[路街巷弄村道镇园区厦城场同][\u4e00-\u9fff]{0,4}?[0-9０-９一二三四五六七八九十]{1,5}[-—0-9]{0,6}[号栋幢弄座区排档]"
)


class ContactRecognisers:
    """The recognisers of one bundle. Immutable; safe to share among threads.

    Attributes:
        needles: byte strings without one of which a text holds no number in words and no street address, so that
            the automaton, which reads every text anyway, can tell whether to look closer.
    """

    def __init__(self, tables: FoldTables, data: Recognition) -> None:
        self._labels = frozenset(data.phone_labels)
        self._accounts = AccountRecogniser(tables, data.accounts, data.fillers)
        self._links = LinkRecogniser(data.top_level_domains, data.weak_domains, data.second_level_domains)
        self._runs = DigitRuns(tables)
        digits = self._runs.signs
        digit = f"[{''.join(digits)}]"
        self._spelled_number = re.compile(f"{digit}(?:[\x01\x02 ,]{{0,3}}{digit}){{{_SHORTEST - 1}}}").search
        numerals = {fold_term(char, tables) for char in "0123456789一二三四五六七八九十"}
        units = {fold_term(char, tables) for char in _UNITS}
        self.needles = tuple(
            sorted(
                {(a + b).encode() for a, b in product(digits, digits) if not (a + b).isascii()}
                | {(numeral + unit).encode() for numeral, unit in product(numerals, units)}
                | {fold_term(sign, tables).encode() for sign in _SPELLED_SIGNS}
            )
        )

    def worthwhile(self, view: View, needle_met: bool) -> bool:
        """Tell whether the text can hold a contact detail at all; a fraction of a microsecond for most."""
        data = view.data
        if len(data.translate(None, _NOT_LATIN)) >= SHORTEST_ACCOUNT and _LATIN.search(data):
            return True
        return needle_met and (
            self._spelled_number(view.hard) is not None
            or _ADDRESS.search(view.text) is not None
            or any(sign in view.soft for sign in _SPELLED_SIGNS)
        )

    def find(self, view: View) -> Iterator[Found]:
        """Yield every contact detail in the text."""
        soft = view.soft
        runs = list(self._runs.find(view))
        for run in runs:
            if len(run.digits) >= _SHORTEST:
                yield from numbers_in(run, view, self._labels)
        yield from self._accounts.find(view, runs)
        emails = list(emails_in(view)) if _AT.search(soft) else []
        yield from emails
        for link in self._links.find(view) if _DOT.search(soft) else ():
            if not any(email.start <= link.start < email.end for email in emails):
                yield link
        if _ADDRESS.search(view.text):
            yield from addresses_in(view)
