"""Shop profiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance import Bundle, Checker, ProfileError, load_profile
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
