"""The outermost layer: request id, size, patience, load, version, one log line and the numbers, for every request.

Pure ASGI, because every request pays for it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compliance.serve.limits import InFlight
from compliance.serve.logs import LOGGER, place_of
from compliance.serve.problems import ProblemError, problem_response
from compliance.serve.service import Service
from compliance.serve.settings import Settings

__all__ = ["Edge"]

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_ALWAYS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Answered however busy the service is."""
_PAGE_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class Edge:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, settings: Settings, service: Service, in_flight: InFlight) -> None:
        self._app, self.service, self.in_flight = app, service, in_flight
        self.patience = settings.body_timeout
        self._sizes: Mapping[str, int] = {"/v1/lint/batch": settings.max_batch, "/v1/audits": settings.max_upload}
        self._size = settings.max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            scope["request_id"] = _request_id(scope)
            scope["serving"] = self.service.engine.serving
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(self, scope, receive, send)
        await exchange.run(self._app)

    def limit(self, scope: Scope) -> int:
        """Return the bytes that a request may have."""
        return self._sizes.get(scope["path"], self._size)


class _Exchange:
    """One request and its answer."""

    __slots__ = ("_complete", "_edge", "_left", "_receive", "_scope", "_send", "_size", "started", "status")

    def __init__(self, edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
        self._edge, self._scope, self._receive, self._send = edge, scope, receive, send
        self._size = self._left = edge.limit(scope)
        self._complete = False
        self.started = time.perf_counter()
        self.status = 0
        scope["request_id"] = _request_id(scope)
        scope["serving"] = edge.service.engine.serving

    async def run(self, app: ASGIApp) -> None:
        """Let the application answer, and answer what it cannot."""
        edge, scope = self._edge, self._scope
        always = scope["path"] in _ALWAYS
        problem: ProblemError | None = None
        try:
            if not always:
                edge.in_flight.enter()
        except ProblemError as error:
            problem = error
        else:
            try:
                self._refuse_announced()
                await app(scope, self._bounded_receive, self._annotated_send)
            except ProblemError as error:
                problem = error
            except Exception:
                kind, _, trace = sys.exc_info()
                if kind is not None:
                    LOGGER.error("failed", extra={"request_id": scope["request_id"], **place_of(kind, trace)})
                problem = ProblemError("internal", "the request could not be answered; the log tells more by this id")
            finally:
                if not always:
                    edge.in_flight.leave()
        if problem is not None:
            scope["problem"] = problem.kind
            if not self.status:
                response = problem_response(problem, scope["request_id"])
                await response(scope, self._receive, self._annotated_send)
        self._account()

    async def _discard(self) -> bool:
        """Read on for a moment, since many clients look at the answer only after they sent everything.

        Returns whether the whole request has come.
        """
        left = _DISCARDED
        try:
            async with asyncio.timeout(_LINGER):
                while not self._complete and left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        except TimeoutError:
            pass
        return self._complete

    def _refuse_announced(self) -> None:
        for name, value in self._scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > self._size:
                raise self._too_large()

    def _too_large(self) -> ProblemError:
        return ProblemError("too-large", f"more than {self._size} bytes; send it in several requests")

    async def _bounded_receive(self) -> Message:
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout(self._edge.patience):
                message = await self._receive()
        except TimeoutError:
            raise ProblemError("too-slow", f"nothing came for {self._edge.patience:g} s") from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise self._too_large()
            self._complete = not message.get("more_body", False)
        else:
            self._complete = True
        return message

    async def _annotated_send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"] = list(message.get("headers", ()))
            unread = self.status >= 400 and not self._complete and self._scope["method"] in _WITH_BODY
            if unread and not await self._discard():
                headers.append((b"connection", b"close"))
            headers += [
                (b"x-request-id", self._scope["request_id"].encode()),
                (b"compliance-bundle", self._scope["serving"].version.encode()),
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"no-referrer"),
            ]
            given = {name for name, _ in headers}
            headers += [header for header in _UNLESS_GIVEN if header[0] not in given]
            if self._edge.service.draining:
                headers.append((b"connection", b"close"))
        if message.get("more_body", False):
            async with asyncio.timeout(self._edge.patience):  # a client that does not read must not hold us
                await self._send(message)
        else:
            await self._send(message)

    def _account(self) -> None:
        scope, metrics = self._scope, self._edge.service.metrics
        seconds = time.perf_counter() - self.started
        path = getattr(scope.get("route"), "path", None) or "unmatched"
        metrics.observe(path, scope["method"] if scope["method"] in _METHODS else "other", self.status, seconds)
        if "problem" in scope:
            metrics.refusals.labels(scope["problem"]).inc()
        if LOGGER.isEnabledFor(logging.INFO):
            noted: dict[str, Any] = {name: scope[name] for name in _NOTED if name in scope}
            extra = {"route": path, "method": scope["method"], "status": self.status, "ms": round(seconds * 1000, 2)}
            LOGGER.info("request", extra=extra | {"bytes": self._size - self._left} | noted)


_UNLESS_GIVEN: Final = ((b"cache-control", b"no-store"), (b"content-security-policy", _PAGE_POLICY))
_DISCARDED: Final = 8 << 20
"""Bytes of a refused request that are read and thrown away before the connection is closed."""
_LINGER: Final = 1.0
"""Seconds for that."""
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NOTED: Final = ("request_id", "caller", "decision", "codes", "problem")


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(8)
