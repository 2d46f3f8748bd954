"""One worker: serves until told to stop, then drains.

A stopping worker says so in ``/readyz`` and asks every client to close its connection after the next answer, but takes
requests for some more seconds. Only then it closes its door and finishes what it began. So neither a request on an open
connection nor one that a load balancer still sends is lost.
"""

from __future__ import annotations

import socket
import time
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from compliance.serve.protocol import GuardedProtocol
from compliance.serve.service import Service

__all__ = ["serve"]

_FINISH: Final = 30
"""Seconds for requests that are going on when the door is closed."""
_BACKLOG: Final = 2048
"""Connections that wait to be taken."""


class _Server(uvicorn.Server):
    """A server that drains before it stops."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; told a second time, stop at once."""
        if self._until is None and self._service.settings.drain > 0:
            self._service.draining = True
            self._until = time.monotonic() + self._service.settings.drain
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Stop when draining is over."""
        if self._until is not None and time.monotonic() >= self._until:
            self.should_exit = True
        return await super().on_tick(counter)


def serve(app: FastAPI, sock: socket.socket) -> None:
    """Serve an application on a bound socket until the process is told to stop."""
    config = uvicorn.Config(
        app,
        http=GuardedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_FINISH,
        ws_max_size=1 << 20,
    )
    _Server(config, app.state.service).run(sockets=[sock])
