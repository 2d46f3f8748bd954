"""All recognisers behind one cheap gate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.detect.contact.accounts import AccountRecogniser, emails_in
from compliance.detect.contact.address import addresses_in
from compliance.detect.contact.digits import digit_runs
from compliance.detect.contact.found import Found
from compliance.detect.contact.links import LinkRecogniser
from compliance.detect.contact.numbers import numbers_in
from compliance.fold import FoldTables, View, fold_term
from compliance.lexicon.bundle import Recognition

__all__ = ["ContactRecognisers"]

_SHORTEST = 7
"""Digits of the shortest phone number."""
_SHORTEST_ACCOUNT = 5
"""Digits of the shortest QQ number."""
_LATIN = re.compile(rb"[0-9a-z]{5}")
_ADDRESS = re.compile(
    r"[路街巷弄村道镇园区厦城场同][\u4e00-\u9fff]{0,4}?[0-9０-９一二三四五六七八九十]{1,5}[-—0-9]{0,6}[号栋幢弄座区排档]"
)


class ContactRecognisers:
    """The recognisers of one bundle. Immutable; safe to share among threads."""

    def __init__(self, tables: FoldTables, data: Recognition) -> None:
        self._labels = frozenset(data.phone_labels)
        self._accounts = AccountRecogniser(tables, data.accounts, data.fillers)
        self._links = LinkRecogniser(data.top_level_domains, data.weak_domains, data.second_level_domains)
        words = "".join(re.escape(c) for c in sorted({fold_term(char, tables) for char in tables.digit_words} - {""}))
        digit = f"[0-9{words}]"
        self._spelled_number = re.compile(f"{digit}(?:[\x01\x02 ,]{{0,3}}{digit}){{{_SHORTEST - 1}}}").search

    def worthwhile(self, view: View) -> bool:
        """Tell whether the text can hold a contact detail at all; costs well under a microsecond."""
        return (
            _LATIN.search(view.data) is not None
            or self._spelled_number(view.hard) is not None
            or _ADDRESS.search(view.text) is not None
        )

    def find(self, view: View) -> Iterator[Found]:
        """Yield every contact detail in the text."""
        runs = list(digit_runs(view, _SHORTEST_ACCOUNT))
        for run in runs:
            if len(run.digits) >= _SHORTEST:
                yield from numbers_in(run, view, self._labels)
        yield from self._accounts.find(view, runs)
        emails = list(emails_in(view))
        yield from emails
        for link in self._links.find(view):
            if not any(email.start <= link.start < email.end for email in emails):
                yield link
        yield from addresses_in(view)
