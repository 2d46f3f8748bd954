"""``POST /v1/lint/batch``: many records in, one answer a line out, in the same order."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from compliance.errors import ComplianceError
from compliance.serve.bodies import parse_json, to_json
from compliance.serve.engine import Serving
from compliance.serve.openapi import described, ndjson_answer, ndjson_body
from compliance.serve.problems import ProblemError, from_core
from compliance.serve.records import checked
from compliance.serve.service import Service, serving_of

__all__ = ["batch_router"]

_SLICE: Final = 0.02
"""Seconds of work between two looks at other requests."""
_SPACE: Final = b" \t\r\n"

Platform = Annotated[str | None, Query(description="platform of records that name none")]
Profile = Annotated[str | None, Query(description="shop profile of records that name none")]


def batch_router(service: Service) -> APIRouter:
    """Return the route."""
    router = APIRouter(prefix="/v1", tags=["check"], dependencies=[service.demand("lint")])

    @router.post(
        "/lint/batch",
        response_model=None,
        responses=described(ndjson_answer("BatchAnswer", "One verdict or error a line, in the order of the records.")),
        openapi_extra=ndjson_body("LintRequest"),
    )
    async def batch(request: Request, platform: Platform = None, profile: Profile = None) -> StreamingResponse:
        """Check many messages or conversations.

        The body is one JSON object a line, or a JSON array of such objects. A record that cannot be used gets an
        `error` with its number in the place of its verdict; the others go on.
        """
        service.heavy.enter()
        try:
            records = _records(await request.body(), service.settings.max_batch_items)
        except BaseException:
            service.heavy.leave()
            raise
        work = _answers(records, serving_of(request), service, platform, profile)
        return StreamingResponse(_released(work, service), media_type="application/x-ndjson")

    return router


def _records(body: bytes, most: int) -> list[bytes | Any]:
    """Return the records, those of lines still unparsed."""
    if body.lstrip(_SPACE)[:1] == b"[":
        items: list[bytes | Any] = parse_json(body)
    else:
        items = [line for line in body.splitlines() if line.strip(_SPACE)]
    if len(items) > most:
        raise ProblemError("too-large", f"{len(items)} records; a batch may have {most}")
    return items


async def _released(work: Iterator[bytes], service: Service) -> AsyncIterator[bytes]:
    """Send the answers in slices, so that a long batch does not keep others waiting."""
    try:
        while part := await run_in_threadpool(_slice, work):
            yield part
    finally:
        service.heavy.leave()


def _slice(work: Iterator[bytes]) -> bytes:
    part, until = bytearray(), time.perf_counter() + _SLICE
    for line in work:
        part += line
        if time.perf_counter() >= until:
            break
    return bytes(part)


def _answers(
    records: list[bytes | Any], serving: Serving, service: Service, platform: str | None, shop: str | None
) -> Iterator[bytes]:
    for number, item in enumerate(records, 1):
        record = None
        try:
            record = parse_json(item) if isinstance(item, bytes) else item
            answer = checked(record, serving, service.metrics, platform=platform, shop=shop)
        except (ComplianceError, ProblemError) as error:
            problem = from_core(error) if isinstance(error, ComplianceError) else error
            id_ = record.get("id") if isinstance(record, dict) else None
            answer = {"id": id_, "error": problem.document() | {"record": number}}
        yield to_json(answer) + b"\n"
