"""Is it alive, is it ready, what are the numbers; reload on demand; what hooks let pass."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from compliance.errors import InputError
from compliance.serve.bodies import read_object, to_json
from compliance.serve.openapi import described, json_answer, json_body
from compliance.serve.service import Service
from compliance.wire import verdict_schema

__all__ = ["health_router"]

_HOOK = re.compile(r"[a-z0-9-]{1,32}")
_MOST_UNCHECKED = 1_000_000


class _SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


def health_router(service: Service) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["operation"])

    def bundle() -> dict[str, str]:
        served = service.engine.serving.bundle
        return {"version": served.version, "hash": served.hash}

    @router.get("/healthz", response_model=None, responses={200: json_answer("Health", "The process is alive.")})
    async def healthz() -> dict[str, Any]:
        """Tell that the process is alive, and which lexicon it serves."""
        return {"status": "ok", "bundle": bundle()}

    @router.get(
        "/readyz",
        response_model=None,
        responses={200: json_answer("Ready", "It takes requests."), 503: json_answer("Ready", "It is stopping.")},
    )
    async def readyz() -> Response:
        """Tell whether requests are welcome, how the last reload went and what each worker serves.

        A lexicon that could not be loaded does not make the service unready: the old one goes on. `reload.problems`
        says what is wrong with the new one.
        """
        status = service.reloader.status
        state = "stopping" if service.draining else "degraded" if status.problems else "ok"
        workers = service.reloader.workers()
        content = {
            "status": state,
            "bundle": bundle(),
            "agreed": len({worker["bundle"] for worker in workers}) == 1,
            "reload": status.to_dict(),
            "workers": workers,
        }
        return Response(to_json(content), 503 if service.draining else 200, media_type="application/json")

    @router.get(
        "/metrics",
        response_model=None,
        responses=described({"description": "Prometheus text format.", "content": {"text/plain": {}}}),
        dependencies=[service.demand("metrics")],
    )
    async def metrics() -> Response:
        """Numbers for Prometheus: verdicts by rule and action, latencies, reloads, refusals; never text."""
        return Response(service.metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.post(
        "/v1/reload",
        response_model=None,
        responses=described(json_answer("ReloadAnswer", "How it went; the old lexicon stays if it failed.")),
        dependencies=[service.demand("admin")],
    )
    async def reload(request: Request) -> Response:
        """Load lexicons, profiles and keys anew, in all workers, and wait until it is done."""
        status = await run_in_threadpool(service.reloader.reload)
        request.scope["serving"] = service.engine.serving
        content = status.to_dict() | {"bundle": bundle()}
        return Response(to_json(content), media_type="application/json")

    @router.post(
        "/v1/unchecked",
        status_code=204,
        response_model=None,
        responses=described({"description": "Counted."}, status=204),
        openapi_extra=json_body("Unchecked"),
        dependencies=[service.demand("lint")],
    )
    async def unchecked(request: Request) -> Response:
        """Count messages that a hook let pass without a verdict because it could not reach the service in time."""
        told, _ = await read_object(request)
        hook, count = told.get("hook"), told.get("count")
        if set(told) != {"hook", "count"}:
            raise InputError("give hook and count, and nothing else")
        if not isinstance(hook, str) or not _HOOK.fullmatch(hook):
            raise InputError("hook must be 1 to 32 small letters, digits and hyphens")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= _MOST_UNCHECKED:
            raise InputError(f"count must be a whole number from 1 to {_MOST_UNCHECKED}")
        service.metrics.count_unchecked(hook, count)
        return Response(status_code=204)

    @router.get("/v1/schemas/verdict", response_model=None, response_class=_SchemaResponse, tags=["check"])
    async def verdict() -> Response:
        """Return the published JSON Schema of a verdict, the same file that comes with the package."""
        return _SchemaResponse(verdict_schema())

    return router
