"""What all routes share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi import Depends, Request

from compliance.serve.access import Access
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
        draining: the worker is stopping and wants no new work.
    """

    settings: Settings
    engine: Engine
    access: Access
    metrics: Metrics
    reloader: Reloader
    heavy: InFlight
    streams: InFlight
    draining: bool = False
    extras: dict[str, Any] = field(default_factory=dict)

    def demand(self, scope: str) -> Any:
        """Return the dependency of a router whose callers need a scope."""
        return Depends(self.access.demand(scope))


def serving_of(request: Request) -> Serving:
    """Return what was served when the request came, so that a reload does not change it midway."""
    serving: Serving = request.scope["serving"]
    return serving
