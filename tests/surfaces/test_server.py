"""The HTTP lint endpoint."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from compliance import Checker
from compliance.serve import create_app
from compliance.wire import verdict_schema


@pytest.fixture(scope="module")
def client(checker: Checker) -> TestClient:
    return TestClient(create_app(checker))


def test_the_service_gives_the_same_verdict_as_the_library(client: TestClient, checker: Checker) -> None:
    text = "亲，加我微信吧😀最好的"
    answer = client.post("/v1/lint", json={"id": "1", "text": text, "platform": "pdd"})
    assert answer.status_code == 200
    assert answer.json() == checker.check(text, platform="pdd", id="1").to_dict()
    Draft202012Validator(verdict_schema()).validate(answer.json())


def test_health_names_the_lexicon(client: TestClient, checker: Checker) -> None:
    assert client.get("/healthz").json()["bundle"]["hash"] == checker.bundle.hash


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b"{}", 422),
        (json.dumps({"text": "亲", "platform": "ebay"}).encode(), 422),
        (json.dumps({"text": "亲"}).encode(), 422),
        (json.dumps({"text": "亲", "platform": "pdd", "context": {"a": 1}}).encode(), 422),
        (json.dumps({"text": "\ud800加我微信", "platform": "pdd"}).encode(), 200),
        (json.dumps({"text": "微" * 300_000, "platform": "pdd"}).encode(), 200),
        (b" " * (3 << 20), 413),
    ],
)
def test_odd_requests_get_a_clear_answer(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/v1/lint", content=body)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["status"] == status
        assert answer.json()["detail"]
