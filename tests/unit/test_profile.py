"""Shop profiles."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from compliance import Bundle, Checker, Context, ProfileError, load_profile
from compliance.cli import main

SHOP = """
name = "示例旗舰店"
platform = "京东"
category = "food"
[own]
domains = ["example.com"]
phones = ["400-800-1234"]
[offers]
cod = false
[actions]
medium = "block"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.toml"
    file.write_text(SHOP, "utf-8")
    return file


def test_a_profile_supplies_platform_and_own_numbers(shop: Path, bundle: Bundle) -> None:
    checker = Checker(bundle, load_profile(shop))
    verdict = checker.check("售后热线400-800-1234，官网www.example.com")
    assert verdict.platform == "jd"
    assert verdict.findings == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"京东"', '"ebay"', "unknown platform"),
        ("[offers]", "[offer]", "offer"),
        ("cod = false", 'cod = "perhaps"', "cod"),
        ('"food"', '"toys"', "category"),
        ('medium = "block"', 'medium = "shout"', "medium"),
        ("[own]", "[own", "line 5"),
    ],
)
def test_a_broken_profile_is_refused_by_name(
    shop: Path, old: str, new: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write_text(SHOP.replace(old, new), "utf-8")
    with pytest.raises(ProfileError, match=says):
        load_profile(shop)
    assert main(["profile", "check", str(shop)]) == 2
    assert says in capsys.readouterr().err


def test_a_profile_in_another_encoding_is_refused(shop: Path) -> None:
    shop.write_bytes(SHOP.encode("gb18030"))
    with pytest.raises(ProfileError, match="UTF-8"):
        load_profile(shop)


EXCEPTION = """
[own]
brands = ["绝味"]
return_address = "杭州市西湖区文三路123号5楼"
phones = ["0571-87654321"]
[[exceptions]]
phrase = "顶级鲜"
rules = ["absolute_claim"]
reason = "注册商标"
owner = "合规负责人"
expires = 2026-06-30
[[exceptions]]
phrase = "加*微波炉"
rules = ["offsite_contact"]
reason = "商品名"
owner = "合规负责人"
expires = 2099-01-01
"""


@pytest.fixture
def excused(tmp_path: Path, bundle: Bundle) -> Checker:
    file = tmp_path / "shop.toml"
    file.write_text(EXCEPTION, "utf-8")
    return Checker(bundle, load_profile(file, today=date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("我们的顶级鲜牛肉干卖得好", "pass"),
        ("我们的顶级鲜是全国第一", "block"),
        ("退货请寄杭州市西湖区文三路123号5楼", "pass"),
        ("来店里挑吧，杭州市西湖区文三路999号5楼", "block"),
    ],
)
def test_an_exception_excuses_only_what_lies_inside_its_phrase(excused: Checker, text: str, decision: str) -> None:
    assert excused.check(text, platform="pdd").decision == decision


def test_the_reason_of_a_drop_names_the_exception_and_its_owner(excused: Checker) -> None:
    dropped = excused.examine("我们的顶级鲜牛肉干卖得好", "pdd", Context()).dropped
    assert any("顶级鲜" in item.reason and "合规负责人" in item.reason for item in dropped)


@pytest.mark.parametrize(("day", "decision"), [(date(2026, 6, 30), "pass"), (date(2026, 7, 1), "block")])
def test_an_exception_ends_with_its_last_day(excused: Checker, day: date, decision: str) -> None:
    context = Context(send_time=datetime(day.year, day.month, day.day, 12))
    assert excused.check("我们的顶级鲜牛肉干卖得好", platform="pdd", context=context).decision == decision


def test_an_expired_exception_is_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(EXCEPTION, "utf-8")
    assert [e.phrase for e in load_profile(file, today=date(2026, 7, 1)).exceptions] == ["加*微波炉"]


def test_the_shop_phone_may_be_given_for_service_but_not_before_payment(excused: Checker) -> None:
    text = "售后请拨打0571-87654321"
    paid, placed = Context(order_status="paid"), Context(order_status="placed")
    assert excused.check(text, platform="pdd", context=paid).findings == ()
    assert excused.check(text, platform="pdd", context=placed).findings != ()


def test_profile_check_reports_expired_and_unused_exceptions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, chats = tmp_path / "shop.toml", tmp_path / "chats.txt"
    file.write_text('platform = "pdd"\n' + EXCEPTION.replace("2026-06-30", "2020-06-30"), "utf-8")
    chats.write_text("亲，今天发货哦\n", "utf-8")
    assert main(["profile", "check", str(file), "--against", str(chats)]) == 1
    printed = capsys.readouterr().out
    assert "'顶级鲜': expired on 2020-06-30" in printed
    assert "'加*微波炉': no message needed it" in printed


def test_the_example_profile_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", str(Path(__file__).parents[2] / "demo" / "shop.toml")]) == 0
    assert main(["profile", "schema"]) == 0
    assert "exceptions" in capsys.readouterr().out
