"""What all routes share."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import Depends, Request

from compliance.serve.access import Access
from compliance.serve.audits import AuditStore
from compliance.serve.engine import Engine, Serving
from compliance.serve.limits import InFlight
from compliance.serve.metrics import Metrics
from compliance.serve.reload import Reloader
from compliance.serve.settings import Settings

__all__ = ["Service", "serving_of"]


@dataclass(slots=True)
class Service:
    """The parts of one running application.

    Attributes:
        heavy: batches and audits in progress.
        streams: streamed texts in progress.
        audits: uploaded logs and reports; ``None`` where there is no private folder.
        draining: the worker is stopping and wants no new work.
        auditing: held by the audit that this worker is busy with.
    """

    settings: Settings
    engine: Engine
    access: Access
    metrics: Metrics
    reloader: Reloader
    heavy: InFlight
    streams: InFlight
    audits: AuditStore | None
    draining: bool = False
    auditing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def demand(self, scope: str) -> Any:
        """Return the dependency of a router whose callers need a scope."""
        return Depends(self.access.demand(scope))

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the request, until the worker stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what is going on in the background."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def serving_of(request: Request) -> Serving:
    """Return what was served when the request came, so that a reload does not change it midway."""
    serving: Serving = request.scope["serving"]
    return serving
