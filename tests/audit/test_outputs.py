"""What an audit writes, as the tools of those who get it read it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from compliance import InputError
from compliance.audit import aggregate, audit
from compliance.audit.conversation_findings import check_citations
from compliance.audit.conversation_rules import ConversationRules
from compliance.audit.exports import write_parquet, write_table, write_workbook
from compliance.lexicon.store import load_bundle

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DOCS = Path(__file__).parents[2] / "docs" / "audit.md"
LOG = """时间,店铺,角色,客服,买家,内容
2026-11-02 10:00:00,一店,买家,,王小明,在吗
2026-11-02 10:00:20,一店,客服,小美,王小明,亲，在的哦
2026-11-02 10:01:00,一店,客服,小美,王小明,=1+1 亲，加我微信聊
2026-11-02 23:10:00,一店,客服,小美,赵小华,亲，看看我们的新款吧
2026-11-03 11:00:00,二店,买家,,李小红,什么时候发货？
2026-11-03 11:00:30,二店,客服,小强,李小红,亲，今天发货，感谢支持
2026-11-03 11:02:00,二店,客服,小强,李小红,[图片]
2026-11-03 12:00:00,二店,买家,,李小红,质量怎么样？
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit")
    (folder / "a.csv").write_text(LOG, "utf-8")
    audit([folder / "a.csv"], folder / "audit", platform="pdd", jobs=1, sample=4, seed=7)
    return folder / "audit"


def _findings(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]


def _logs(folder: Path) -> dict[str, Path]:
    rows = list(csv.DictReader(LOG.splitlines()))
    book = pytest.importorskip("openpyxl").Workbook()
    for line in csv.reader(LOG.splitlines()):
        book.active.append([cell or None for cell in line])
    for cell in book.active["F"]:
        cell.data_type = "s"  # as a person types it, no formula
    book.save(folder / "a.xlsx")
    (folder / "gbk.csv").write_bytes(LOG.replace("\n", "\r\n").encode("gb18030"))
    (folder / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(pa.Table.from_pylist(rows), folder / "a.parquet")
    for name in ("王小明", "赵小华", "李小红"):
        said = [row for row in rows if row["买家"] == name]
        text = "\n".join(f"{row['客服'] or name}  {row['时间']}\n{row['内容']}" for row in said)
        (folder / "txt").mkdir(exist_ok=True)
        (folder / "txt" / f"{name}.txt").write_text(text, "utf-8")
    return {name: folder / name for name in ("gbk.csv", "a.xlsx", "a.jsonl", "a.parquet", "txt")}


def test_the_same_chats_give_the_same_findings_from_every_format(tmp_path: Path, out: Path) -> None:
    def told(folder: Path) -> list[tuple[object, ...]]:
        keys = ("time", "text", "agent", "code", "start", "end", "action", "document", "suggestion")
        return sorted((tuple(finding[key] for key in keys) for finding in _findings(folder)), key=str)

    mapping = {"roles": {"agent": ["小美", "小强"], "buyer": ["*小*"]}}
    for name, log in _logs(tmp_path).items():
        # a copied chat names no shop, and each of these files is the chat of one buyer
        audit([log], tmp_path / "out", platform="pdd", jobs=1, mapping=mapping if name == "txt" else None)
        assert told(tmp_path / "out") == told(out), name


def test_findings_of_conversations_stand_beside_the_others_with_the_clause_of_the_platform(out: Path) -> None:
    night = next(finding for finding in _findings(out) if finding["code"] == "CNV105")
    assert (night["agent"], night["text"], night["surface"]) == ("小美", "亲，看看我们的新款吧", "亲，看看我们的新款吧")
    assert "拼多多" in night["document"]
    assert night["verification"]
    open_question = next(finding for finding in _findings(out) if finding["code"] == "CNV103")
    assert (open_question["agent"], open_question["buyer"]) == ("小强", "李小红")


def test_a_clause_that_is_not_there_is_told() -> None:
    head = {"code": "X", "name": "x", "category": "x", "severity": "low", "action": "note", "message": "x"}
    rules = ConversationRules.parse({"gap": 1, "rules": [{**head, "cite": ["no-such"], "find": {}}]})
    with pytest.raises(InputError, match="no-such"):
        check_citations(rules, load_bundle())


def test_parquet_holds_the_same_findings(out: Path) -> None:
    table = pytest.importorskip("pyarrow.parquet").read_table(out / "findings.parquet").to_pylist()
    told = [(finding["source"], finding["code"], finding["text"], finding["start"]) for finding in _findings(out)]
    assert [(row["source"], row["code"], row["text"], row["start"]) for row in table] == told
    assert {type(row["time"]).__name__ for row in table} == {"datetime"}


def test_the_index_has_every_message_and_no_text(out: Path) -> None:
    rows = pytest.importorskip("pyarrow.parquet").read_table(out / "messages.parquet").to_pylist()
    assert sorted((row["source"], row["role"], row["characters"], row["worst"]) for row in rows) == sorted(
        [
            ("a.csv:2", "buyer", 2, None),
            ("a.csv:3", "agent", 5, None),
            ("a.csv:4", "agent", 12, "block"),
            ("a.csv:5", "agent", 10, "warn"),
            ("a.csv:6", "buyer", 7, None),
            ("a.csv:7", "agent", 11, None),
            ("a.csv:8", "agent", 0, None),  # a picture
            ("a.csv:9", "buyer", 6, "warn"),
        ]
    )
    assert not any("微信" in str(row) for row in rows)


def test_the_documented_queries_run(out: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    queries = re.findall(r"^-- (.+)\n((?:SELECT|WITH)[^;]+);", DOCS.read_text("utf-8"), re.MULTILINE)
    assert len(queries) >= 4
    found = {name: duckdb.sql(query.replace("'audit/", f"'{out.as_posix()}/")).fetchall() for name, query in queries}
    assert found["who was blocked how often, per hundred messages"][0][:2] == ("一店", "小美")
    assert all(found.values())


def test_the_workbook_opens_and_runs_no_formula(out: Path) -> None:
    book = pytest.importorskip("openpyxl").load_workbook(out / "audit.xlsx")
    assert book.sheetnames == ["概览", "问题", "客服", "店铺", "回复指标", "按日", "按钟点"]
    cells = [cell for row in book["问题"].iter_rows() for cell in row]
    assert "=1+1 亲，加我微信聊" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}  # never "f"
    agents = {row[1]: row[2:5] for row in book["客服"].iter_rows(min_row=2, values_only=True)}
    assert agents["小美"][0] == 3
    assert [row[0] for row in book["按日"].iter_rows(min_row=2, values_only=True)] == ["2026-11-02", "2026-11-03"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_cell_of_a_table_is_run(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "a.csv", ["text"], [{"text": text}])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][0][0] == "'"


def test_text_that_no_file_can_hold_does_not_stop_the_audit(tmp_path: Path) -> None:
    records = [{"text": "坏\x00字\ud83d"}]
    write_workbook(tmp_path / "a.xlsx", {"一": ({"text": "消息"}, records)})
    write_parquet(tmp_path / "a.parquet", {"text": "string"}, records)
    book = pytest.importorskip("openpyxl").load_workbook(tmp_path / "a.xlsx")
    assert book["一"]["A2"].value == "坏字�"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.parquet", "a.xlsx"]


def test_a_sheet_for_reviewers_has_empty_columns_for_their_verdict(out: Path) -> None:
    with (out / "review.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["risk"] for row in rows} == {"block", "warn", "none"}
    assert len(rows) == 4
    assert "[图片]" not in {row["text"] for row in rows}
    assert {row[name] for row in rows for name in ("verdict", "verdict_codes", "comment", "reviewer")} == {""}
    sheet = pytest.importorskip("openpyxl").load_workbook(out / "review.xlsx")["抽检"]
    assert sheet.max_row == 5


def test_scores_are_written(out: Path) -> None:
    scores = json.loads((out / "scores.json").read_text("utf-8"))["scores"]
    by_agent = {score["agent"]: score for score in scores}
    assert by_agent["小美"]["score"] < by_agent["小强"]["score"]
    assert by_agent["小强"]["few"]


def test_the_report_shows_scores_and_plots_in_a_browser(out: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    told: list[str] = []
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda line: told.append(line.text))
        page.on("request", lambda request: told.append(request.url) if not request.url.startswith("file:") else None)
        page.goto((out / "report.html").as_uri())
        text = page.locator("body").inner_text()
        plots = page.locator("svg polyline").count()
        wide = page.evaluate("document.documentElement.scrollWidth")
        pdf = page.pdf(prefer_css_page_size=True)
        browser.close()
    assert told == []
    assert plots >= 2
    assert wide <= 1000
    assert all(word in text for word in ("客服得分", "店铺得分", "小美", "CNV105"))
    assert "王小明" not in text
    assert pdf.startswith(b"%PDF")


def test_the_report_calls_rules_by_their_titles(out: Path) -> None:
    page = (out / "report.html").read_text("utf-8")
    finding = next(finding for finding in _findings(out) if finding["code"].startswith("CTC"))
    rule = load_bundle().rule(finding["code"])
    assert rule is not None
    assert f"{rule.title} {rule.code}" in page


def test_another_process_writes_the_same_workbook(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr(aggregate, "_LARGE", 0)
    (tmp_path / "a.csv").write_text(LOG, "utf-8")
    audit([tmp_path / "a.csv"], tmp_path / "audit", platform="pdd", jobs=2, sample=4, seed=7)

    def cells(folder: Path) -> dict[str, list[Any]]:
        book = openpyxl.load_workbook(folder / "audit.xlsx")
        return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}

    assert cells(tmp_path / "audit") == cells(out)
