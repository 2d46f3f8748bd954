"""The extension in a real Chromium, against pages built like merchants' consoles. No live console was ever tested."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from integrations.browser.build import build  # noqa: E402
from tests.hooks.service import Service  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

CLEAN, BREACH, MILD = "亲，这款今天发货", "亲，加我微信聊", "这款是最好的面料哦"
PAGES = Path(__file__).parent / "pages"
CONSOLE = {
    "name": "测试后台",
    "platform": "pdd",
    "match": ["http://127.0.0.1:*/*"],
    "editor": ["#draft"],
    "send": [".send"],
    "quick": [".quick"],
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(PAGES))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Iterator[Any]:
    out = tmp_path_factory.mktemp("built")
    consoles = out / "consoles.json"
    consoles.write_text(json.dumps([CONSOLE]), "utf-8")
    build(out, consoles, 'transport.shadow = "open"; transport.patience = 1500;')
    extension = out / "extension"
    arguments = [f"--disable-extensions-except={extension}", f"--load-extension={extension}", "--no-sandbox"]
    arguments += ["--headless=new", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with playwright.sync_playwright() as runner:
        context = runner.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")), executable_path=CHROMIUM, headless=False, args=arguments
        )
        worker = context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")
        worker.evaluate("service => chrome.storage.local.set({ service })", service.url)
        yield context
        context.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    opened = browser.new_page()
    yield opened
    opened.close()


def _open(page: Any, site: str, kind: str = "textarea") -> Any:
    page.goto(f"{site}/console.html?kind={kind}")
    return page.locator("#draft")


def _sent(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#sent li").all_inner_texts()]


def _overlay(page: Any) -> Any:
    return page.locator("compliance-guard section")


@pytest.mark.parametrize("kind", ["textarea", "editable"])
@pytest.mark.parametrize("way", ["Enter", "click"])
def test_a_clean_message_leaves_and_a_breach_stays_with_its_draft(page: Any, site: str, kind: str, way: str) -> None:
    draft = _open(page, site, kind)

    def send() -> None:
        draft.press("Enter") if way == "Enter" else page.locator(".send").click()

    draft.click()
    page.keyboard.insert_text(CLEAN)
    page.wait_for_timeout(500)
    send()
    assert _sent(page) == [CLEAN]
    draft.click()
    page.keyboard.insert_text(BREACH)
    playwright.expect(_overlay(page)).to_contain_text("不能发送")
    playwright.expect(_overlay(page)).to_contain_text("拼多多《诱导非官方交易》规则")
    send()
    send()
    assert _sent(page) == [CLEAN]
    assert BREACH in (draft.input_value() if kind == "textarea" else draft.inner_text())


@pytest.mark.parametrize("kind", ["textarea", "editable"])
def test_the_accepted_rewrite_replaces_the_draft_and_can_be_sent(page: Any, site: str, kind: str) -> None:
    draft = _open(page, site, kind)
    draft.click()
    page.keyboard.insert_text(MILD)
    playwright.expect(_overlay(page).locator("mark")).to_have_text("最好的")
    _overlay(page).locator("button.accept").click()
    page.wait_for_timeout(500)
    draft.press("Enter")
    assert _sent(page) == ["这款是很不错的面料哦"]


def test_a_message_without_a_verdict_is_held_until_it_has_one(page: Any, site: str) -> None:
    draft = _open(page, site)
    draft.click()
    page.keyboard.insert_text("亲，这款明天发货")
    page.keyboard.press("Enter")
    assert _sent(page) == []
    playwright.expect(_overlay(page)).to_contain_text("请再按一次")
    page.keyboard.press("Enter")
    assert _sent(page) == ["亲，这款明天发货"]


def test_an_input_method_keeps_its_enter(page: Any, site: str) -> None:
    draft = _open(page, site)
    draft.click()
    composer = page.context.new_cdp_session(page)
    composer.send("Input.imeSetComposition", {"text": "weixin", "selectionStart": 6, "selectionEnd": 6})
    composer.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}
    )
    assert _overlay(page).count() == 0
    composer.send("Input.insertText", {"text": "加我微信"})
    playwright.expect(_overlay(page)).to_contain_text("不能发送")
    page.keyboard.press("Enter")
    assert _sent(page) == []


def test_quick_replies_are_checked_where_the_console_describes_them(page: Any, site: str) -> None:
    _open(page, site).wait_for()
    for _ in range(2):
        page.locator(".quick").nth(1).click()
        page.wait_for_timeout(300)
    assert _sent(page) == []
    for _ in range(2):
        page.locator(".quick").nth(0).click()
        page.wait_for_timeout(300)
    assert CLEAN in _sent(page)


def test_a_chat_in_a_frame_is_guarded_too(page: Any, site: str) -> None:
    page.goto(f"{site}/frame.html")
    frame = page.frame_locator("iframe")
    frame.locator("#draft").click()
    page.keyboard.insert_text(BREACH)
    playwright.expect(frame.locator("compliance-guard section")).to_contain_text("不能发送")
    page.keyboard.press("Enter")
    assert frame.locator("#sent li").count() == 0


def test_a_page_cannot_press_the_button_with_a_made_up_event_of_ours(page: Any, site: str) -> None:
    draft = _open(page, site)
    draft.click()
    page.keyboard.insert_text(BREACH)
    playwright.expect(_overlay(page)).to_contain_text("不能发送")
    page.evaluate("document.querySelector('#draft').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))")
    playwright.expect(_overlay(page)).to_be_visible()


def test_an_unknown_console_says_so_loudly(page: Any, site: str) -> None:
    page.goto(f"{site}/console.html?kind=unknown")
    playwright.expect(_overlay(page)).to_contain_text("没有受到保护")


def test_without_the_service_nothing_leaves_unless_the_shop_says_so(
    page: Any, site: str, browser: Any, service: Service
) -> None:
    draft = _open(page, site)
    service.kill()
    try:
        draft.click()
        page.keyboard.insert_text("亲，后天发货哦")
        for _ in range(2):
            page.keyboard.press("Enter")
            page.wait_for_timeout(400)
        assert _sent(page) == []
        playwright.expect(_overlay(page)).to_contain_text("没有响应")
        worker = browser.service_workers[0]
        worker.evaluate("chrome.storage.local.set({ unavailable: 'send' })")
        for _ in range(2):
            page.keyboard.press("Enter")
            page.wait_for_timeout(400)
        assert _sent(page) == ["亲，后天发货哦"]
        assert worker.evaluate("chrome.storage.local.get('unchecked')") == {"unchecked": 1}
        worker.evaluate("chrome.storage.local.set({ unavailable: 'refuse' })")
    finally:
        service.start()
