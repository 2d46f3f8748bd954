"""Links, bare domains and Taobao share tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compliance.detect.contact.found import Found
from compliance.fold import View

__all__ = ["CURRENCY", "LinkRecogniser"]

CURRENCY = "￥¥$€₤₳¢¤฿₴₰₱₲₵£＄"
_TOKEN = re.compile(rf"[{CURRENCY}(（/]\s?(?=[A-Za-z0-9]{{0,13}}[A-Za-z])([A-Za-z0-9]{{8,14}})\s?[{CURRENCY})）/]")
_MARKED = re.compile(f"[{CURRENCY}]")
_DOT = r"(?: ?[.。] ?|点(?=com|cn|net|cc|top|vip))"


class LinkRecogniser:
    """Finds links; ``detail`` is the registrable domain (example.com, example.com.cn)."""

    def __init__(self, top: Sequence[str], weak: Sequence[str], second: Sequence[str]) -> None:
        endings = "|".join(sorted(top, key=len, reverse=True))
        self._weak, self._second = frozenset(weak), frozenset(second)
        self._link = re.compile(
            r"(?<![a-z0-9@_.-])(?P<scheme>[a-z]{2,6}:/{1,3})?"
            rf"(?P<host>(?:[a-z0-9][a-z0-9-]{{0,62}}{_DOT}){{1,4}}(?:{endings}))(?![a-z0-9-])(?P<path>[:/?#][!-~]{{0,2000}})?"
        )

    def find(self, view: View) -> Iterator[Found]:
        """Yield links and tokens of a text."""
        soft = view.soft
        for match in self._link.finditer(soft):
            host = re.sub(r" ?[.。] ?|点", ".", match["host"])
            domain = self._registrable(host)
            bare = not (match["scheme"] or match["path"] or host.startswith("www."))
            spaced = " " in match["host"]
            if (bare and self._doubtful(domain)) or match["host"].count(" ") > 2:
                continue
            end = match.end() - len(match[0]) + len(match[0].rstrip(".,;:!?)'\""))
            exact = view.text[match.start() : end].isascii() and "点" not in match[0] and not spaced
            yield Found("url", match.start(), end, "exact" if exact else "folded", domain)
        for match in _TOKEN.finditer(view.text):
            code = match[1]
            if _MARKED.search(match[0]) and 10 <= len(code) <= 13 and any(c.isdigit() or c.isupper() for c in code):
                yield Found("taobao_token", match.start(), match.end(), "exact", code)

    def _doubtful(self, domain: str) -> bool:
        """Tell whether a bare name may be no domain: all digits, or an ending that is an ordinary abbreviation."""
        name, _, ending = domain.partition(".")
        return ending in self._weak or (name.isdigit() and ending not in ("com", "cn", "net"))

    def _registrable(self, host: str) -> str:
        labels = host.split(".")
        size = 3 if ".".join(labels[-2:]) in self._second else 2
        return ".".join(labels[-size:])
