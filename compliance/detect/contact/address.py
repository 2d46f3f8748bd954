"""Street addresses: administrative parts, a road with a number, and details of the door."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.detect.contact.found import Found
from compliance.fold import View

__all__ = ["addresses_in"]

_NUMBER = r"[0-9一二三四五六七八九十百]{1,5}(?:[-—至][0-9]{1,5})?"
_DOOR = (
    rf"(?:[\u4e00-\u9fff]{{0,8}}?(?:[a-z]?{_NUMBER}[a-z]?(?:楼|室|层|单元|栋|幢|座|号楼|号)"
    r"|[a-z]座|大厦|广场|仓库|园区)){0,4}"
)
_PLACE = re.compile(
    r"(?:大道|路|街|巷|弄|胡同|村|道|镇|工业园|产业园|开发区|小区|花园|大厦|商城|市场)"
    rf"[\u4e00-\u9fff]{{0,4}}?{_NUMBER}(?:号|弄|栋|幢|座|区|排|档){_DOOR}"
)
_ADMIN = re.compile(r"(?:省|市|区|县|州|镇|乡|街道)")
_HAN = re.compile(r"[\u4e00-\u9fff]{0,24}$")
_LEAD = re.compile(r".*(?:地址|位于|在|到|来|至|寄往|寄|去|是|发|退回|退|送)(?:[是在为：:])?")


def addresses_in(view: View) -> Iterator[Found]:
    """Yield street addresses with a number; the span starts at the first administrative part."""
    soft = view.soft
    for match in _PLACE.finditer(soft):
        before = _HAN.search(soft[max(0, match.start() - 24) : match.start()])
        head = before[0] if before else ""
        lead = _LEAD.match(head)
        start = match.start() - len(head) + (lead.end() if lead else 0)
        text = soft[start : match.end()]
        detailed = re.search(r"(?:楼|室|层|单元|栋|幢|座|大厦|广场|仓库|档)", text)
        if (_ADMIN.search(text) or detailed) and match.start() > start:
            yield Found("address", start, match.end(), "exact", text)
