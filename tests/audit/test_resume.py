"""An audit that was killed goes on where it stopped, and its results are those of one that was not."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from compliance import InputError
from compliance.audit import audit
from compliance.audit.resume import Work

RESULTS = ("findings.jsonl", "findings.csv", "metrics.json", "quarantine.jsonl", "manifest.json", "report.html")
CHATS = 3000

KILLED = """
import os, signal, sys
from pathlib import Path
from compliance.audit import audit

log, out, stage, rows, jobs = sys.argv[1:]
def progress(done, total):
    if (stage == "reading") == (total is None) and done >= int(rows):
        os.kill(os.getpid(), signal.SIGKILL)
audit([Path(log)], Path(out), platform="pdd", jobs=int(jobs), progress=progress)
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("log") / "chats.csv"
    start = datetime(2026, 11, 2, 8)
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["时间", "角色", "客服", "买家", "内容"])
        for n in range(CHATS):
            at = start + timedelta(seconds=20 * n)
            table.writerow([at, "买家", "", f"b{n % 700}", "在吗"])
            table.writerow(
                [at + timedelta(seconds=9), "火星人" if n % 500 == 7 else "客服", "小美", f"b{n % 700}", _said(n)]
            )
    return file


def _said(n: int) -> str:
    if n % 50 == 0:
        return f"亲，加我微信聊，编号{n}"
    return f"亲，第{n}单今天发出" if n % 2 else "好的，这就为您查一下"


@pytest.fixture(scope="module")
def whole(log: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _results(log, tmp_path_factory.mktemp("whole"), 1)


def _results(log: Path, out: Path, jobs: int, notice: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    audit([log], out, platform="pdd", jobs=jobs, notice=notice)
    return {name: (out / name).read_bytes() for name in RESULTS}


def _kill(log: Path, out: Path, stage: str, rows: int, jobs: int) -> None:
    command = [sys.executable, "-c", KILLED, str(log), str(out), stage, str(rows), str(jobs)]
    assert subprocess.run(command, check=False, timeout=120).returncode == -9
    assert not any((out / name).exists() for name in RESULTS)


def test_killed_at_three_points_it_ends_as_one_that_was_not_killed(
    log: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    assert b"\xe5\x8a\xa0\xe6\x88\x91\xe5\xbe\xae\xe4\xbf\xa1" in whole["findings.csv"]
    _kill(log, tmp_path, "reading", 4000, 1)
    _kill(log, tmp_path, "checking", 1500, 1)  # before the first checkpoint
    _kill(log, tmp_path, "checking", 2 * CHATS - 300, 2)  # behind it
    checked = Work(tmp_path, _of(tmp_path)).runs
    assert 0 < checked < CHATS
    told: list[str] = []
    assert _results(log, tmp_path, 1, told.append) == whole
    assert told == ["接着上次没有完成的审计继续"]
    assert not (tmp_path / ".unfinished").exists()


def _of(out: Path) -> dict[str, object]:
    of: dict[str, object] = json.loads((out / ".unfinished" / "checkpoint.json").read_text("utf-8"))["of"]
    return of


@pytest.mark.parametrize("stage", ["other options", "restart", "no checkpoint", "findings cut", "no rows"])
def test_work_that_is_not_this_audits_is_forgotten(tmp_path: Path, stage: str) -> None:
    with Work(tmp_path, {"platform": "pdd"}) as work:
        work.rows.touch()
        work.note_read({"messages": {}})
        list(work.keep([(None, [{"text": "一"}]), (None, [])]))
        assert work.runs == 2
    if stage == "no checkpoint":
        (work.folder / "checkpoint.json").write_text("{", "utf-8")
    if stage == "findings cut":
        (work.folder / "findings.jsonl").write_bytes(b"")
    if stage == "no rows":
        work.rows.unlink()
    of = {"platform": "jd" if stage == "other options" else "pdd"}
    with Work(tmp_path, of, restart=stage == "restart") as work:
        assert (work.runs, work.read) == (0, None)
        assert work.changed == (["platform"] if stage == "other options" else [])


def test_what_was_written_behind_the_checkpoint_is_cut_off(tmp_path: Path) -> None:
    with Work(tmp_path, {}) as work:
        work.rows.touch()
        work.note_read({})
        list(work.keep([(None, [{"text": "一"}])]))
    with (work.folder / "findings.jsonl").open("ab") as stream:
        stream.write(b'{"text": "half')
    with Work(tmp_path, {}) as work:
        list(work.keep([(None, [{"text": "二"}])]))
        assert [record["text"] for record in work.records()] == ["一", "二"]


@pytest.mark.skipif(sys.platform == "win32", reason="files are locked in another way there")
def test_two_audits_do_not_write_into_one_folder(tmp_path: Path) -> None:
    held = "import sys\nfrom pathlib import Path\nfrom compliance.audit.resume import Work\n"
    held += "work = Work(Path(sys.argv[1]), {})\nprint('held', flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-c", held, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(InputError, match="another audit"):
            Work(tmp_path, {})
        other.communicate()
    Work(tmp_path, {}).done()
