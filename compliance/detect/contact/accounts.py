"""Messenger accounts and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from compliance.detect.contact.digits import Run
from compliance.detect.contact.found import Found
from compliance.fold import FoldTables, View, fold_term
from compliance.fold.view import NOISE

__all__ = ["AccountRecogniser", "emails_in"]

_TOKEN = re.compile(r"[a-z0-9][-_a-z0-9]{4,39}")
_ACCOUNT = {
    "wechat_id": re.compile(r"[a-z][-_a-z0-9]{5,19}|[1-9]\d{4,10}"),
    "qq_number": re.compile(r"[1-9]\d{4,10}"),
}
_REACH = 16
_EMAIL = re.compile(
    r"[a-z0-9][a-z0-9._%+-]{0,63} ?(?:@|艾特|\(at\)|#at#) ?"
    r"[a-z0-9][a-z0-9-]{0,62}(?: ?(?:[.。]|点|dot) ?[a-z]{2,10}){1,3}"
)


class AccountRecogniser:
    """Finds accounts beside a label such as 微信号 or QQ; labels come from ``lexicons/recognisers.yaml``."""

    def __init__(self, tables: FoldTables, labels: Mapping[str, Sequence[str]], fillers: Sequence[str]) -> None:
        def either(words: Iterable[str]) -> str:
            folded = {fold_term(word, tables) for word in words} - {""}
            ordered = sorted(folded, key=len, reverse=True)
            return "|".join(f"(?<![a-z0-9]){word}" if word.isascii() else re.escape(word) for word in ordered)

        between = f"(?:{either(fillers)}){{0,4}}"
        self._before = {kind: re.compile(f"(?:{either(words)}){between}$") for kind, words in labels.items()}
        self._behind = {
            kind: re.compile(f"{between}(?:{either(word for word in words if len(word) > 1)})")
            for kind, words in labels.items()
        }
        self._glued = {
            kind: re.compile("|".join(sorted(filter(str.isalpha, filter(str.isascii, words)), key=len, reverse=True)))
            for kind, words in labels.items()
        }

    def find(self, view: View, runs: Iterable[Run]) -> Iterator[Found]:
        """Yield the accounts of a text; ``runs`` are its digits, which may be spaced out or written in Hanzi."""
        soft = view.soft
        for token in _TOKEN.finditer(soft):
            start, end = token.span()
            before, behind = _plain(view.hard[_left(start) : start]), _plain(view.hard[end : end + 6])
            for kind, account in _ACCOUNT.items():
                at = self._account_start(view, kind, start, end, before, behind)
                if at is not None and account.fullmatch(soft[at:end]):
                    exact = view.text[at:end].lower() == soft[at:end]
                    yield Found(kind, at, end, "exact" if exact else "folded", soft[at:end])
                    break
        for run in runs:
            start, end = run.digits[0].position, run.digits[-1].position + 1
            if run.technique(0, len(run.digits), view) == "exact" and len(run.chunks()) == 1:
                continue
            for kind, account in _ACCOUNT.items():
                if account.fullmatch(run.values) and self._before[kind].search(_plain(view.hard[_left(start) : start])):
                    yield Found(kind, start, end, run.technique(0, len(run.digits), view), run.values)
                    break

    def _account_start(self, view: View, kind: str, start: int, end: int, before: str, behind: str) -> int | None:
        """Return where the account begins if a label of this kind stands before, behind or at the front of a token."""
        if self._before[kind].search(before) or self._behind[kind].match(behind):
            return start
        label = self._glued[kind].match(view.soft, start, end)
        if label is None:
            return None
        at = label.end() + (view.soft[label.end() : label.end() + 1] in ("-", "_"))
        rest = view.soft[at:end]
        return at if sum(char.isdigit() for char in rest) >= (6 if len(label[0]) == 1 else 1) else None


def _left(start: int) -> int:
    return max(0, start - _REACH)


def emails_in(view: View) -> Iterator[Found]:
    """Yield e-mail addresses, also with 艾特 or 点 in them."""
    for match in _EMAIL.finditer(view.soft):
        written = view.text[match.start() : match.end()].lower()
        exact = written == match[0] and written.isascii() and " " not in written
        yield Found("email", match.start(), match.end(), "exact" if exact else "folded", match[0])


def _plain(hard: str) -> str:
    return "".join(char for char in hard if char not in NOISE)
