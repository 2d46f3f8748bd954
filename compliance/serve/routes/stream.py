"""``/v1/lint/stream``: text that arrives in pieces, over a WebSocket or as lines of one request.

Both speak the same objects. First how to check (``platform``, ``context``, ``profile``, ``hold``), then pieces; the end
of the text is ``{"end": true}`` or the end of the request. Answers are events: ``release`` with text to show,
``stop`` with the verdict, ``done`` with the verdict on the whole, ``error``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import APIRouter, Request, Response, WebSocket
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from compliance.serve.bodies import to_json
from compliance.serve.openapi import NDJSON, described, ndjson_answer, ndjson_body
from compliance.serve.problems import ProblemError
from compliance.serve.service import Service
from compliance.serve.talk import Talk

__all__ = ["stream_router"]

_CLOSE_POLICY, _CLOSE_NORMAL = 1008, 1000
_END = b'{"end": true}'


def stream_router(service: Service) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1", tags=["check"])

    @router.post(
        "/lint/stream",
        response_model=None,
        responses=described(ndjson_answer("StreamEvent", "Events, one a line, as soon as they are known.")),
        openapi_extra=ndjson_body("StreamRequest"),
        dependencies=[service.demand("lint")],
    )
    async def stream(request: Request) -> Response:
        """Check a text while it arrives: hold back what could still become a breach, release the rest at once.

        The request is read while the answer is written, one JSON object a line. The first says how to check
        (`platform`, `context`, `profile`, and `hold`: `block`, the default, or `warn`), each further one is a
        `{"piece": "..."}`. Clients that cannot write and read at the same time use the WebSocket of the same address.
        """
        service.streams.enter()
        service.metrics.streams.inc()
        return _Duplex(_lines(request, Talk(service, request.scope["serving"]), service))

    @router.websocket("/lint/stream")
    async def socket(socket: WebSocket) -> None:
        """Do the same over a WebSocket: one JSON object a message."""
        try:
            service.access.check(socket, "lint")
            service.streams.enter()
        except ProblemError as problem:
            await socket.close(_CLOSE_POLICY, problem.kind)
            return
        service.metrics.streams.inc()
        talk = Talk(service, socket.scope["serving"])
        try:
            await socket.accept()
            while not talk.over:
                said = await asyncio.wait_for(socket.receive_text(), service.settings.body_timeout)
                for event in await talk.hear(said.encode("utf-8", "surrogatepass")):
                    await socket.send_text(json.dumps(event))
            await socket.close(_CLOSE_NORMAL)
        except TimeoutError:
            with suppress(RuntimeError, WebSocketDisconnect):  # it left meanwhile
                await socket.close(_CLOSE_POLICY, "too-slow")
        except (WebSocketDisconnect, KeyError):  # gone, or bytes where text is spoken
            with suppress(RuntimeError):  # it is closed already
                await socket.close(_CLOSE_POLICY)
        finally:
            service.streams.leave()
            service.metrics.streams.dec()

    return router


class _Duplex(Response):
    """An answer that is written while the request is read; the usual one reads too, to see the client leave."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self._lines = lines
        self.status_code = 200
        self.background = None
        self.raw_headers = [(b"content-type", NDJSON.encode()), (b"x-accel-buffering", b"no")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send what comes, until the client is gone."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with suppress(ClientDisconnect, TimeoutError):
            async for line in self._lines:
                await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _lines(request: Request, talk: Talk, service: Service) -> AsyncIterator[bytes]:
    try:
        pending = b""
        async for chunk in request.stream():
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                for event in await talk.hear(line) if line.strip() and not talk.over else ():
                    yield to_json(event) + b"\n"
            if talk.over:
                return
        for line in (pending, _END):
            for event in await talk.hear(line) if line.strip() and not talk.over else ():
                yield to_json(event) + b"\n"
    except ProblemError as problem:  # too slow or too large
        yield to_json({"event": "error", "error": problem.document()}) + b"\n"
    finally:
        service.streams.leave()
        service.metrics.streams.dec()
