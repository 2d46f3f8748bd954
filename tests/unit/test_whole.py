"""The end of a hit takes along what belongs to its last character, and closes what is opened inside."""

from __future__ import annotations

import pytest

from compliance.detect.whole import whole_end


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("1\u20e36\u20e3拿货", "1\u20e36", "1\u20e36\u20e3"),
        ("点“拍错了”就行", "点“拍错了", "点“拍错了”"),
        ("点“拍错了”就行", "“拍错了”", "“拍错了”"),
        ("(1)(3)(8) 打我", "(1)(3)(8", "(1)(3)(8)"),
        ("“拍错了”不用选", "拍错了", "拍错了"),
        ("加我微信", "微信", "微信"),
        ("加我☎\ufe0f呗", "加我☎", "加我☎\ufe0f"),
    ],
)
def test_the_end_of_a_hit(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : whole_end(text, start, start + len(found))] == whole
