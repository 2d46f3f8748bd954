"""The page in a real Chromium: by mouse and by keyboard, light and dark, wide and on a phone, in two languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from tests.hooks.service import Service  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}
PARTS = ("check", "read", "rules", "audits")
BREACH = "亲，加我微信聊"
CHAT = "买家：能便宜点吗\n客服：亲，您加一下我的微\n客服：信吧，给您优惠\n客服：" + "好评返现哦" * 30

CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = (node) => node ? [...grounds(node.parentElement), getComputedStyle(node).backgroundColor] : ["white"];
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const says = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!says || !node.checkVisibility() || node.closest(".backdrop, .sign, option")) continue;
    const [a, b] = [light(grounds(node)), light([...grounds(node), getComputedStyle(node).color])];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
"""Texts that are hard to read: less contrast than WCAG 2.2 asks for (AA, 4.5 to 1)."""

NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, a[href], progress, [role]")]
  .filter((node) => node.checkVisibility() && !["tabpanel", "status"].includes(node.role ?? node.getAttribute("role")))
  .filter((node) => {
    const labels = [...(node.labels ?? [])].map((label) => label.textContent);
    return ![node.getAttribute("aria-label"), node.textContent, ...labels].some((name) => name?.trim());
  })
  .map((node) => node.outerHTML.slice(0, 80))"""
"""Controls that a screen reader has no words for."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    service = Service()
    service.start()
    yield service.url
    service.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _opened(browser: Any, address: str, part: str = "", **settings: Any) -> Iterator[Any]:
    context = browser.new_context(**settings)
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{address}/{part}")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with _opened(browser, address) as page:
        yield page


def _fill(page: Any, part: str) -> None:
    """Open a part and let it show what it has."""
    page.evaluate("part => { location.hash = part }", part)
    if part == "check":
        page.locator("#draft").fill(BREACH + "，好评返现哦" * 5)
        page.locator("details.finding").first.wait_for()
    elif part == "read":
        page.locator("#chat").fill(CHAT)
        page.locator("#chat-check").click()
        page.locator("#messages summary").first.click()
    elif part == "rules":
        page.locator("#rules-list button").first.click()
        page.locator("#rule h2").wait_for()
    else:
        page.locator("#audit-list li").first.wait_for()


def test_a_finding_shows_its_clause_and_what_to_send_instead(page: Any) -> None:
    page.locator("#draft").fill(BREACH)
    finding = page.locator("details.finding", has_text="CTC101")
    playwright.expect(finding).to_contain_text("拼多多《诱导非官方交易》规则")
    assert "[object" not in page.locator("body").inner_text()


def test_a_rule_shows_its_clause_and_examples(page: Any) -> None:
    page.locator("#tab-rules").click()
    page.locator("#rules-list button", has_text="CTC101").click()
    playwright.expect(page.locator("#rule")).to_contain_text("拼多多《诱导非官方交易》规则")
    assert "[object" not in page.locator("body").inner_text()


def test_a_word_that_is_split_over_messages_is_marked_in_the_chat(page: Any) -> None:
    _fill(page, "read")
    playwright.expect(page.locator("#chat-decision")).to_contain_text("共 3 条客服消息")
    marks = page.locator("#messages mark.block").all_inner_texts()
    assert "微" in "".join(marks[:1])
    finding, message = page.locator("#messages details").first, page.locator("#messages > li").nth(1)
    assert _box(finding)["width"] > 0.8 * _box(message)["width"]


def test_a_log_is_audited_and_its_report_opened(page: Any) -> None:
    page.locator("#tab-audits").click()
    log = "会话,角色,内容,时间\n1,客服,亲加我微信,2026-11-01 10:00:00\n"
    page.locator("#audit-file").set_input_files({"name": "一天.csv", "mimeType": "text/csv", "buffer": log.encode()})
    audit = page.locator(".audit.done", has_text="一天.csv")
    playwright.expect(audit).to_contain_text("1 处不能发送", timeout=60_000)
    with page.expect_popup() as opened:
        audit.get_by_role("link", name="报告").click()
    opened.value.wait_for_load_state()
    playwright.expect(opened.value.locator("body")).to_contain_text("CTC101")
    audit.get_by_role("button", name="删除").click()
    playwright.expect(page.locator(".audit", has_text="一天.csv")).to_have_count(0)


@pytest.mark.parametrize("part", PARTS)
def test_the_address_opens_a_part_also_when_it_changes_later(browser: Any, address: str, part: str) -> None:
    with _opened(browser, address, f"#{part}") as page:
        playwright.expect(page.locator(f"#{part}")).to_be_visible()
        for other in (*PARTS, part):
            page.evaluate("part => { location.hash = part }", other)
            playwright.expect(page.locator(f"#tab-{other}")).to_have_attribute("aria-selected", "true")
            playwright.expect(page.locator("[role=tabpanel]:visible")).to_have_count(1)
        page.evaluate("location.hash = 'main'")
        playwright.expect(page.locator(f"#{part}")).to_be_visible()


@pytest.mark.parametrize("settings", [{}, DARK, PHONE | DARK], ids=["light", "dark", "dark phone"])
def test_all_text_is_readable(browser: Any, address: str, settings: dict[str, Any]) -> None:
    with _opened(browser, address, **settings) as page:
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(18, 22, 20)") == ("color_scheme" in settings)
        for part in PARTS:
            _fill(page, part)
            assert page.evaluate(CONTRASTS) == []


def test_the_chosen_theme_stays(browser: Any, address: str) -> None:
    with _opened(browser, address, **DARK) as page:
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="切换深浅色").click()
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert light != dark
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wider_than_a_phone(browser: Any, address: str, language: str) -> None:
    with _opened(browser, address, **PHONE) as page:
        page.evaluate("language => localStorage.setItem('compliance-language', language)", language)
        page.reload()
        for part in PARTS:
            _fill(page, part)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, part
            small = page.locator("button:visible, select:visible, summary:visible")
            assert all(box["height"] >= 24 for box in map(_box, small.all()))  # WCAG 2.2, 2.5.8


def _box(node: Any) -> dict[str, float]:
    box: dict[str, float] = node.bounding_box()
    return box


def test_everything_is_reached_by_the_tab_key_and_seen(page: Any) -> None:
    page.locator("#draft").fill(BREACH)
    page.locator("#accept").wait_for()
    page.locator(".skip").focus()
    reached = []
    for _ in range(14):
        at = page.evaluate(
            "() => { const at = document.activeElement, how = getComputedStyle(at); return [at.id || at.textContent, "
            "how.outlineStyle !== 'none' && parseFloat(how.outlineWidth) >= 2] }"
        )
        assert at[1], f"{at[0]} does not show that it has the focus"
        reached.append(at[0])
        page.keyboard.press("Tab")
    assert reached[:10] == [
        "跳到正文", "tab-check", "language", "theme", "platform", "order_status", "category", "buyer_asked", "draft", "accept",
    ]  # fmt: skip
    assert reached[10] == "复制"
    assert "CTC101" in reached[11]


def test_tabs_are_changed_by_arrow_keys(page: Any) -> None:
    page.locator("#tab-check").focus()
    for key, part in [
        ("ArrowRight", "read"),
        ("End", "audits"),
        ("ArrowRight", "check"),
        ("ArrowLeft", "audits"),
        ("Home", "check"),
    ]:
        page.keyboard.press(key)
        playwright.expect(page.locator(f"#tab-{part}")).to_be_focused()
        playwright.expect(page.locator(f"#{part}")).to_be_visible()


def test_a_message_is_mended_without_a_mouse(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    for _ in range(5):
        page.keyboard.press("Tab")
    playwright.expect(page.locator("#draft")).to_be_focused()
    page.keyboard.insert_text(BREACH)
    playwright.expect(page.locator("#decision")).to_contain_text("不能发送")
    page.keyboard.press("F8")
    assert page.evaluate("getSelection().toString()") in BREACH
    playwright.expect(page.locator("mark.chosen")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    playwright.expect(page.locator("#decision")).to_contain_text("可以发送")
    playwright.expect(page.locator("#draft")).to_be_focused()
    assert "微信" not in page.locator("#draft").input_value()
    page.locator("#rewrite button").press("Enter")  # takes it back
    playwright.expect(page.locator("#draft")).to_have_value(BREACH)


def test_a_chat_is_checked_and_rules_are_read_without_a_mouse(page: Any) -> None:
    page.locator("#tab-check").press("ArrowRight")
    page.locator("#chat").fill(CHAT)
    page.locator("#chat").press("Control+Enter")
    summary = page.locator("#messages summary").first
    summary.press("Enter")
    playwright.expect(page.locator("#messages details[open]")).to_have_count(1)
    page.locator("#tab-read").press("ArrowRight")
    page.locator("#rules-search").fill("好评返现")
    playwright.expect(page.locator("#rules-count")).not_to_have_text("")
    page.locator("#rules-list button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = page.locator("#rules-list button").nth(1)
    playwright.expect(chosen).to_have_attribute("aria-current", "true")
    playwright.expect(page.locator("#rule h2")).to_contain_text(chosen.get_attribute("data-code"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_screen_readers_are_told_what_everything_is(page: Any, language: str) -> None:
    if language == "en":
        page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.lang") == language
    for part in PARTS:
        _fill(page, part)
        assert page.evaluate(NAMELESS) == []
        name = page.locator(f"#tab-{part}").inner_text()
        playwright.expect(page.get_by_role("tabpanel", name=name, exact=True)).to_be_visible()
    assert page.locator("#decision").get_attribute("role") == "status"


def test_in_english_the_page_speaks_no_chinese_of_its_own(page: Any) -> None:
    page.get_by_role("button", name="English").click()
    page.locator("#draft").fill(BREACH)
    playwright.expect(page.locator("#decision")).to_contain_text("Must not be sent")
    assert page.title() == "Message check"
    chinese = "nodes => nodes.filter(node => node.checkVisibility() && /[\\u4e00-\\u9fff]/.test(node.textContent)).map(node => node.textContent)"
    for part in PARTS:
        page.evaluate("part => { location.hash = part }", part)
        own = page.locator("[data-t]:not(option), dt, .decision, button:not(.row):not(#language)")
        assert [text for text in own.evaluate_all(chinese) if "买家：" not in text] == []
    page.reload()
    playwright.expect(page.locator("#tab-check")).to_have_text("Write")
    page.get_by_role("button", name="中文").click()
    playwright.expect(page.locator("#tab-check")).to_have_text("写消息")
