"""HTTP/1.1 with bounds that the server lacks: how long and how large the head of a request may be."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from compliance.serve.bodies import to_json
from compliance.serve.logs import LOGGER
from compliance.serve.problems import MEDIA_TYPE, ProblemError

__all__ = ["GuardedProtocol"]

_LARGEST: Final = 32 << 10
"""Bytes of a request's line and headers."""
_LONGEST: Final = 10.0
"""Seconds from the connection, or the first byte of a further request, to the end of its headers."""
_REASONS: Final = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class GuardedProtocol(HttpToolsProtocol):
    """One connection. A client that sends its head too slowly, or too much of it, is answered and cut off."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._head: int | None = 0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._patience = self.loop.call_later(_LONGEST, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head is too large already."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > _LARGEST:
                self._too_large()

    def on_message_begin(self) -> None:
        """Begin to count the head of a request."""
        super().on_message_begin()
        self._head = 0
        if self._patience is None:
            self._patience = self.loop.call_later(_LONGEST, self._late)

    def on_headers_complete(self) -> None:
        """Pass the request on, unless its head came whole but is too large."""
        self._stop_waiting()
        self._head = None
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > _LARGEST:
            self._too_large()
        else:
            super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the form of all our errors."""
        self._cut(ProblemError("not-http", msg))

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _late(self) -> None:
        self._patience = None
        if self._head:
            self._cut(ProblemError("too-slow", f"the headers did not arrive in {_LONGEST:g} s"))
        else:  # connected and said nothing: there is nothing to answer
            self.transport.close()

    def _too_large(self) -> None:
        self._cut(ProblemError("headers-too-large", f"line and headers may have {_LARGEST} bytes together"))

    def _cut(self, problem: ProblemError) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        LOGGER.info("cut", extra={"status": problem.status, "problem": problem.kind})
        content = to_json(problem.document())
        head = (
            f"HTTP/1.1 {problem.status} {_REASONS[problem.status]}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()
