"""The adapters as HTTP routes under ``/integrations``.

Every route takes ``platform`` in its address, and ``replace=safe`` or ``refuse=warn`` where the shop wants it: the chat
tool is configured with an address, and nothing else of it can carry our options.

Annotations are evaluated here, because FastAPI reads them and they name what only :func:`hook_router` knows.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from compliance.checker import Checker
from compliance.errors import InputError
from compliance.hooks import dify, easemob, litellm, matrix_antispam, mattermost, openim, stream_chat, tencent_im
from compliance.hooks.guard import Guard
from compliance.hooks.ruling import Outcome, Policy

__all__ = ["Secrets", "hook_router"]

_HOLDBACK = 24
"""Characters a streaming proxy is asked to keep back: longer than nearly every phrase that is looked for."""

_VERDICT = "X-Compliance-Outcome"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the chat tools sign their calls with; a tool without its secret is not served.

    Attributes:
        tencent_sdkappid: the application whose callbacks are answered; it stands in their address.
        easemob: the callback secret of the Easemob console.
        stream: the API secret of Stream Chat.
    """

    tencent_sdkappid: str | None = None
    easemob: str | None = None
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    body: bytes
    payload: Mapping[str, Any]
    guard: Guard


def hook_router(checker: Callable[[str | None], Checker], secrets: Secrets | None = None) -> APIRouter:
    """Return the routes; ``checker`` gives the checker of a shop profile, or of none.

    The checker is asked for with every call, so that a reload of the lexicon takes effect.
    """
    known = secrets or Secrets()
    router = APIRouter(prefix="/integrations", tags=["integrations"])

    async def read(
        request: Request,
        platform: Annotated[str | None, Query(description="whose rules apply")] = None,
        profile: Annotated[str | None, Query(description="shop profile")] = None,
        replace: Literal["never", "safe"] = "never",
        refuse: Literal["block", "warn"] = "block",
    ) -> _Call:
        body = await request.body()
        policy = Policy(refuse=refuse, replace=replace)
        return _Call(body, _parsed(body), Guard.embedded(checker(profile), platform=platform, policy=policy))

    Call = Annotated[_Call, Depends(read)]  # noqa: N806  a type

    @router.post("/message")
    def message(call: Call) -> dict[str, Any]:
        """Rule on ``{text}`` or ``{texts}`` in our own neutral form: for plugins that can speak any."""
        texts = call.payload.get("texts", [call.payload.get("text")])
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise InputError("give text, a string, or texts, a list of strings")
        ruling = call.guard.message(texts)
        return {"outcome": ruling.outcome.value, "texts": list(ruling.texts), "explanation": ruling.explanation}

    @router.post("/dify")
    def dify_extension(call: Call) -> dict[str, Any]:
        """Dify API extension for moderation."""
        return dify.answer(call.payload, call.guard)

    @router.post("/litellm/beta/litellm_basic_guardrail_api")
    def litellm_guardrail(call: Call) -> dict[str, Any]:
        """LiteLLM generic guardrail."""
        return litellm.answer(call.payload, call.guard, _HOLDBACK)

    @router.post("/tencent-im")
    def tencent(request: Request, call: Call) -> dict[str, Any]:
        """Tencent Cloud IM callbacks before a message is sent."""
        _demand(known.tencent_sdkappid, lambda appid: request.query_params.get("SdkAppid") == appid)
        return tencent_im.answer(call.payload, call.guard.message)

    @router.post("/easemob")
    def easemob_callback(call: Call) -> dict[str, Any]:
        """Easemob pre-send callback."""
        _demand(known.easemob, partial(easemob.signed, call.payload))
        return easemob.answer(call.payload, call.guard)

    @router.post("/openim/{command}")
    def openim_webhook(command: str, call: Call) -> dict[str, Any]:
        """OpenIM webhooks before a message is sent; OpenIM appends the command to the address."""
        return openim.answer({"callbackCommand": command, **call.payload}, call.guard)

    @router.post("/stream")
    def stream(request: Request, call: Call) -> dict[str, Any]:
        """Stream Chat before-message-send webhook."""
        signature = request.headers.get("X-Signature", "")
        _demand(known.stream, lambda secret: stream_chat.signed(call.body, signature, secret))
        return stream_chat.answer(call.payload, call.guard)

    @router.post("/matrix/check_event_for_spam")
    def matrix(call: Call) -> Response:
        """Synapse through the module synapse-http-antispam."""
        status, body = matrix_antispam.answer(call.payload, call.guard)
        return JSONResponse(body, status)

    @router.post("/mattermost")
    def mattermost_gate(call: Call) -> Response:
        """Body of a request to Mattermost's REST API, from the gate in front of it.

        The header tells a verdict from an error of any other part of the way.
        """
        answer = mattermost.answer(call.payload, call.guard.message)
        status = 400 if answer.outcome is Outcome.REFUSE else 200
        body = json.dumps(answer.body)
        return Response(body, status, {_VERDICT: answer.outcome.value}, "application/json")

    return router


def _demand(secret: str | None, valid: Callable[[str], bool]) -> None:
    if secret is None:
        raise HTTPException(503, "this integration has no secret yet: see docs/hooks.md")
    if not valid(secret):
        raise HTTPException(403, "the call is not signed as configured")


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "the body is not UTF-8 JSON") from None
    if not isinstance(payload, dict):
        raise InputError("the body must be an object")
    return payload
