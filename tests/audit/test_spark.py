"""The Spark engine on a real local Spark, compared with the local engine row by row."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.chatlog import HEADINGS, rows
from compliance import InputError
from compliance.audit import audit
from compliance.audit.spark import audit_on_spark
from compliance.cli import main

sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

MESSAGES = 1500
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = sys.executable  # else its workers take whatever python3 comes first
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "300")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of generated chats, some of which run on in the other; one row is of nobody, one without a time."""
    folder = tmp_path_factory.mktemp("logs")
    made = [dict(zip(HEADINGS, row, strict=True)) for row in rows(MESSAGES)]
    for row in made:
        row["时间"] = row["时间"].isoformat(sep=" ")
    half = MESSAGES // 2
    made[3] |= {"角色": "路人"}
    made[half + 5] |= {"时间": ""}
    for name, part in (("a", made[:half]), ("b", made[half:])):
        parquet.write_table(pa.Table.from_pylist(part), folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def both(spark: Any, logs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return what the local engine wrote, and what Spark wrote."""
    out = tmp_path_factory.mktemp("out")
    audit([logs], out / "local", jobs=1)
    audit_on_spark([str(logs)], str(out / "spark"), spark=spark)
    return out / "local", out / "spark"


def _table(place: Path) -> list[tuple[Any, ...]]:
    table = parquet.read_table(place)
    return sorted((tuple(row[name] for name in sorted(row)) for row in table.to_pylist()), key=repr)


def _lines(folder: Path) -> list[Any]:
    parts = [file for file in sorted(folder.iterdir()) if file.suffix in (".txt", ".json")]
    return [json.loads(line) for file in parts for line in file.read_text("utf-8").splitlines()]


def test_every_finding_is_the_same(both: tuple[Path, Path]) -> None:
    local, spark = both
    found = _table(local / "findings.parquet")
    assert _table(spark / "findings") == found
    assert len(found) > 20
    assert any(str(value).startswith("CNV") for row in found for value in row)


def test_every_message_is_in_the_index_with_its_findings(both: tuple[Path, Path]) -> None:
    local, spark = both
    assert _table(spark / "messages") == _table(local / "messages.parquet")


def test_what_cannot_be_read_is_told_alike(both: tuple[Path, Path]) -> None:
    local, spark = both
    told = [json.loads(line) for line in (local / "quarantine.jsonl").read_text("utf-8").splitlines()]
    assert _lines(spark / "quarantine") == told
    assert [line["source"] for line in told] == ["a.parquet:4"]


def test_reply_metrics_and_counts_are_the_same(both: tuple[Path, Path]) -> None:
    local, spark = both

    def by_name(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(records, key=lambda record: (record["id"], record["agent"] or ""))

    assert by_name(_lines(spark / "metrics")) == by_name(json.loads((local / "metrics.json").read_text("utf-8")))
    (told,) = _lines(spark / "manifest")
    manifest = json.loads((local / "manifest.json").read_text("utf-8"))
    assert {key: told[key] for key in ("bundle", "messages", "bad_rows", "findings")} == {
        key: manifest[key] for key in ("bundle", "messages", "bad_rows", "findings")
    }


def test_days_are_chosen_and_the_platform_may_be_given(spark: Any, logs: Path, tmp_path: Path) -> None:
    chosen = {"platform": "jd", "since": date(2026, 11, 3)}
    audit([logs], tmp_path / "local", jobs=1, **chosen)  # type: ignore[arg-type]
    audit_on_spark([str(logs)], str(tmp_path / "spark"), spark=spark, **chosen)  # type: ignore[arg-type]
    assert _table(tmp_path / "spark" / "findings") == _table(tmp_path / "local" / "findings.parquet")


def test_what_is_no_log_is_refused_with_the_reason(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        audit_on_spark([str(tmp_path / "a.parquet")], str(tmp_path / "out"), spark=spark)
    parquet.write_table(pa.Table.from_pylist([{"列": "1"}]), tmp_path / "b.parquet")
    with pytest.raises(InputError, match="looks like the message"):
        audit_on_spark([str(tmp_path / "b.parquet")], str(tmp_path / "out"), spark=spark)


def test_the_command_says_what_the_engine_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "logs", "--engine", "spark", "--sample", "20", "--jobs", "2"]) == 2
    assert "--engine spark has no --jobs, --sample" in capsys.readouterr().err
