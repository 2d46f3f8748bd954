"""Chat logs over HTTP: upload, progress, report, and nobody else's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from compliance import Checker
from compliance.lexicon.store import default_folder
from compliance.serve import create_app
from compliance.serve.audits import AuditStore, write_state
from compliance.serve.engine import Serving, Shops
from compliance.serve.keys import new_key, to_toml
from compliance.serve.settings import Settings

LOG = (
    "会话,时间,角色,客服,内容\n"
    "s1,2026-11-01 10:00:00,买家,,在吗\n"
    "s1,2026-11-01 10:00:20,客服,小李,亲，加我微信聊吧\n"
    "s1,2026-11-01 10:01:00,客服,小李,好的亲，已经给您备注了\n"
).encode("gb18030")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, str]]]:
    made = [new_key(name, ["audit"], None, None) for name in ("a", "b")]
    file = tmp_path_factory.mktemp("keys") / "keys.toml"
    file.write_text("".join(to_toml(key) for _, key in made), "utf-8")
    return file, [{"Authorization": f"Bearer {presented}"} for presented, _ in made]


@pytest.fixture(scope="module")
def client(checker: Checker, keys: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("audits")
    settings = Settings(watch=False, audits=folder, keys=keys[0], max_upload=10_000, lexicons=default_folder())
    with TestClient(create_app(settings=settings, serving=Serving.build(checker, Shops()))) as running:
        yield running


def _finished(client: TestClient, headers: dict[str, str], place: str) -> dict[str, Any]:
    for _ in range(300):
        state: dict[str, Any] = client.get(place, headers=headers).json()
        if state["state"] in ("done", "failed"):
            return state
        time.sleep(0.1)
    raise AssertionError(f"not finished: {state}")


def test_a_log_is_audited_and_only_its_owner_reads_the_report(client: TestClient, keys: Any) -> None:
    mine, others = keys[1]
    taken = client.post("/v1/audits?name=聊天.csv&platform=pdd", content=LOG, headers=mine)
    assert taken.status_code == 202
    place = taken.headers["location"]
    state = _finished(client, mine, place)
    assert (state["state"], state["progress"]["rows"], state["counts"]["messages"]["agent"]) == ("done", 3, 2)
    assert state["counts"]["findings"]["block"] >= 1
    assert {"report.html", "findings.csv"} <= set(state["files"])
    report = client.get(f"{place}/report.html", headers=mine)
    assert "微信" in report.text
    assert "sandbox" in report.headers["content-security-policy"]
    assert "attachment" in client.get(f"{place}/findings.csv", headers=mine).headers["content-disposition"]
    for path in (place, f"{place}/report.html"):
        assert client.get(path, headers=others).status_code == 404
    assert client.get("/v1/audits", headers=others).json() == {"audits": []}
    assert [audit["id"] for audit in client.get("/v1/audits", headers=mine).json()["audits"]] == [state["id"]]
    assert client.delete(place, headers=mine).status_code == 204
    assert client.get(place, headers=mine).status_code == 404


def test_a_log_that_cannot_be_understood_fails_with_the_reason(client: TestClient, keys: Any) -> None:
    taken = client.post("/v1/audits?name=x.csv&platform=pdd", content=b"a,b\n1,2\n", headers=keys[1][0])
    state = _finished(client, keys[1][0], taken.headers["location"])
    assert state["state"] == "failed"
    assert state["error"]
    assert client.get(f"{taken.headers['location']}/report.html", headers=keys[1][0]).status_code == 409


@pytest.mark.parametrize(
    ("query", "content", "status"),
    [
        ("name=x.exe", LOG, 422),
        ("name=x.csv&platform=ebay", LOG, 422),
        ("name=x.csv&profile=nobody", LOG, 422),
        ("platform=pdd", LOG, 422),
        ("name=x.csv", b"", 422),
        ("name=x.csv", b"x" * 10_001, 413),
        ("name=../../x.csv", b"", 422),
    ],
)
def test_uploads_that_cannot_be_used_leave_nothing_behind(
    client: TestClient, keys: Any, query: str, content: bytes, status: int
) -> None:
    before = client.get("/v1/audits", headers=keys[1][1]).json()
    assert client.post(f"/v1/audits?{query}", content=content, headers=keys[1][1]).status_code == status
    assert client.get("/v1/audits", headers=keys[1][1]).json() == before


@pytest.mark.parametrize("path", ["..%2Fkeys", "0000000000000000", "x/../../y", "%00"])
def test_ids_and_files_cannot_leave_the_folder(client: TestClient, keys: Any, path: str) -> None:
    assert client.get(f"/v1/audits/{path}/report.html", headers=keys[1][0]).status_code == 404


def test_an_audit_whose_process_was_killed_is_told_from_one_that_works(tmp_path: Path) -> None:
    store = AuditStore(tmp_path, 7)
    id_, log = store.begin("x.csv", None)
    assert store.get(id_, None)["state"] == "waiting"
    write_state(log.parent, {"id": id_, "state": "running", "created": "", "error": None, "owner": None})
    state = store.get(id_, None)
    assert (state["state"], "interrupted" in state["error"]) == ("failed", True)


def test_old_audits_are_forgotten(tmp_path: Path) -> None:
    store = AuditStore(tmp_path, 7)
    (old, log), (new, _) = store.begin("x.csv", None), store.begin("y.csv", None)
    os.utime(log.parent, (0, 0))
    store.sweep()
    assert [audit["id"] for audit in store.all(None)] == [new]
    assert store.get(old, None) is None
