"""Numbers for Prometheus. Labels are rule codes, actions, routes and reasons; never text, never a caller's words.

With several workers ``PROMETHEUS_MULTIPROC_DIR`` names a folder in which they add up; ``compliance serve`` sets it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

__all__ = ["Metrics"]

_SECONDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_MOST_HOOKS: Final = 50
"""Names of hooks that are told apart, so that a caller cannot make labels without end."""


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._hooks: set[str] = set()
        self.requests = Counter(
            "compliance_requests", "Requests answered.", ("route", "method", "status"), registry=registry
        )
        self.seconds = Histogram(
            "compliance_request_seconds", "From request to answer.", ("route",), buckets=_SECONDS, registry=registry
        )
        self._verdicts = Counter("compliance_verdicts", "Verdicts given.", ("platform", "decision"), registry=registry)
        self._findings = Counter("compliance_findings", "Findings by rule.", ("code", "action"), registry=registry)
        self.refusals = Counter("compliance_refusals", "Requests refused.", ("problem",), registry=registry)
        self.unchecked = Counter(
            "compliance_passed_unchecked", "Messages that passed without a verdict (fail open).", ("hook",),
            registry=registry,
        )  # fmt: skip
        self.reloads = Counter("compliance_reloads", "Reloads of the lexicons.", ("result",), registry=registry)
        self._bundle = Gauge(
            "compliance_bundle_workers", "Workers that serve a bundle.", ("version", "hash"),
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self.streams = Gauge(
            "compliance_streams_open", "Streamed texts in progress.", registry=registry, multiprocess_mode="livesum"
        )
        self._checks = Histogram(
            "compliance_check_seconds", "Time in the checker alone.", buckets=_SECONDS, registry=registry
        )
        self._known: dict[tuple[str, ...], Any] = {}

    def count_verdict(self, verdict: Mapping[str, Any], seconds: float | None = None) -> None:
        """Count a verdict in its wire form, and what it took to find."""
        self._child(self._verdicts, verdict["platform"], verdict["decision"]).inc()
        for finding in verdict["findings"]:
            self._child(self._findings, finding["code"], finding["action"]).inc()
        if seconds is not None:
            self._checks.observe(seconds)

    def count_unchecked(self, hook: str, count: int) -> None:
        """Count messages that a hook let pass without a verdict."""
        if hook not in self._hooks and len(self._hooks) >= _MOST_HOOKS:
            hook = "other"
        self._hooks.add(hook)
        self.unchecked.labels(hook).inc(count)

    def serving(self, version: str, digest: str, before: tuple[str, str] | None = None) -> None:
        """Tell which bundle this worker serves now, and which it served before."""
        if before is not None:
            self._bundle.labels(*before).set(0)
        self._bundle.labels(version, digest).set(1)

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._child(self.requests, route, method, str(status)).inc()
        self._child(self.seconds, route).observe(seconds)

    def page(self) -> bytes:
        """Return the text that Prometheus reads, of all workers together."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # it is not annotated
        return generate_latest(together)

    def _child(self, metric: Any, *labels: str) -> Any:
        """Return a metric's child without the validation that ``labels`` repeats each time."""
        key = (metric._name, *labels)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = metric.labels(*labels)
        return found
