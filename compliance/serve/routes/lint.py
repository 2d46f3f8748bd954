"""``POST /v1/lint``: one message or one conversation."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from compliance.serve.bodies import read_object, to_json
from compliance.serve.openapi import described, json_answer, json_body
from compliance.serve.records import checked, note_verdict
from compliance.serve.service import Service, serving_of

__all__ = ["lint_router"]

_QUICK: Final = 8_000
"""Bodies up to this size are checked at once: a hop to a thread would take longer than the check."""


def lint_router(service: Service) -> APIRouter:
    """Return the route."""
    router = APIRouter(prefix="/v1", tags=["check"], dependencies=[service.demand("lint")])

    @router.post(
        "/lint",
        response_model=None,
        responses=described(json_answer("Verdict", "The verdict.")),
        openapi_extra=json_body("LintRequest"),
    )
    async def lint(request: Request) -> Response:
        """Check one message or one conversation.

        Give either `text` or `messages`. Words that are split over several messages are found in `messages`.
        """
        record, size = await read_object(request)
        serving = serving_of(request)

        def check() -> tuple[bytes, dict[str, Any]]:
            verdict = checked(record, serving, service.metrics)
            return to_json(verdict), verdict

        content, verdict = check() if size <= _QUICK else await run_in_threadpool(check)
        note_verdict(request.scope, verdict)
        return Response(content, media_type="application/json")

    @router.post(
        "/echo",
        response_model=None,
        responses=described(json_answer("Echo", "What was sent.")),
        openapi_extra=json_body("LintRequest"),
    )
    async def echo(request: Request) -> Response:
        """Send the request back unchecked: everything that `/v1/lint` does but the check, to measure by."""
        record, _ = await read_object(request)
        return Response(to_json(record), media_type="application/json")

    return router
