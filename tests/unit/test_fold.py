"""Which characters count as which."""

from __future__ import annotations

import pytest

from compliance import Checker
from compliance.fold import Utf16Offsets, View, fold_term


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＷｅＣｈａｔ", "wechat"),
        ("𝐖𝓮𝔠𝕙𝖆𝚝", "wechat"),
        ("ⓌⓔⒸⓗⓐⓣ", "wechat"),
        ("ѵх", "vx"),
        ("①②③❹⑤", "12345"),
        ("１３８", "138"),
        ("微信號碼", "微信号码"),
        ("支付寶轉賬", "支付宝转账"),
    ],
)
def test_soft_folding_undoes_typing_variants(checker: Checker, written: str, plain: str) -> None:
    assert checker.bundle.tables.soften(written) == plain


@pytest.mark.parametrize(
    "disguised", ["薇信", "维欣", "微❤", "威 心", "徽信", "微\u200b信", "微。信", "微-信", "【微】【信】"]
)
def test_hard_folding_makes_disguises_equal(checker: Checker, disguised: str) -> None:
    tables = checker.bundle.tables
    view = View(disguised, tables)
    reread = view.with_emoji_words() or view
    assert reread.data.decode() == fold_term("微信", tables)


def test_utf16_offsets_count_pictographs_twice() -> None:
    offsets = Utf16Offsets("亲😀加V")
    assert [offsets[i] for i in range(5)] == [0, 1, 3, 4, 5]
