"""The page in a real Chromium: what it shows of a verdict and of a rule is readable."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from tests.hooks.service import Service  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    service = Service()
    service.start()
    yield service.url
    service.kill()


@pytest.fixture
def page(address: str) -> Iterator[Any]:
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page()
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        opened.goto(address)
        yield opened
        assert errors == []
        browser.close()


def test_a_finding_shows_its_clause_and_what_to_send_instead(page: Any) -> None:
    page.locator("textarea").first.fill("亲，加我微信聊")
    finding = page.locator("details.finding", has_text="CTC101")
    playwright.expect(finding).to_contain_text("拼多多《诱导非官方交易》规则")
    assert "[object" not in page.locator("body").inner_text()


def test_a_rule_shows_its_clause_and_examples(page: Any) -> None:
    page.locator("#tab-rules").click()
    page.locator("#rules-list button", has_text="CTC101").click()
    playwright.expect(page.locator("#rule")).to_contain_text("拼多多《诱导非官方交易》规则")
    assert "[object" not in page.locator("body").inner_text()
