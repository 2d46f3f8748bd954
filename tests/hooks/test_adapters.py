"""Every adapter answers the documented requests of its chat tool in the documented form."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from compliance import Checker, ComplianceError
from compliance.hooks.routes import Secrets, hook_router

CLEAN, BREACH, MILD = "亲，这款今天发货", "亲，加我微信聊", "这款是最好的面料哦"
SECRETS = Secrets(tencent_sdkappid="888888", easemob="s3cret", stream="str3am")


@pytest.fixture(scope="module")
def client(checker: Checker) -> TestClient:
    app = FastAPI()
    app.include_router(hook_router(lambda _: checker, SECRETS))

    @app.exception_handler(ComplianceError)
    def refused(_: Request, error: ComplianceError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)

    return TestClient(app)


def _post(client: TestClient, path: str, body: Any, **options: Any) -> dict[str, Any]:
    joined = "&" if "?" in path else "?"
    answer = client.post(f"/integrations/{path}{joined}platform=pdd", json=body, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_dify_pings_when_the_extension_is_configured(client: TestClient) -> None:
    assert _post(client, "dify", {"point": "ping"}) == {"result": "pong"}


def test_dify_leaves_the_buyer_s_words_alone(client: TestClient) -> None:
    params = {"app_id": "a", "inputs": {"name": "王"}, "query": "能加微信吗"}
    answer = _post(client, "dify", {"point": "app.moderation.input", "params": params})
    assert answer == {"flagged": False, "action": "overridden", "inputs": {"name": "王"}, "query": "能加微信吗"}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("dify", CLEAN, {"flagged": False, "action": "direct_output"}),
        (
            "dify",
            BREACH,
            {
                "flagged": True,
                "action": "direct_output",
                "preset_response": "抱歉，这条回复不便发送，请换个说法或联系人工客服。",
            },
        ),
        (
            "dify?replace=safe&refuse=warn",
            MILD,
            {"flagged": True, "action": "overridden", "text": "这款是很不错的面料哦"},
        ),
    ],
)
def test_dify_output(client: TestClient, path: str, text: str, expected: dict[str, Any]) -> None:
    body = {"point": "app.moderation.output", "params": {"app_id": "a", "text": text}}
    assert _post(client, path, body) == expected


def _litellm(*texts: str, kind: str = "response") -> dict[str, Any]:
    return {"input_type": kind, "texts": list(texts), "litellm_call_id": "c", "request_data": {}, "images": None}


LITELLM = "litellm/beta/litellm_basic_guardrail_api"


def test_litellm_requests_pass(client: TestClient) -> None:
    assert _post(client, LITELLM, _litellm(BREACH, kind="request")) == {"action": "NONE"}


def test_litellm_blocks_with_the_reason(client: TestClient) -> None:
    answer = _post(client, LITELLM, _litellm(CLEAN, BREACH))
    assert answer["action"] == "BLOCKED"
    assert "微信" in answer["blocked_reason"]
    assert "依据" in answer["blocked_reason"]


def test_litellm_replaces_in_the_order_sent_and_holds_back_streams(client: TestClient) -> None:
    answer = _post(client, f"{LITELLM}?replace=safe&refuse=warn", _litellm(CLEAN, MILD))
    assert answer["action"] == "GUARDRAIL_INTERVENED"
    assert answer["texts"] == [CLEAN, "这款是很不错的面料哦"]
    assert answer["stream_holdback_chars"] == [24, 24]


def _tencent(*texts: str) -> dict[str, Any]:
    elements: list[dict[str, Any]] = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}} for text in texts]
    return {
        "CallbackCommand": "C2C.CallbackBeforeSendMsg",
        "From_Account": "agent",
        "To_Account": "buyer",
        "MsgSeq": 48374,
        "MsgBody": [*elements, {"MsgType": "TIMFaceElem", "MsgContent": {"Index": 6, "Data": "x"}}],
        "CloudCustomData": "",
    }


TENCENT = "tencent-im?SdkAppid=888888&CallbackCommand=C2C.CallbackBeforeSendMsg&contenttype=json"


def test_tencent_passes_refuses_and_replaces(client: TestClient) -> None:
    assert _post(client, TENCENT, _tencent(CLEAN)) == {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
    refused = _post(client, TENCENT, _tencent(BREACH))
    assert refused["ErrorCode"] == 120001
    assert "微信" in refused["ErrorInfo"]
    replaced = _post(client, f"{TENCENT}&replace=safe&refuse=warn", _tencent(CLEAN, MILD))
    assert replaced["ErrorCode"] == 0
    assert [element["MsgContent"].get("Text") for element in replaced["MsgBody"]] == [
        CLEAN,
        "这款是很不错的面料哦",
        None,
    ]


def test_tencent_sees_words_split_over_elements(client: TestClient) -> None:
    assert _post(client, TENCENT, _tencent("加我微", "信"))["ErrorCode"] == 120001


def test_tencent_calls_for_another_application_are_turned_away(client: TestClient) -> None:
    answer = client.post("/integrations/tencent-im?platform=pdd&SdkAppid=1", json=_tencent(CLEAN))
    assert answer.status_code == 403


def _easemob(text: str) -> dict[str, Any]:
    call, stamp = "shop#chat_1", 1600060847294
    security = hashlib.md5(f"{call}s3cret{stamp}".encode()).hexdigest()
    payload = {"msg": text, "type": "txt"}
    return {
        "callId": call,
        "timestamp": stamp,
        "chat_type": "chat",
        "from": "agent",
        "to": "buyer",
        "msg_id": "8924312242322",
        "payload": payload,
        "security": security,
    }


def test_easemob_passes_and_refuses(client: TestClient) -> None:
    assert _post(client, "easemob", _easemob(CLEAN)) == {"valid": True, "code": ""}
    refused = _post(client, "easemob", _easemob(BREACH))
    assert refused["valid"] is False
    assert "微信" in refused["code"]


def test_easemob_calls_with_a_wrong_signature_are_turned_away(client: TestClient) -> None:
    forged = {**_easemob(CLEAN), "security": "0" * 32}
    assert client.post("/integrations/easemob?platform=pdd", json=forged).status_code == 403


@pytest.mark.parametrize("content", ['{{"content":"{}"}}', '{{"text":"{}"}}', "{}"])
def test_openim_passes_and_refuses(client: TestClient, content: str) -> None:
    command = "callbackBeforeSendSingleMsgCommand"

    def send(text: str) -> dict[str, Any]:
        body = {"sendID": "agent", "recvID": "buyer", "contentType": 101, "content": content.format(text)}
        return _post(client, f"openim/{command}?contenttype=json", {**body, "callbackCommand": command})

    assert send(CLEAN) == {"actionCode": 0, "errCode": 0, "errMsg": "", "errDlt": "", "nextCode": 0}
    refused = send(BREACH)
    assert (refused["nextCode"], refused["errCode"]) == (1, 20001)
    assert "微信" in refused["errDlt"]


def _stream(text: str) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"message": {"id": "", "text": text, "type": "regular"}, "user": {"id": "agent"}}).encode()
    return body, {"X-Signature": hmac.new(b"str3am", body, hashlib.sha256).hexdigest()}


def test_stream_passes_refuses_and_replaces(client: TestClient) -> None:
    def send(text: str, options: str = "") -> dict[str, Any]:
        body, headers = _stream(text)
        answer = client.post(f"/integrations/stream?platform=pdd{options}", content=body, headers=headers)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    assert send(CLEAN) == {}
    refused = send(BREACH)["message"]
    assert refused["type"] == "error"
    assert "微信" in refused["text"]
    replaced = send(MILD, "&replace=safe&refuse=warn")["message"]
    assert replaced == {"id": "", "text": "这款是很不错的面料哦", "type": "regular"}


def test_stream_calls_with_a_wrong_signature_are_turned_away(client: TestClient) -> None:
    body, _ = _stream(CLEAN)
    answer = client.post("/integrations/stream?platform=pdd", content=body, headers={"X-Signature": "0"})
    assert answer.status_code == 403


def test_matrix_antispam_passes_with_200_and_refuses_with_our_words(client: TestClient) -> None:
    def send(text: str) -> tuple[int, dict[str, Any]]:
        event = {"type": "m.room.message", "sender": "@agent:shop.test", "content": {"msgtype": "m.text", "body": text}}
        answer = client.post("/integrations/matrix/check_event_for_spam?platform=pdd", json={"event": event})
        return answer.status_code, answer.json()

    assert send(CLEAN) == (200, {})
    status, body = send(BREACH)
    assert (status, body["errcode"]) == (403, "M_FORBIDDEN")
    assert "依据" in body["error"]


def test_the_neutral_form_rules_on_several_texts(client: TestClient) -> None:
    assert _post(client, "message", {"text": CLEAN}) == {"outcome": "send", "texts": [CLEAN], "explanation": ""}
    assert _post(client, "message", {"texts": ["加我微", "信"]})["outcome"] == "refuse"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("dify", {"point": "app.moderation.output"}),
        ("dify", {"point": "unknown", "params": {}}),
        (LITELLM, {"input_type": "answer", "texts": []}),
        (LITELLM, {"input_type": "response", "texts": [1]}),
        ("openim/callbackBeforeSendSingleMsgCommand", {"content": 5}),
        ("matrix/check_event_for_spam", {}),
        ("message", {"texts": []}),
    ],
)
def test_a_malformed_call_is_told_so(client: TestClient, path: str, body: Any) -> None:
    answer = client.post(f"/integrations/{path}?platform=pdd", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_an_unknown_platform_is_told_so(client: TestClient) -> None:
    assert client.post("/integrations/message?platform=ebay", json={"text": CLEAN}).status_code == 422


def test_a_tool_without_its_secret_is_not_served(checker: Checker) -> None:
    app = FastAPI()
    app.include_router(hook_router(lambda _: checker))
    answer = TestClient(app).post("/integrations/easemob?platform=pdd", json=_easemob(CLEAN))
    assert answer.status_code == 503
