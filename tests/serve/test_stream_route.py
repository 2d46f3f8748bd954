"""The streaming routes speak the same over a WebSocket and over lines."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from compliance import Checker
from compliance.serve import create_app
from compliance.serve.engine import Serving, Shops
from compliance.serve.settings import Settings
from compliance.stream import StreamSession

BREACH, CLEAN = "您好，您的订单已经发货了。加我微信聊", "您好，您的订单已经发货了，请注意查收。"


@pytest.fixture(scope="module")
def serving(checker: Checker) -> Serving:
    return Serving.build(checker, Shops())


@pytest.fixture(scope="module")
def client(serving: Serving) -> TestClient:
    return TestClient(create_app(settings=Settings(watch=False), serving=serving))


def _by_lines(client: TestClient, how: dict[str, Any], pieces: list[Any]) -> list[dict[str, Any]]:
    body = "\n".join(json.dumps(line) for line in [how, *({"piece": piece} for piece in pieces)])
    answer = client.post("/v1/lint/stream", content=body)
    return [json.loads(line) for line in answer.text.splitlines()]


def _by_socket(client: TestClient, how: dict[str, Any], pieces: list[Any]) -> list[dict[str, Any]]:
    events = []
    with client.websocket_connect("/v1/lint/stream") as socket:
        for line in [how, *({"piece": piece} for piece in pieces), {"end": True}]:
            socket.send_text(json.dumps(line))
        with suppress(WebSocketDisconnect):
            while True:
                events.append(socket.receive_json())
    return events


@pytest.mark.parametrize("speak", [_by_lines, _by_socket])
def test_clean_text_is_released_and_the_verdict_comes_last(client: TestClient, speak: Any) -> None:
    events = speak(client, {"platform": "pdd"}, list(CLEAN))
    assert "".join(event.get("text", "") for event in events) == CLEAN
    assert (events[-1]["event"], events[-1]["verdict"]["decision"]) == ("done", "pass")


@pytest.mark.parametrize("speak", [_by_lines, _by_socket])
def test_a_breach_stops_the_stream_before_its_first_character(client: TestClient, speak: Any) -> None:
    events = speak(client, {"platform": "pdd"}, list(BREACH))
    assert "".join(event.get("text", "") for event in events) == BREACH.partition("加")[0]
    assert (events[-1]["event"], events[-1]["verdict"]["decision"]) == ("stop", "block")


@pytest.mark.parametrize(
    ("how", "pieces", "told"),
    [
        ({"platform": "ebay"}, ["亲"], "unknown platform"),
        ({"platform": "pdd", "mode": 1}, ["亲"], "the first line"),
        ({"platform": "pdd", "hold": ["note"]}, ["亲"], "hold"),
        ({"platform": "pdd"}, [7], "each line"),
        ({"platform": "pdd"}, ["亲" * 20_001], "longer than"),
    ],
)
def test_what_cannot_be_used_ends_the_stream_with_a_problem(
    client: TestClient, how: dict[str, Any], pieces: list[Any], told: str
) -> None:
    (event,) = _by_lines(client, how, pieces)
    assert event["event"] == "error"
    assert told in event["error"]["detail"]


@pytest.mark.parametrize(("fail", "released"), [("closed", ""), ("open", "亲，加我微信")])
def test_text_that_cannot_be_checked_is_held_or_released_as_set(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, fail: str, released: str
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("加我微信")

    monkeypatch.setattr(StreamSession, "_open_hits", broken)
    client = TestClient(create_app(settings=Settings(watch=False, fail=fail), serving=serving))
    events = _by_lines(client, {"platform": "pdd"}, ["亲，加我微信"])
    assert "".join(event.get("text", "") for event in events) == released
    assert events[-1]["error"]["type"].endswith("internal")
    counted = 'compliance_passed_unchecked_total{hook="stream"} 1.0' in client.get("/metrics").text
    assert counted == (fail == "open")
