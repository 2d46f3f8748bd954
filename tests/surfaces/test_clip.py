"""``compliance clip`` on standard input and on a clipboard."""

from __future__ import annotations

import io

import pytest

from compliance.cli import main

pyperclip = pytest.importorskip("pyperclip", reason="pyperclip is not installed")


@pytest.fixture
def clipboard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    held = [""]
    monkeypatch.setattr(pyperclip, "paste", lambda: held[0])
    monkeypatch.setattr(pyperclip, "copy", lambda text: held.__setitem__(0, text))
    return held


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [("亲，这款今天发货", 0, "可以发送"), ("亲，加我微信聊", 1, "不能发送"), ("这款是最好的面料哦", 0, "请留意")],
)
def test_it_says_whether_the_clipboard_may_be_sent(
    clipboard: list[str], capsys: pytest.CaptureFixture[str], text: str, code: int, told: str
) -> None:
    clipboard[0] = text
    assert main(["clip", "--platform", "pdd"]) == code
    assert told in capsys.readouterr().out
    assert clipboard[0] == text


def test_it_puts_the_rewrite_on_the_clipboard(clipboard: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    clipboard[0] = "这款是最好的面料哦"
    assert main(["clip", "--platform", "pdd", "--replace", "safe"]) == 0
    assert clipboard[0] == "这款是很不错的面料哦"
    clipboard[0] = "亲，加我微信聊"
    main(["clip", "--platform", "pdd", "--replace", "safe"])
    assert clipboard[0] == "亲，加我微信聊"


def test_it_rewrites_what_is_piped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("这款是最好的面料哦"))
    assert main(["clip", "-", "--platform", "pdd", "--replace", "any"]) == 0
    assert capsys.readouterr().out == "这款是很不错的面料哦\n"


def test_an_empty_clipboard_and_a_clipboard_that_is_not_there_are_told(
    clipboard: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clip", "--platform", "pdd"]) == 2

    def broken() -> str:
        raise pyperclip.PyperclipException

    monkeypatch.setattr(pyperclip, "paste", broken)
    assert main(["clip", "--platform", "pdd"]) == 2
    assert "clipboard" in capsys.readouterr().err
