"""The audit from a log to its files, on logs as exports really look."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from compliance import InputError
from compliance.audit import audit
from compliance.audit.columns import Columns
from compliance.audit.metrics import Metric, measure, waits_of
from compliance.audit.row import BadRow, Role, Row
from compliance.audit.settings import load_audit_data
from compliance.cli import main

LOG = """时间,角色,客服,买家,内容
2026-11-02 10:00:00,买家,,b1,在吗
2026-11-02 10:00:20,客服,小美,b1,亲，在的哦
2026-11-02 10:01:00,买家,,b1,能便宜点吗
2026-11-02 10:05:30,客服,小美,b1,亲，加我微信聊
2026-11-02 11:00:00,买家,,b2,发什么快递
2026-11-02 11:00:05,机器人,,b2,您好，请问有什么可以帮您
2026-11-02 11:20:00,客服,小强,b2,加我微
2026-11-02 11:20:10,客服,小强,b2,信
2026-11-02 12:00:00,买家,,b3,有人吗
2026-11-02 12:10:00,火星人,,b3,你好
"""


def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(LOG.splitlines()))


def _write(file: Path, kind: str) -> Path:
    if kind == "utf-8":
        file.write_text(LOG, "utf-8-sig")
    elif kind == "gbk":
        file.write_bytes(LOG.replace("\n", "\r\n").encode("gb18030"))
    elif kind == "gz":
        file.write_bytes(gzip.compress(LOG.encode()))
    elif kind == "jsonl":
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows()), "utf-8")
    elif kind == "json":
        file.write_text(json.dumps(_rows(), ensure_ascii=False), "utf-8")
    elif kind == "xlsx":
        sheet = pytest.importorskip("openpyxl").Workbook()
        for row in csv.reader(LOG.splitlines()):
            sheet.active.append([cell or None for cell in row])
        sheet.save(file)
    else:
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(pa.Table.from_pylist(_rows()), file)
    return file


def _findings(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "utf-8"),
        ("a.csv", "gbk"),
        ("a.csv.gz", "gz"),
        ("a.jsonl", "jsonl"),
        ("a.json", "json"),
        ("a.xlsx", "xlsx"),
        ("a.parquet", "parquet"),
    ],
)
def test_the_same_chats_give_the_same_findings_in_every_format(tmp_path: Path, name: str, kind: str) -> None:
    result = audit([_write(tmp_path / name, kind)], tmp_path / "out", platform="pdd", jobs=1)
    assert result.messages == {"buyer": 4, "agent": 4, "robot": 1}
    assert {(f["agent"], f["text"]) for f in _findings(tmp_path / "out") if f["action"] == "block"} >= {
        ("小美", "亲，加我微信聊"),
        ("小强", "加我微"),
    }
    assert all(f["text"][f["start"] : f["end"]] == f["surface"] for f in _findings(tmp_path / "out"))
    assert result.bad_rows == 1
    assert "火星人" in (tmp_path / "out" / "quarantine.jsonl").read_text("utf-8")


def test_more_processes_find_the_same(tmp_path: Path) -> None:
    log = _write(tmp_path / "a.csv", "utf-8")
    for jobs in (1, 2):
        audit([log], tmp_path / str(jobs), platform="pdd", jobs=jobs)
    assert _findings(tmp_path / "1") == _findings(tmp_path / "2") != []


# Waits of the log: b1 20 s and 270 s (human); b2 5 s robot, 1200 s human; b3 never.
@pytest.mark.parametrize(
    ("name", "platform", "expected"),
    [
        ("有效回复率", "pdd", (3, 2)),  # b1 and b2 within an hour; b3 never
        ("5分钟回复率", "pdd", (3, 2)),
        ("3分钟人工回复率", "pdd", (3, 0)),  # b1 fails with 270 s, b2 with 1200 s
        ("首次30秒应答率", "jd", (3, 1)),  # only b1's first answer
        ("3分钟人工回复率", "douyin", (4, 1)),
        ("5分钟回复率", "kuaishou", (4, 3)),
    ],
)
def test_reply_metrics_are_those_computed_by_hand(
    tmp_path: Path, name: str, platform: str, expected: tuple[int, int]
) -> None:
    result = audit([_write(tmp_path / "a.csv", "utf-8")], tmp_path / "out", platform=platform, jobs=1)
    (whole,) = [m for m in result.metrics if m["name"] == name and m["agent"] is None]
    assert (whole["asked"], whole["in_time"]) == expected


def _row(role: Role, clock: str) -> Row:
    return Row("", role, "", datetime.fromisoformat(f"2026-11-02 {clock}"), session="s", buyer="b")


def test_messages_in_a_row_are_one_wait_from_the_first_of_them() -> None:
    rows = [_row(Role.BUYER, "09:00:00"), _row(Role.BUYER, "09:00:50"), _row(Role.AGENT, "09:01:00")]
    (wait,) = waits_of("s", rows)
    assert wait.human_answer == 60


def test_messages_outside_the_window_do_not_count() -> None:
    metric = Metric("m", "pdd", "n", "message", 60, window=(480, 1380))
    waits = [
        w
        for clock in ("07:59:59", "08:00:00", "22:59:59", "23:00:00")
        for w in waits_of("s", [_row(Role.BUYER, clock)])
    ]
    assert measure(metric, waits).asked == 2


def test_a_table_opens_in_excel_and_runs_no_formula(tmp_path: Path) -> None:
    log = tmp_path / "a.csv"
    log.write_text("角色,内容\n客服,=加我微信聊\n", "utf-8")
    audit([log], tmp_path / "out", platform="pdd", jobs=1)
    raw = (tmp_path / "out" / "findings.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "'=加我微信聊" in raw.decode("utf-8")


def test_the_report_masks_buyers_and_numbers_unless_asked(tmp_path: Path) -> None:
    log = tmp_path / "a.csv"
    log.write_text("角色,买家,内容\n客服,王小明,亲，加我微信13800138000聊\n", "utf-8")
    audit([log], tmp_path / "out", platform="pdd", jobs=1)
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "王小明" not in page
    assert "13800138000" not in page
    assert "http" not in page.replace("https://mms", "")
    audit([log], tmp_path / "out", platform="pdd", jobs=1, show_buyers=True)
    assert "王小明" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_known_findings_do_not_fail_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, known = _write(tmp_path / "a.csv", "utf-8"), tmp_path / "known.json"
    common = [
        "audit",
        str(log),
        "--platform",
        "pdd",
        "--out",
        str(tmp_path / "out"),
        "--jobs",
        "1",
        "--fail-on",
        "block",
    ]
    assert main([*common, "--write-baseline", str(known)]) == 1
    assert main([*common, "--baseline", str(known)]) == 0
    log.write_text(LOG + "2026-11-03 10:00:00,客服,小美,b1,我们有QQ群，您加一下\n", "utf-8")
    assert main([*common, "--baseline", str(known)]) == 1


def test_days_outside_the_range_are_left_out(tmp_path: Path) -> None:
    log = _write(tmp_path / "a.csv", "utf-8")
    assert main(["audit", str(log), "--platform", "pdd", "--out", str(tmp_path / "out"), "--since", "2026-11-03"]) == 0
    assert _findings(tmp_path / "out") == []


DATA = load_audit_data()


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (["时间", "角色", "备注"], "looks like the message"),
        (["时间", "内容"], "tells agent from buyer"),
        (["角色", "内容", "消息内容"], "could both be text"),
    ],
)
def test_columns_that_cannot_be_told_are_refused_with_the_remedy(headings: list[str], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        Columns.guess(headings, DATA.aliases, DATA.roles)
    assert "--map" in str(refused.value)


def test_a_mapping_names_the_columns(tmp_path: Path) -> None:
    log, mapping = tmp_path / "a.csv", tmp_path / "map.toml"
    log.write_text("谁,说了\n客服,加我微信聊\n", "utf-8")
    mapping.write_text('role = "谁"\ntext = "说了"\n', "utf-8")
    assert main(["audit", str(log), "--platform", "pdd", "--out", str(tmp_path / "out"), "--map", str(mapping)]) == 0
    assert _findings(tmp_path / "out")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026/11/2 9:05", datetime(2026, 11, 2, 9, 5)),
        ("2026-11-02T09:05:07", datetime(2026, 11, 2, 9, 5, 7)),
        ("2026年11月02日 09:05:07", datetime(2026, 11, 2, 9, 5, 7)),
        (46328.378125, datetime(2026, 11, 2, 9, 4, 30)),
    ],
)
def test_times_are_read_as_exports_write_them(cell: object, expected: datetime) -> None:
    columns = Columns.guess(["时间", "角色", "内容"], DATA.aliases, DATA.roles)
    row = columns.row("x:1", {"时间": cell, "角色": "客服", "内容": "好"})
    assert isinstance(row, Row)
    assert row.time == expected


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"时间": "昨天", "角色": "客服", "内容": "好", "会话": ""}, "no time"),
        ({"时间": "", "角色": "路人", "内容": "好", "会话": ""}, "neither agent nor buyer"),
        ({"时间": "", "角色": "客服", "内容": "好", "会话": "1.23E+17"}, "rounded"),
    ],
)
def test_a_row_that_cannot_be_understood_says_why(cells: dict[str, str], told: str) -> None:
    bad = Columns.guess(cells, DATA.aliases, DATA.roles).row("x:1", cells)
    assert isinstance(bad, BadRow)
    assert told in bad.reason


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.docx", b"x"),
        ("a.json", b"{"),
        ("a.xlsx", b"x"),
        ("a.parquet", b"x"),
        ("a.csv", b"\xff\xfe\xff"),
        ("b.csv.gz", b"x"),
    ],
)
def test_a_file_that_is_no_log_is_told_without_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, raw: bytes
) -> None:
    (tmp_path / name).write_bytes(raw)
    assert main(["audit", str(tmp_path / name), "--platform", "pdd", "--out", str(tmp_path / "out")]) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "out" / "findings.jsonl").exists()
