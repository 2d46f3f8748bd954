"""Logs of every kind are read to the same messages; what cannot be told is refused with the remedy."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from compliance import InputError
from compliance.audit import archives
from compliance.audit.columns import Columns
from compliance.audit.logs import Notice, messages_of, preview_of
from compliance.audit.row import BadRow, Role, Row
from compliance.audit.settings import load_audit_data, load_mapping
from compliance.audit.tables import files_below, names_of
from compliance.audit.times import time_of
from compliance.audit.transcripts import messages_in

DATA = load_audit_data()
CHATS = [
    ("2026-11-02 10:00:00", "买家", "", "在吗"),
    ("2026-11-02 10:00:20", "客服", "旗舰店:小美", "亲，在的\n请问有什么可以帮您"),
    ("2026-11-02 10:01:00", "买家", "", "能便宜点吗"),
    ("2026-11-02 10:05:30", "客服", "旗舰店:小美", "亲，加我微信聊"),
]
HEADINGS = ["时间", "角色", "客服", "内容"]
ROWS: list[dict[str, str]] = [dict(zip(HEADINGS, chat, strict=True)) for chat in CHATS]


def _table() -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    writer.writerows(CHATS)
    return stream.getvalue()


def _xlsx(serial: bool = False) -> bytes:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(HEADINGS)
    for time, *cells in CHATS:
        days = (datetime.fromisoformat(time) - datetime(1899, 12, 30)).total_seconds() / 86_400
        book.active.append([days if serial else time, *cells])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xls() -> bytes:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("聊天")
    style = xlwt.XFStyle()
    style.num_format_str = "YYYY-MM-DD HH:MM:SS"
    for number, heading in enumerate(HEADINGS):
        sheet.write(0, number, heading)
    for line, (time, *cells) in enumerate(CHATS, 1):
        sheet.write(line, 0, datetime.fromisoformat(time), style)
        for number, cell in enumerate(cells, 1):
            sheet.write(line, number, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    pa = pytest.importorskip("pyarrow")
    stream = io.BytesIO()
    pytest.importorskip("pyarrow.parquet").write_table(pa.Table.from_pylist(ROWS), stream)
    return stream.getvalue()


def _zip(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


TXT = "\n".join(f"{agent or '买家'}  {time}\n{text}\n" for time, _, agent, text in CHATS)
MAPPING = {"roles": {"agent": ["旗舰店:*"]}}
LOGS: dict[str, Any] = {
    "a.csv": lambda: _table().encode("utf-8-sig"),
    "gbk.csv": lambda: _table().replace("\r\n", "\n").encode("gb18030"),
    "a.tsv": lambda: "\ufeff".encode("utf-16-le") + _table().replace(",", "\t").encode("utf-16-le"),
    "a.csv.gz": lambda: gzip.compress(_table().encode()),
    "a.jsonl": lambda: "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode(),
    "a.json": lambda: json.dumps(ROWS).encode(),
    "nested.json": lambda: json.dumps(
        {"tickets": [{"tid": "1", "dialogue": ROWS[:2]}, {"tid": "1", "dialogue": ROWS[2:]}]}
    ).encode(),
    "a.xlsx": _xlsx,
    "serial.xlsx": lambda: _xlsx(serial=True),
    "a.xls": _xls,
    "a.parquet": _parquet,
    "a.txt": lambda: TXT.encode("gb18030"),
    "a.zip": lambda: _zip(**{"十一月/a.csv": _table().encode(), "说明.pdf": b"%PDF"}),
    "txt.zip": lambda: _zip(**{"a.txt": TXT.encode()}),
}


@pytest.mark.parametrize("name", LOGS)
def test_the_same_chats_are_the_same_messages_in_every_format(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(LOGS[name]())
    rows = list(messages_of(tmp_path / name, DATA, mapping=MAPPING))
    assert [row for row in rows if not isinstance(row, Row)] == []
    assert [(row.time, row.role, row.agent, row.text) for row in rows if isinstance(row, Row)] == [
        (datetime.fromisoformat(time), Role.AGENT if role == "客服" else Role.BUYER, agent, text)
        for time, role, agent, text in CHATS
    ]


@pytest.mark.parametrize(
    "text",
    [
        "小美 2026-11-02 10:00:00\n亲，在的\n\n请问\n买家 2026-11-02 10:00:09\n好\n",
        "小美(2026-11-02 10:00:00)：亲，在的\n\n请问\n买家(2026-11-02 10:00:09)：好\n",
        "2026-11-02 10:00:00\n小美：亲，在的\n\n请问\n2026-11-02 10:00:09\n买家：好\n",
        "[2026/11/2 10:00:00] 小美: 亲，在的\n\n请问\n[2026/11/2 10:00:09] 买家: 好",
        "2026年11月2日 10:00:00 小美\n亲，在的\n\n请问\n2026年11月2日 10:00:09 买家\n好",
        "———— 2026-11-02 ————\n小美 10:00:00\n亲，在的\n\n请问\n买家 10:00:09\n好",
    ],
)
def test_transcripts_of_every_shape_are_the_same_messages(text: str) -> None:
    assert [cells for _, cells in messages_in(text)] == [
        {"时间": "2026-11-02 10:00:00", "发送人": "小美", "内容": "亲，在的\n\n请问"},
        {"时间": "2026-11-02 10:00:09", "发送人": "买家", "内容": "好"},
    ]


def test_what_stands_before_the_first_message_is_told() -> None:
    (place, reason), (line, _) = messages_in("导出的聊天记录\n小美 2026-11-02 10:00:00\n好")
    assert (place, reason, line) == (1, "stands before the first message", 2)


def test_a_cell_with_a_whole_chat_is_unpacked(tmp_path: Path) -> None:
    chat = "2026-11-02 10:00:00\n买家：在吗\n2026-11-02 10:00:20\n旗舰店:小美：加我微信\n聊"
    log = tmp_path / "a.csv"
    with log.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["客户ID", "聊天记录"], ["b1", chat], ["b2", chat]])
    rows = [row for row in messages_of(log, DATA, mapping=MAPPING) if isinstance(row, Row)]
    assert [(row.buyer, row.role.value, row.agent, row.text) for row in rows] == [
        ("b1", "buyer", "", "在吗"),
        ("b1", "agent", "旗舰店:小美", "加我微信\n聊"),
        ("b2", "buyer", "", "在吗"),
        ("b2", "agent", "旗舰店:小美", "加我微信\n聊"),
    ]
    assert rows[1].source == "a.csv:6#3"


def test_a_file_per_buyer_names_the_buyer_beside_the_list(tmp_path: Path) -> None:
    chats = [
        {"date": "2026-11-02", "time": "10:00:00", "sender": "张三", "text": "在吗"},
        {"date": "2026-11-02", "time": "10:00:20", "sender": "小美", "text": "在的"},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"user": "张三", "count": 2, "chats": chats}), "utf-8")
    first, second = messages_of(tmp_path / "a.json", DATA, mapping={"roles": {"agent": ["*"]}})
    assert isinstance(first, Row)
    assert (first.role, first.buyer, first.time) == (Role.AGENT, "张三", datetime(2026, 11, 2, 10))
    first, second = messages_of(tmp_path / "a.json", DATA, mapping={"roles": {"agent": ["小美"]}})
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.role, second.role) == (Role.BUYER, Role.AGENT)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("角色,内容\n0,在吗\n1,在的\n", "holds 0, 1"),  # which of them is the agent?
        ("类型,内容\n文本,在吗\n图片,在的\n", "holds 文本, 图片"),
        ("昵称,内容\n张三,在吗\n李四,在的\n", "holds 张三, 李四"),
        ("角色,身份,内容\n客服,买家,在吗\n", "角色 and 身份 could both be role"),
    ],
)
def test_a_role_column_that_does_not_tell_is_refused_with_the_remedy(tmp_path: Path, table: str, told: str) -> None:
    (tmp_path / "a.csv").write_text(table, "utf-8")
    with pytest.raises(InputError, match=told) as refused:
        list(messages_of(tmp_path / "a.csv", DATA))
    assert "--map" in str(refused.value)
    assert "a.csv" in str(refused.value)


def test_the_remedy_works(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("角色,内容\n0,在吗\n1,在的\n", "utf-8")
    (tmp_path / "map.toml").write_text('[roles]\nagent = ["1"]\nbuyer = ["0"]\n', "utf-8")
    rows = messages_of(tmp_path / "a.csv", DATA, mapping=load_mapping(tmp_path / "map.toml"))
    assert [row.role for row in rows if isinstance(row, Row)] == [Role.BUYER, Role.AGENT]


def test_zero_and_one_say_something_under_a_heading_that_asks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("CreateTime,IsSender,StrContent\n1793584800,0,在吗\n1793584860,1,在的\n", "utf-8")
    rows = [
        row for row in messages_of(tmp_path / "a.csv", DATA, mapping={"time": "CreateTime"}) if isinstance(row, Row)
    ]
    assert [(row.role, row.time) for row in rows] == [
        (Role.BUYER, datetime(2026, 11, 2, 10)),
        (Role.AGENT, datetime(2026, 11, 2, 10, 1)),
    ]


@pytest.mark.parametrize("text", ["[roles]\nboss = ['x']", "[roles]\nagent = 'x'", "text = 1", "roles = 'x'"])
def test_a_mapping_that_says_nothing_sensible_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "map.toml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"map\.toml"):
        load_mapping(tmp_path / "map.toml")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-02T02:00:00Z", datetime(2026, 11, 2, 10)),
        ("2026-11-02 10:00:00.123", datetime(2026, 11, 2, 10, 0, 0, 123_000)),
        ("2026/11/2 下午3:05", datetime(2026, 11, 2, 15, 5)),
        ("2026.11.02 10:00", datetime(2026, 11, 2, 10)),
        (46_328.416_666_666_664, datetime(2026, 11, 2, 10)),
        ("1793584800", datetime(2026, 11, 2, 10)),
        (1_793_584_800_000, datetime(2026, 11, 2, 10)),
        (1_793_584_800_000_000, datetime(2026, 11, 2, 10)),
        ("", None),
    ],
)
def test_times_are_those_of_beijing(value: object, expected: datetime | None) -> None:
    assert time_of(value) == expected


@pytest.mark.parametrize("value", ["昨天", "25:00", "2026-13-01", "12", "1e400"])
def test_what_is_no_time_is_not_guessed(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        time_of(value)


def test_a_rounded_id_is_warned_of_and_not_used(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "会话,买家,角色,内容\n1.23E+17,b1,客服,在的\n1.23E+17,b2,客服,好\n1.23E+17,,客服,好\n", "utf-8"
    )
    rows = list(messages_of(tmp_path / "a.csv", DATA))
    assert [type(row) for row in rows] == [Notice, Row, Row, BadRow]
    assert [(row.session, row.buyer) for row in rows if isinstance(row, Row)] == [("", "b1"), ("", "b2")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("[图片]", ""),
        ("【图片】[表情]", ""),
        ("图片消息", ""),
        ("加我[图片]", "加我[图片]"),
        ("图片", "图片"),
        ("(链接)", ""),
    ],
)
def test_a_placeholder_is_a_message_without_text(text: str, kept: str) -> None:
    columns = Columns.guess(["角色", "内容"], DATA.aliases, DATA.roles, None, DATA.placeholders)
    row = columns.row("x:1", {"角色": "客服", "内容": text})
    assert isinstance(row, Row)
    assert row.text == kept


def test_sheets_that_continue_the_first_are_read_and_others_told(tmp_path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    for title, rows in {"一": [HEADINGS, CHATS[0]], "二": [HEADINGS, CHATS[1]], "汇总": [["总数"], [2]]}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    first, second, other = messages_of(tmp_path / "a.xlsx", DATA)
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert isinstance(other, BadRow)
    assert (first.source, second.source, other.source) == ("a.xlsx:2", "a.xlsx:二!2", "a.xlsx:汇总!1")


def test_a_zip_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(archives.PackedError, match="larger than 1,000"):
        list(archives.unzipped(io.BytesIO(_zip(**{"a.txt": b"0" * 600, "b.txt": b"0" * 600})), most=1000))
    with (
        pytest.raises(archives.PackedError, match="larger than 1,000"),
        archives.gunzipped(io.BytesIO(gzip.compress(b"0" * 1001)), most=1000),
    ):
        pass
    monkeypatch.setattr(archives, "MOST_FILES", 1)
    with pytest.raises(archives.PackedError, match="more than 1 files"):
        list(archives.unzipped(io.BytesIO(_zip(**{"a.txt": b"", "b.txt": b""}))))


def test_names_in_a_zip_lead_nowhere() -> None:
    packed = _zip(**{"../../etc/a.csv": b"1", "/b.csv": b"2", ".git/c.csv": b"3", "..\\d.csv": b"4"})
    assert [name for name, _ in archives.unzipped(io.BytesIO(packed))] == ["etc/a.csv", "b.csv", "d.csv"]


def test_names_from_chinese_windows_are_put_right() -> None:
    packed = _zip(**{"xxxxxxxx.csv": b"1"}).replace(b"xxxxxxxx", "聊天记录".encode("gb18030"))
    assert [name for name, _ in archives.unzipped(io.BytesIO(packed))] == ["聊天记录.csv"]


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("a.zip", b"PK", "cannot be unpacked"),
        ("a.zip", _zip(**{"a.pdf": b"x"}), "holds no chat log"),
        ("a.zip", _zip(**{"b.zip": _zip(**{"a.csv": b"x"})}), "holds no chat log"),
        ("a.csv.gz", gzip.compress(b"x" * 99)[:-9], "cannot be unpacked"),
        ("a.xls", b"x", "no workbook"),
        ("a.json", b'{"a": 1}', "no list of messages"),
        ("a.json", b"[" * 100_000, "is no JSON"),
        ("a.txt", "只有字，没有人".encode(), "小美 2026-11-02"),
        ("a.docx", b"x", "unknown format"),
    ],
)
def test_a_file_that_is_no_log_says_what_is_wrong(tmp_path: Path, name: str, raw: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=told) as refused:
        list(messages_of(tmp_path / name, DATA))
    assert name in str(refused.value)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["x/a.csv", "x/b.csv"], ["a.csv", "b.csv"]),
        (["x/a.csv", "y/a.csv"], ["x/a.csv", "y/a.csv"]),
        (["p/x/a.csv", "q/x/a.csv"], ["p/x/a.csv", "q/x/a.csv"]),
        (["x/a.csv", "x/a.csv"], ["a.csv", "a.csv"]),
        ([], []),
    ],
)
def test_files_of_the_same_name_are_told_apart(files: list[str], names: list[str]) -> None:
    assert names_of([Path(file) for file in files]) == names


def test_where_nothing_tells_conversations_apart_a_file_or_a_cell_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("买家 2026-11-02 10:00:00\n在吗\n客服小美 2026-11-02 10:01:00\n在的\n", "utf-8")
    assert {row.session for row in messages_of(tmp_path / "a.txt", DATA) if isinstance(row, Row)} == {"a.txt"}
    with (tmp_path / "b.csv").open("w", newline="", encoding="utf-8") as stream:
        chat = "2026-11-02 10:00:00 买家：在吗\n2026-11-02 10:01:00 客服小美：在的"
        csv.writer(stream).writerows([["编号", "聊天记录"], ["1", chat], ["2", chat]])
    rows = [row for row in messages_of(tmp_path / "b.csv", DATA) if isinstance(row, Row)]
    assert [row.session for row in rows] == ["b.csv:3", "b.csv:3", "b.csv:5", "b.csv:5"]


def test_a_folder_gives_its_logs(tmp_path: Path) -> None:
    for name in ("b.csv", "a.txt", "x/c.zip", "x/d.csv.gz", "e.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [file.name for file in files_below([tmp_path])] == ["a.txt", "b.csv", "c.zip", "d.csv.gz"]


def test_a_preview_says_who_is_taken_for_whom(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_table(), "utf-8")
    lines = list(preview_of(tmp_path / "a.csv", DATA))
    assert "  text = '内容'" in lines
    assert "  agent: 客服" in lines
    assert "  buyer: 买家" in lines
