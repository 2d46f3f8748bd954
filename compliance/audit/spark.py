"""The audit on a Spark cluster, for logs that no single machine holds: the same reading, judging and surveying.

Rows are understood where they lie, then sorted into partitions by conversation and time. There one conversation after
the other streams through the checker and the surveyor, so memory does not grow with the log nor with a conversation.
What needs more than one conversation (texts sent to many buyers) is put together by Spark as well; only the waits for
answers pass through the driver, one by one.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from compliance.audit.columns import Columns
from compliance.audit.conversation_findings import Often, check_citations, conversation_records
from compliance.audit.exports import FINDING_TYPES, INDEX_COLUMNS, arrow, columns_of, table_of
from compliance.audit.judging import judged, records_of_run
from compliance.audit.logs import columns_of_rows, rounded_notice
from compliance.audit.mass import waves
from compliance.audit.reading import with_platform, within
from compliance.audit.row import BadRow, Role, Row
from compliance.audit.sessions import runs_of
from compliance.audit.settings import AuditData, load_audit_data
from compliance.audit.store import cells_of, name_of_conversation, unpacked_wait
from compliance.audit.summary import AuditResult, metric_records
from compliance.audit.survey import Surveyor
from compliance.audit.tables import names_of
from compliance.checker import Checker
from compliance.errors import InputError
from compliance.lexicon.bundle import Bundle
from compliance.lexicon.store import load_bundle
from compliance.model import platform_id
from compliance.profile import Profile

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["audit_on_spark"]

_SAMPLE: Final = 500
"""Rows that tell how the columns are to be read."""
_BATCH: Final = 5000
_FIELDS: Final = ("source", "role", "text", "time", "session", "buyer", "agent", "shop", "platform")
_ROW: Final = {**dict.fromkeys((*_FIELDS, "conversation", "at", "file"), "string"), "number": "int", "reason": "string"}
"""A row that is understood, and what it is sorted by; or the reason why it is not."""
_PIECE: Final = dict.fromkeys(("kind", "key", "at", "source"), "string")
"""Of a survey, beside findings and messages: what it is, and what it is sorted by."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What every worker needs."""

    bundle: Bundle
    profile: Profile
    data: AuditData
    platform: str | None


def audit_on_spark(
    paths: Sequence[str],
    out: str,
    *,
    platform: str | None = None,
    profile: Profile | None = None,
    mapping: Mapping[str, Any] | None = None,
    since: date | None = None,
    until: date | None = None,
    lexicons: Path | None = None,
    spark: SparkSession | None = None,
) -> AuditResult:
    """Audit Parquet logs on a cluster and write what was found as folders of Parquet or JSON below ``out``.

    ``findings`` and ``messages`` have the columns of the local engine's Parquet files; ``quarantine``, ``metrics`` and
    ``manifest`` are JSON lines. What is there already is written anew.

    Args:
        paths: Parquet files or folders, as Spark names them (``s3a://``, ``hdfs://``, a path all machines see).
        out: folder of the results, likewise.
        platform: whose rules apply; may be left out if the profile or a column of the log names it.
        profile: of the shop.
        mapping: field -> heading, and ``roles``: role -> names or words.
        since: first day.
        until: last day.
        lexicons: folder to use instead of the one that came with the package.
        spark: the session to use; none means the one that is there, or that the machine's Spark settings describe.

    Raises:
        InputError: PySpark is not installed, or the logs cannot be read or understood.
        UnknownPlatformError: the platform is not known.
    """
    session = spark or _session()
    profile = profile or Profile()
    named = platform or profile.platform
    where = platform_id(named) if named else None
    rules = _Rules(load_bundle(lexicons), profile, load_audit_data(lexicons), where)
    check_citations(rules.data.conversation, rules.bundle)
    given = session.sparkContext.broadcast(rules)
    try:
        return _audit(session, list(paths), out.rstrip("/"), given, mapping, since, until)
    finally:
        given.destroy()


def _session() -> SparkSession:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  an optional extra
    except ImportError:
        raise InputError('--engine spark needs pip install "compliance[audit,spark]" and Java') from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # one machine without settings of its own talks to itself only
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("compliance audit").config("spark.ui.enabled", "false")
    made: SparkSession = builder.getOrCreate()
    return made


def _audit(
    spark: SparkSession,
    paths: list[str],
    out: str,
    given: Any,
    mapping: Mapping[str, Any] | None,
    since: date | None,
    until: date | None,
) -> AuditResult:
    from pyspark.sql import functions as f  # noqa: PLC0415
    from pyspark.storagelevel import StorageLevel  # noqa: PLC0415

    rules: _Rules = given.value
    understood = _understood(spark, paths, rules, mapping, since, until).persist(StorageLevel.DISK_ONLY)
    bad, rows = understood.where("reason IS NOT NULL"), understood.where("reason IS NULL")
    _written(bad.where("role IS NULL").select("source", "reason"), f"{out}/quarantine", "json")

    keys = ("conversation", "at", "file", "number")
    ordered = rows.repartition(f.col("conversation")).sortWithinPartitions(*keys).persist(StorageLevel.DISK_ONLY)
    finding, message = _ddl(FINDING_TYPES), _ddl(INDEX_COLUMNS)
    checked = ordered.mapInArrow(partial(_checked, given), finding)
    pieces = f"{_ddl(_PIECE)}, packed binary, finding struct<{_ddl(FINDING_TYPES, ':')}>"
    surveyed = ordered.mapInArrow(
        partial(_surveyed, given), f"{pieces}, message struct<{_ddl(INDEX_COLUMNS, ':')}>"
    ).persist(StorageLevel.DISK_ONLY)
    mass = (
        surveyed.where("kind = 'sent'")
        .repartition(f.col("key"))
        .sortWithinPartitions("key", "at", "source")
        .mapInArrow(partial(_mass, given), finding)
    )
    often = spark.createDataFrame(_often(surveyed.where("kind = 'often'"), rules), finding)
    broken = surveyed.where("kind = 'broken'").select("finding.*")
    _written(checked.unionByName(broken).unionByName(mass).unionByName(often), f"{out}/findings", "parquet")

    findings = spark.read.parquet(f"{out}/findings")
    index = surveyed.where("kind = 'message'").select("message.*")
    _written(_with_worst(index, findings, message), f"{out}/messages", "parquet")

    result = AuditResult()
    result.messages.update({row["role"]: row["count"] for row in rows.groupBy("role").count().collect()})
    result.bad_rows = bad.where("role IS NULL").count()
    result.notices = sorted({row["reason"] for row in bad.where("role IS NOT NULL").collect()})
    result.actions.update({row["action"]: row["count"] for row in findings.groupBy("action").count().collect()})
    waits = surveyed.where("kind = 'wait'").orderBy("key", "at").select("packed").toLocalIterator()
    result.metrics = metric_records(
        rules.data.metrics, (unpacked_wait(bytes(row["packed"]).decode()) for row in waits), rules.platform
    )
    told = {"inputs": paths, "bundle": {"version": rules.bundle.version, "hash": rules.bundle.hash}}
    _written_records(spark, result.metrics, f"{out}/metrics")
    _written_records(spark, [{**told, **result.manifest()}], f"{out}/manifest")
    for frame in (understood, ordered, surveyed):
        frame.unpersist()
    return result


def _understood(
    spark: SparkSession,
    paths: list[str],
    rules: _Rules,
    mapping: Mapping[str, Any] | None,
    since: date | None,
    until: date | None,
) -> DataFrame:
    """Return the rows of the logs, and those that cannot be read."""
    from py4j.protocol import Py4JError  # noqa: PLC0415  an optional extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        logs = spark.read.parquet(*paths)
        files = sorted(logs.inputFiles())
        sample = [row.asDict(recursive=True) for row in logs.limit(_SAMPLE).collect()]
    except (PySparkException, Py4JError) as error:
        cause = getattr(error, "java_exception", None) or error
        reason = str(cause).strip().partition("\n")[0]
        raise InputError(f"{', '.join(paths)}: cannot be read as Parquet: {reason}") from None
    columns = columns_of_rows(", ".join(paths), sample, rules.data, mapping)
    names = dict(zip(files, names_of([_path(file) for file in files]), strict=True))
    chosen = partial(_row_of, columns, rules.platform, since, until)
    headings = sorted(set(columns.of.values()))
    return logs.select(
        *(f"`{heading}`" for heading in headings), "_metadata.file_path", "_metadata.row_index"
    ).mapInArrow(partial(_read, chosen, names), _ddl(_ROW))


def _path(file: str) -> PurePosixPath:
    return PurePosixPath(unquote(urlsplit(file).path))


def _row_of(
    columns: Columns, platform: str | None, since: date | None, until: date | None, source: str, cells: dict[str, Any]
) -> tuple[Row | BadRow | None, list[str]]:
    """Read one row; ``None`` is a row of another day. Told with it are the headings of ids that are not used."""
    row = columns.row(source, cells)
    if isinstance(row, Row) and not columns.of.keys() & {"session", "buyer"}:
        row = replace(row, session=source.rpartition(":")[0])
    if isinstance(row, Row) and platform is None:
        row = with_platform(row)
    if isinstance(row, BadRow):
        return row, []
    return (row if within(row, since, until) else None), columns.rounded(cells)


def _read(
    row_of: Callable[[str, dict[str, Any]], tuple[Row | BadRow | None, list[str]]],
    names: Mapping[str, str],
    batches: Iterable[Any],
) -> Iterator[Any]:
    """Turn batches of a log into batches of rows; a row without a time stays behind the one before it."""
    last, told = "", set[tuple[str, str]]()
    for batch in batches:
        made: list[dict[str, Any]] = []
        for cells in batch.to_pylist():
            file, number = cells.pop("file_path"), cells.pop("row_index")
            name = names[file] if file in names else _path(file).name
            row, rounded = row_of(f"{name}:{number + 1}", cells)
            for heading in rounded:
                if (name, heading) not in told:
                    told.add((name, heading))
                    made.append({"role": "", "reason": f"{name}: {rounded_notice(heading)}"})
            if isinstance(row, BadRow):
                made.append({"source": row.source, "reason": row.reason})
            elif row is not None:
                last = row.time.isoformat() if row.time else last
                conversation = name_of_conversation(row.shop, row.session or row.buyer).decode()
                placed = {"conversation": conversation, "at": last, "file": file, "number": number}
                made.append({**dict(zip(_FIELDS, cells_of(row), strict=True)), **placed})
        yield from table_of(_ROW, made).to_batches()


def _conversations(batches: Iterable[Any]) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield name and rows of each conversation, as :meth:`RowStore.conversations` does."""
    cells = (row for batch in batches for row in batch.to_pylist())
    for name, rows in groupby(cells, key=itemgetter("conversation")):
        yield name, (_row(row) for row in rows)


def _row(cells: Mapping[str, Any]) -> Row:
    source, role, text, time, *names = (cells[name] for name in _FIELDS)
    return Row(source, Role(role), text, datetime.fromisoformat(time) if time else None, *names)


def _checked(given: Any, batches: Iterable[Any]) -> Iterator[Any]:
    rules: _Rules = given.value
    runs = (run for _, rows in _conversations(batches) for run in runs_of(rows))
    found = judged(runs, _checker(rules), rules.platform, 1)
    yield from _batched(
        (record for run, findings in found for record in records_of_run(run, findings, rules.platform)), FINDING_TYPES
    )


_made: dict[str, Checker] = {}
"""Of a worker process, which checks many partitions with the same rules."""


def _checker(rules: _Rules) -> Checker:
    key = f"{rules.bundle.hash} {rules.profile!r}"
    if key not in _made:
        _made.clear()
        _made[key] = Checker(rules.bundle, rules.profile)
    return _made[key]


def _surveyed(given: Any, batches: Iterable[Any]) -> Iterator[Any]:
    rules: _Rules = given.value
    for survey in Surveyor(rules.data.conversation, rules.platform)(_conversations(batches)):
        broken = list(conversation_records(survey.broken, rules.bundle, rules.platform))
        index = list(zip(*survey.index, strict=True)) or [()] * len(INDEX_COLUMNS)
        yield from _pieces("broken", [{}] * len(broken), finding=table_of(FINDING_TYPES, broken))
        yield from _pieces("message", [{}] * len(survey.index), message=columns_of(INDEX_COLUMNS, index))
        yield from _pieces(
            "wait",
            [{"key": buyer.hex(), "at": asked, "packed": data.encode()} for buyer, asked, data in survey.waits],
        )
        yield from _pieces(
            "sent",
            [
                {"key": key.hex(), "at": at, "source": source, "packed": pickle.dumps((conversation, row))}
                for key, at, conversation, source, row in survey.sent
            ],
        )
        yield from _pieces("often", [{"packed": pickle.dumps(survey.often)}] if survey.often.counted() else [])


def _pieces(kind: str, records: list[dict[str, Any]], **tables: Any) -> Iterator[Any]:
    """Yield batches of pieces of one kind; those of findings and messages have a table of them beside."""
    pa = arrow()[0]
    base = table_of(_PIECE, [{**record, "kind": kind} for record in records])
    arrays = [column.combine_chunks() for column in base.columns]
    arrays.append(pa.array([record.get("packed") for record in records], pa.binary()))
    names = [*_PIECE, "packed"]
    for name, types in (("finding", FINDING_TYPES), ("message", INDEX_COLUMNS)):
        schema = table_of(types, []).schema
        table = tables.get(name)
        array = (
            pa.nulls(len(records), pa.struct(list(schema)))
            if table is None
            else pa.StructArray.from_arrays([c.combine_chunks() for c in table.columns], fields=list(schema))
        )
        arrays.append(array)
        names.append(name)
    yield pa.RecordBatch.from_arrays(arrays, names=names)


def _mass(given: Any, batches: Iterable[Any]) -> Iterator[Any]:
    rules: _Rules = given.value
    rule = rules.data.conversation.mass
    if rule is None:
        return
    pieces = (piece for batch in batches for piece in batch.to_pylist())
    sent = (
        (bytes.fromhex(piece["key"]), piece["at"], conversation, piece["source"], row)
        for piece in pieces
        for conversation, row in (pickle.loads(piece["packed"]),)
    )
    yield from _batched(conversation_records(waves(rule, sent), rules.bundle, rules.platform), FINDING_TYPES)


def _often(pieces: DataFrame, rules: _Rules) -> list[tuple[Any, ...]]:
    often = Often()
    for row in pieces.select("packed").toLocalIterator():
        often.merge(pickle.loads(bytes(row["packed"])))
    records = often.records(rules.bundle, rules.platform)
    return [
        tuple(datetime.fromisoformat(v) if v and k == "time" else v for k, v in _chosen(record).items())
        for record in records
    ]


def _chosen(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in FINDING_TYPES}


def _with_worst(index: DataFrame, findings: DataFrame, columns: str) -> DataFrame:
    """Return the index of messages with number and worst of their findings."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    rank = f.when(f.col("action") == "block", 2).when(f.col("action") == "warn", 1).otherwise(0)
    found = findings.groupBy("source").agg(f.count("*").alias("findings"), f.max(rank).alias("rank"))
    worst = f.when(f.col("rank") == 2, "block").when(f.col("rank") == 1, "warn").when(f.col("rank") == 0, "note")
    joined = index.join(found, "source", "left").withColumn("worst", worst).fillna({"findings": 0})
    return joined.select(*(column.split(" ")[0] for column in columns.split(", ")), "findings", "worst")


def _batched(records: Iterable[Mapping[str, Any]], types: Mapping[str, str]) -> Iterator[Any]:
    taken = iter(records)
    while batch := list(islice(taken, _BATCH)):
        yield from table_of(types, batch).to_batches()


def _ddl(types: Mapping[str, str], between: str = " ") -> str:
    known = {"string": "string", "int": "bigint", "timestamp": "timestamp_ntz"}
    return ", ".join(f"{name}{between}{known[kind]}" for name, kind in types.items())


def _written(frame: DataFrame, folder: str, form: str) -> None:
    frame.write.mode("overwrite").format(form).save(folder)


def _written_records(spark: SparkSession, records: list[dict[str, Any]], folder: str) -> None:
    lines = [(json.dumps(record, ensure_ascii=False),) for record in records]
    _written(spark.createDataFrame(lines, "value string").coalesce(1), folder, "text")
