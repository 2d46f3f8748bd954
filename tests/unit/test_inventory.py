"""Every collected rule has a fate, and the pages about them are up to date."""

from __future__ import annotations

from pathlib import Path

from compliance import Bundle
from docs.generate import HERE, pages


def test_all_rows_are_there_in_order(bundle: Bundle) -> None:
    assert [row.number for row in bundle.inventory] == list(range(1, 177))


def test_every_row_that_text_can_show_is_served_by_a_rule(bundle: Bundle) -> None:
    served = {row for rule in bundle.rules for row in rule.source}
    missing = [row.id for row in bundle.inventory if row.fate in ("text", "context") and row.id not in served]
    assert missing == []


def test_every_other_row_says_why(bundle: Bundle) -> None:
    assert all(row.reason for row in bundle.inventory if row.fate not in ("text", "context"))


def test_every_row_can_be_cited(bundle: Bundle) -> None:
    cited = {row for rule in bundle.rules for row in rule.source if rule.clauses}
    served = {row for rule in bundle.rules for row in rule.source}
    assert served == cited


def test_generated_pages_are_up_to_date(bundle: Bundle) -> None:
    written = {file.name: file.read_text("utf-8") for file in Path(HERE).glob("*.md")}
    assert written == pages(bundle), "run: make docs"
