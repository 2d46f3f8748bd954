"""What requests are answered with: batches, rewrites, rules, errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from compliance import Checker, Profile
from compliance.serve import create_app
from compliance.serve.engine import Serving, Shops
from compliance.serve.settings import Settings
from compliance.wire import verdict_schema

BREACH, CLEAN, MILD = "亲，加我微信聊", "亲，您的订单已经发货了", "这款是最好的面料哦"


@pytest.fixture(scope="module")
def client(checker: Checker) -> TestClient:
    shops = Shops(by_id={"tea": Profile(name="茶铺", platform="jd"), "odd": Profile(name="杂货")})
    settings = Settings(max_batch_items=5, max_body=20_000, watch=False)
    return TestClient(create_app(settings=settings, serving=Serving.build(checker, shops)))


def _lines(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("as_array", [False, True])
def test_a_batch_answers_each_record_in_order_and_goes_on_after_a_bad_one(
    client: TestClient, checker: Checker, as_array: bool
) -> None:
    records = [{"id": "1", "text": BREACH}, {"id": 2, "text": None}, {"messages": ["加", "微", "信"], "platform": "dy"}]
    body = json.dumps(records) if as_array else "\n".join(map(json.dumps, records)) + "\n\n"
    answer = client.post("/v1/lint/batch?platform=pdd", content=body)
    assert answer.headers["content-type"] == "application/x-ndjson"
    first, second, third = _lines(answer)
    assert first == checker.check(BREACH, platform="pdd", id="1").to_dict()
    assert (second["id"], second["error"]["record"], second["error"]["status"]) == (2, 2, 422)
    assert (third["decision"], third["platform"]) == ("block", "douyin")


def test_a_line_that_is_no_json_is_told_by_its_number(client: TestClient) -> None:
    answer = client.post("/v1/lint/batch?platform=pdd", content=b'{"text": "\xe4\xba\xb2"}\n{"text": \xff}\n{')
    assert [line.get("decision") or line["error"]["record"] for line in _lines(answer)] == ["pass", 2, 3]


def test_a_batch_with_too_many_records_is_refused_whole(client: TestClient) -> None:
    answer = client.post("/v1/lint/batch", content=b"{}\n" * 6)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:compliance:problem:too-large")


def test_a_request_may_name_a_shop_whose_platform_then_counts(client: TestClient) -> None:
    assert client.post("/v1/lint", json={"text": CLEAN, "profile": "tea"}).json()["platform"] == "jd"
    unknown = client.post("/v1/lint", json={"text": CLEAN, "profile": "shoes", "platform": "jd"})
    assert (unknown.status_code, "/v1/profiles" in unknown.json()["detail"]) == (422, True)
    assert [shop["id"] for shop in client.get("/v1/profiles").json()["profiles"]] == ["odd", "tea"]
    assert client.get("/v1/profiles/tea").json()["name"] == "茶铺"


@pytest.mark.parametrize(
    ("text", "tier", "changed", "sendable"),
    [
        (CLEAN, "safe", False, True),
        (MILD, "safe", True, True),
        (BREACH, "safe", False, False),
        (BREACH, "unsafe", True, True),
    ],
)
def test_a_rewrite_is_as_bold_as_asked_and_checks_clean(
    client: TestClient, checker: Checker, text: str, tier: str, changed: bool, sendable: bool
) -> None:
    answer = client.post("/v1/rewrite", json={"text": text, "tier": tier, "platform": "pdd"}).json()
    assert (answer["changed"], answer["sendable"]) == (changed, sendable)
    assert (answer["text"] != text) == changed
    if changed:
        assert checker.check(answer["text"], platform="pdd").decision == "pass"


def test_rules_can_be_searched_and_read(client: TestClient) -> None:
    found = client.get("/v1/rules", params={"q": "微信 添加", "platform": "拼多多"})
    assert "CTC101" in [rule["code"] for rule in found.json()["rules"]]
    rule = client.get("/v1/rules/ctc101").json()
    assert rule["citations"][0]["verification"]
    assert all(rule[key] for key in ("why", "examples", "sendable"))
    again = client.get("/v1/rules/CTC101", headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/rules/XXX999", 404, "not-found"),
        ("GET", "/v1/profiles/..%2F..%2Fetc", 404, "not-found"),
        ("GET", "/v1/nothing", 404, "not-found"),
        ("DELETE", "/v1/lint", 405, "method-not-allowed"),
        ("GET", "/v1/rules?platform=ebay", 422, "unusable"),
    ],
)
def test_whatever_cannot_be_answered_is_a_problem_document(
    client: TestClient, method: str, path: str, status: int, kind: str
) -> None:
    answer = client.request(method, path, headers={"X-Request-Id": "abc-1"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:compliance:problem:{kind}"
    assert answer.json()["instance"] == "urn:request:abc-1"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": NaN, "platform": "pdd"}', 400),
        (b'{"text": "a", "platform": "pdd", "id": ' + b"9" * 5000 + b"}", 400),
        (b'{"text": ' * 2000, 400),
        (b"[" * 19_000 + b"]" * 100, 400),
        (b'\xef\xbb\xbf{"text": "\xe4\xba\xb2", "platform": "pdd"}', 200),
        (b"\x00" * 100, 400),
        (b'{"text": "a", "platform": ["pdd"]}', 422),
        (b'{"text": "a", "platform": "pdd", "profile": 1}', 422),
        (b" " * 20_001, 413),
    ],
)
def test_hostile_bodies_are_refused_with_the_right_status(client: TestClient, body: bytes, status: int) -> None:
    assert client.post("/v1/lint", content=body).status_code == status


def test_every_answer_names_request_and_lexicon_and_is_not_kept(client: TestClient, checker: Checker) -> None:
    for answer in (client.get("/healthz"), client.get("/nothing"), client.post("/v1/lint", content=b"x")):
        assert answer.headers["compliance-bundle"] == f"{checker.bundle.version}+{checker.bundle.hash}"
        assert answer.headers["cache-control"] == "no-store"
        assert len(answer.headers["x-request-id"]) == 16


def test_the_published_schema_is_the_one_of_the_package(client: TestClient) -> None:
    assert client.get("/v1/schemas/verdict").json() == verdict_schema()
    Draft202012Validator.check_schema(verdict_schema())


def test_what_hooks_let_pass_is_counted_and_text_is_in_no_metric(client: TestClient) -> None:
    assert client.post("/v1/unchecked", json={"hook": "matrix", "count": 3}).status_code == 204
    assert client.post("/v1/unchecked", json={"hook": "加微信", "count": 3}).status_code == 422
    client.post("/v1/lint", json={"id": "geheim", "text": BREACH, "platform": "pdd"})
    page = client.get("/metrics").text
    assert 'compliance_passed_unchecked_total{hook="matrix"} 3.0' in page
    assert 'compliance_findings_total{action="block",code="CTC101"}' in page
    assert "微信" not in page
    assert "geheim" not in page
