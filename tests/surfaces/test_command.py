"""The command as a user types it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compliance.cli import main
from compliance.wire import verdict_schema

BAD, GOOD = "亲加我微信聊", "亲，今天下单明天就能发货哦"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(list(words))
    except SystemExit as stop:
        code = int(stop.code or 0)
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return code, shown.out, shown.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([GOOD, "--platform", "pdd"], 0),
        ([BAD, "--platform", "pdd"], 1),
        ([BAD, "--platform", "拼多多"], 1),
        ([BAD, "--platform", "pdd", "--fail-on", "never"], 0),
        ([BAD], 2),
        ([BAD, "--platform", "ebay"], 2),
        (["--platform", "pdd"], 2),
        (["missing.txt", "--platform", "pdd"], 2),
        ([BAD, "--platform", "pdd", "--context", "order_status"], 2),
        ([BAD, "--platform", "pdd", "--context", "order_status=lost"], 2),
        ([BAD, "--platform", "pdd", "--profile", "missing.toml"], 2),
        ([BAD, "--platform", "pdd", "--format", "yaml"], 2),
        ([BAD, "--platform", "pdd", "--jsonl", "-"], 2),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], words: list[str], code: int) -> None:
    got, _, error = run(capsys, "check", *words)
    assert got == code
    assert bool(error) == (code == 2)


def test_the_text_form_marks_the_words_and_cites(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", BAD, "--platform", "pdd")
    lines = out.splitlines()
    assert "不能发送" in lines[0]
    assert lines[1] == f"  {BAD}"
    assert set(lines[2].strip()) == {"~"}
    assert "依据" in out
    assert "改为" in out


def test_the_text_form_underlines_in_colour(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", BAD, "--platform", "pdd", "--color", "always")
    assert "\x1b[4;31m微\x1b[0m" in out


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\ud800", "a\x00b", "，。！", "微" * 1_000_000])
def test_odd_text_gets_a_plain_answer(capsys: pytest.CaptureFixture[str], text: str) -> None:
    code, out, _ = run(capsys, "check", text, "--platform", "pdd")
    assert code == 0
    assert "可以发送" in out or "共 0 条" in out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_in_any_usual_encoding(capsys: pytest.CaptureFixture[str], tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "chat.txt"
    file.write_bytes(f"{GOOD}\r\n\r\n{BAD}\r\n".encode(encoding))
    code, out, _ = run(capsys, "check", str(file), "--platform", "pdd", "--format", "jsonl")
    verdicts = [json.loads(line) for line in out.splitlines()]
    assert [v["decision"] for v in verdicts] == ["pass", "block"]
    assert code == 1


def test_a_file_that_is_no_text_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "photo.bin"
    file.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\xff\xff\xff")
    code, _, error = run(capsys, "check", str(file), "--platform", "pdd")
    assert code == 2
    assert "photo.bin: line 1" in error


def test_formats_agree(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "chat.txt"
    file.write_text(f"{GOOD}\n😀{BAD}\n", "utf-8")

    def form(name: str) -> str:
        return run(capsys, "check", str(file), "--platform", "pdd", "--format", name)[1]

    verdicts = json.loads(form("json"))
    assert [json.loads(line) for line in form("jsonl").splitlines()] == verdicts
    validator = Draft202012Validator(verdict_schema())
    for verdict in verdicts:
        validator.validate(verdict)
    finding = verdicts[1]["findings"][0]
    result = json.loads(form("sarif"))["runs"][0]["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], region["startLine"]) == (finding["code"], 2)
    assert region["startColumn"] == finding["start_utf16"] + 1
    github = form("github").splitlines()[0]
    assert github.startswith("::error file=")
    assert f"line=2,col={finding['start_utf16'] + 1}" in github
    cases = ET.fromstring(form("junit")).findall(".//testcase")
    assert [case.find("failure") is not None for case in cases] == [False, True]
    rows = list(csv.DictReader(io.StringIO(form("csv"))))
    assert (rows[0]["code"], rows[0]["surface"]) == (finding["code"], finding["surface"])


def test_jsonl_streams_in_order_and_reports_bad_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [
        {"id": 7, "text": BAD, "platform": "pdd"},
        "not an object",
        {"id": "b", "text": GOOD, "platform": "nowhere"},
        {"id": "c", "text": GOOD, "platform": "taobao", "context": {"order_status": "paid"}},
        {"id": "d", "messages": ["加", "微", "信"], "platform": "pdd"},
        {"id": "e", "text": "\ud800 ok", "platform": "pdd"},
        {"id": "f", "text": 5, "platform": "pdd"},
        {"id": "g", "text": GOOD, "colour": "red"},
    ]
    file = tmp_path / "in.jsonl"
    file.write_bytes(
        b"\n".join([json.dumps(line).encode() for line in lines] + [b"{broken", '{"text": "亲"}'.encode("gbk")])
    )
    code, out, _ = run(capsys, "check", "--jsonl", str(file))
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [a.get("id", a.get("error", {}).get("line")) for a in answers] == ["7", 2, 3, "c", "d", "e", 7, 8, 9, 10]
    assert answers[4]["decision"] == "block"
    assert {f["message_index"] for f in answers[4]["findings"]} == {0, 1, 2}


def test_explain_and_rules(capsys: pytest.CaptureFixture[str]) -> None:
    _, listed, _ = run(capsys, "rules")
    _, as_json, _ = run(capsys, "rules", "--format", "json")
    rules = json.loads(as_json)
    assert all(rule["code"] in listed for rule in rules)
    code, explained, _ = run(capsys, "explain", rules[0]["code"].lower())
    assert code == 0
    assert rules[0]["title"] in explained
    code, _, error = run(capsys, "explain", "CTC1O1")
    assert code == 2
    assert "compliance rules" in error


def test_the_installed_command_reads_a_pipe() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compliance", "check", "-", "--platform", "pdd", "--format", "jsonl"],
        input=f"{BAD}\n".encode("gbk"),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout)["decision"] == "block"


def test_fix_rewrites_a_file_in_its_own_encoding(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "chat.txt"
    content = f"{GOOD}\r\n{BAD}\r\n".encode("gb18030")
    file.write_bytes(content)
    _, shown, _ = run(capsys, "check", str(file), "--platform", "pdd", "--unsafe-fixes", "--diff")
    assert file.read_bytes() == content
    assert f"-{BAD}" in shown
    code, _, _ = run(capsys, "check", str(file), "--platform", "pdd", "--fix")
    assert (code, file.read_bytes()) == (1, content), "a breach has no safe rewrite"
    code, _, _ = run(capsys, "check", str(file), "--platform", "pdd", "--unsafe-fixes")
    lines = file.read_bytes().decode("gb18030").split("\r\n")
    assert (code, lines[0], lines[2:]) == (0, GOOD, [""])
    assert lines[1] != BAD
    code, _, _ = run(capsys, "check", str(file), "--platform", "pdd")
    assert code == 0


def test_fix_prints_what_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", BAD, GOOD, "--platform", "pdd", "--unsafe-fixes")
    assert code == 0
    assert out.splitlines()[1] == GOOD
    assert BAD not in out


def test_explain_clean_tells_what_was_dropped_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", "可以用微信支付哦", "--platform", "pdd", "--explain-clean")
    assert "未提示 CTC" in out
