"""``POST /v1/rewrite``: the words that can be sent instead."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from compliance.errors import InputError
from compliance.serve.bodies import read_object, to_json
from compliance.serve.engine import Serving
from compliance.serve.openapi import described, json_answer, json_body
from compliance.serve.records import checked, note_verdict
from compliance.serve.service import Service, serving_of

__all__ = ["rewrite_router"]

_TIERS = ("safe", "unsafe")


def rewrite_router(service: Service) -> APIRouter:
    """Return the route."""
    router = APIRouter(prefix="/v1", tags=["check"], dependencies=[service.demand("lint")])

    @router.post(
        "/rewrite",
        response_model=None,
        responses=described(json_answer("RewriteAnswer", "What to send.")),
        openapi_extra=json_body("RewriteRequest"),
    )
    async def rewrite(request: Request) -> Response:
        """Rewrite one message so that it may be sent.

        `tier` is the boldest change that is applied: `safe` (the default) keeps the meaning, `unsafe` needs the
        agent's yes. What is bolder is only offered. A rewrite that is applied always checks clean.
        """
        record, _ = await read_object(request)
        serving = serving_of(request)
        answer = await run_in_threadpool(_rewritten, record, serving, service)
        note_verdict(request.scope, answer["verdict"])
        return Response(to_json(answer), media_type="application/json")

    return router


def _rewritten(record: dict[str, Any], serving: Serving, service: Service) -> dict[str, Any]:
    tier = record.pop("tier", "safe")
    if tier not in _TIERS:
        raise InputError(f"tier must be one of {', '.join(_TIERS)}")
    text = record.get("text")
    if not isinstance(text, str):
        raise InputError("give text, a string; conversations are checked by /v1/lint")
    verdict = checked(record, serving, service.metrics)
    offered = verdict["rewrite"]
    apply = offered is not None and _TIERS.index(offered["tier"]) <= _TIERS.index(tier)
    return {
        "id": verdict["id"],
        "text": offered["text"] if apply else text,
        "changed": apply,
        "sendable": apply or verdict["decision"] != "block",
        "offered": offered,
        "verdict": verdict,
    }
