"""Contact details that no list can hold."""

from __future__ import annotations

import pytest

from compliance import Checker
from compliance.detect.automaton import build_automaton
from compliance.detect.contact import ContactRecognisers
from compliance.fold import View

FOUND = [
    ("打我电话13912345678", "mobile", "13912345678"),
    ("139 1234 5678 打这个", "mobile", "139 1234 5678"),
    ("139-1234-5678", "mobile", "139-1234-5678"),
    ("1.3.9.1.2.3.4.5.6.7.8", "mobile", "1.3.9.1.2.3.4.5.6.7.8"),
    ("记一下 一三九一二三四五六七八", "mobile", "一三九一二三四五六七八"),
    ("幺三九一二三四五六七八", "mobile", "幺三九一二三四五六七八"),
    ("①③⑨①②③④⑤⑥⑦⑧", "mobile", "①③⑨①②③④⑤⑥⑦⑧"),
    ("１３９１２３４５６７８", "mobile", "１３９１２３４５６７８"),
    ("1️⃣3️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "mobile", None),
    ("+86 13912345678", "mobile", None),
    ("固话010-62345678", "landline", "010-62345678"),
    ("0571 87654321", "landline", "0571 87654321"),
    ("400-800-1234", "service_number", "400-800-1234"),
    ("微信号：abc_12345", "wechat_id", "abc_12345"),
    ("我薇信 lanlan888", "wechat_id", "lanlan888"),
    ("vx：xiaomei2024", "wechat_id", "xiaomei2024"),
    ("qq12345678", "qq_number", "12345678"),
    ("扣扣号 2345678", "qq_number", "2345678"),
    ("扣扣3 5 6 7 8 9 1 2", "qq_number", "3 5 6 7 8 9 1 2"),
    ("发到kefu@163.com", "email", "kefu@163.com"),
    ("kefu艾特163点com", "email", "kefu艾特163点com"),
    ("打开https://m.tb.cn/h.abc?x=1看看", "url", "https://m.tb.cn/h.abc?x=1"),
    ("www.example.com", "url", "www.example.com"),
    ("淘口令￥Ab3dEfGh1jK￥", "taobao_token", "￥Ab3dEfGh1jK￥"),
    ("卡号 6222 0212 3456 7890 128", "bank_card", "6222 0212 3456 7890 128"),
    ("身份证11010519491231002X", "id_card", "11010519491231002X"),
    ("杭州市西湖区文三路123号5楼", "address", "杭州市西湖区文三路123号5楼"),
]
NOT_FOUND = [
    "订单号240101139123456780001",
    "快递单号SF1391234567812",
    "尺码 160 165 170 175 180",
    "2024010112345 这是批次",
    "身高165体重120",
    "一共三百二十五块六",
    "iPhone15ProMax256G",
    "一二三四五六七八九十",
    "价格2399.00元",
    "今天12:30到13:45发货",
    "第一时间给您发出",
]


def _found(checker: Checker, text: str) -> list[tuple[str, str]]:
    """Find contact details as the checker does: only where the gate opens."""
    recognisers = ContactRecognisers(checker.bundle.tables, checker.bundle.recognition)
    view = View(text, checker.bundle.tables)
    needle_met = bool(build_automaton(recognisers.needles).scan(view.data))
    if not recognisers.worthwhile(view, needle_met):
        return []
    return [(f.kind, text[f.start : f.end]) for f in recognisers.find(view)]


@pytest.mark.parametrize(("text", "kind", "surface"), FOUND)
def test_recognises(checker: Checker, text: str, kind: str, surface: str | None) -> None:
    found = dict(_found(checker, text))
    assert kind in found
    assert surface is None or found[kind] == surface


@pytest.mark.parametrize("text", NOT_FOUND)
def test_leaves_ordinary_numbers_alone(checker: Checker, text: str) -> None:
    assert _found(checker, text) == []
