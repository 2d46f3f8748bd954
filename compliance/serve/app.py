"""``POST /v1/lint`` and ``GET /healthz``: the same verdict as everywhere else.

Requests carry ``{id, text | messages, platform, context}``, as lines of ``compliance check --jsonl`` do. Message text
never reaches a log: errors name the place, not the content.
"""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from compliance.checker import Checker
from compliance.errors import ComplianceError, InputError
from compliance.hooks.routes import Secrets, hook_router
from compliance.model import Context
from compliance.records import check_record
from compliance.wire import verdict_schema, verdict_to_dict

__all__ = ["create_app"]

_LARGEST: Final = 2 << 20
"""Bytes of the largest request body that is read."""
_QUICK: Final = 20_000
"""Bodies up to this size are checked at once: a hop to a thread would take longer than the check."""


def create_app(checker: Checker | None = None, secrets: Secrets | None = None) -> FastAPI:
    """Build the application around one checker; ``secrets`` are those of the chat tools that call it."""
    judge = Checker() if checker is None else checker
    app = FastAPI(title="compliance", version=judge.bundle.version, description="Checks chat messages before sending.")

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        """Tell that the service is ready, and with which lexicon."""
        return {"status": "ok", "bundle": {"version": judge.bundle.version, "hash": judge.bundle.hash}}

    answers: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": _schema()}}}}

    @app.post("/v1/lint", response_model=None, responses=answers)
    async def lint(request: Request) -> Response:
        """Check one message or conversation."""
        body = await _body(request)
        record = _parsed(body)

        def check() -> bytes:
            verdict = check_record(record, judge, None, Context())
            return json.dumps(verdict_to_dict(verdict), ensure_ascii=False).encode("utf-8", "surrogatepass")

        content = check() if len(body) <= _QUICK else await run_in_threadpool(check)
        return Response(_plain(content), media_type="application/json")

    @app.exception_handler(ComplianceError)
    async def refused(_: Request, error: ComplianceError) -> JSONResponse:
        status = 413 if isinstance(error, _TooLargeError) else 422
        return JSONResponse({"error": {"message": str(error)}}, status_code=status)

    app.include_router(hook_router(lambda _: judge, secrets))
    return app


class _TooLargeError(InputError):
    pass


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for chunk in request.stream():
        parts += chunk
        if len(parts) > _LARGEST:
            raise _TooLargeError(f"the body is larger than {_LARGEST} bytes; split it into several requests")
    return bytes(parts)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (UnicodeDecodeError, RecursionError):
        raise InputError("the body is not UTF-8 JSON") from None
    except json.JSONDecodeError as error:
        raise InputError(f"the body is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None


def _plain(content: bytes) -> bytes:
    """Write lone surrogates as escapes: their bytes would be no UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return json.dumps(json.loads(content.decode("utf-8", "surrogatepass"))).encode()
    return content


def _schema() -> dict[str, Any]:
    return {key: value for key, value in verdict_schema().items() if not key.startswith("$")}
