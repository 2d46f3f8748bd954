"""Put the application together."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from compliance.checker import Checker
from compliance.collector import keep_what_lives
from compliance.errors import ComplianceError
from compliance.hooks.routes import Secrets, hook_router
from compliance.lexicon.store import load_bundle
from compliance.private_cache import cache_folder
from compliance.serve import openapi
from compliance.serve.access import Access
from compliance.serve.audits import AuditStore
from compliance.serve.edge import Edge
from compliance.serve.engine import Engine, Serving, Shops, read_shops
from compliance.serve.keys import load_keyring
from compliance.serve.limits import InFlight, RateLimit
from compliance.serve.metrics import Metrics
from compliance.serve.problems import ProblemError, handle_problem
from compliance.serve.reload import Reloader
from compliance.serve.routes.audits import audits_router
from compliance.serve.routes.batch import batch_router
from compliance.serve.routes.health import health_router
from compliance.serve.routes.lint import lint_router
from compliance.serve.routes.page import mount_page
from compliance.serve.routes.profiles import profiles_router
from compliance.serve.routes.rewrite import rewrite_router
from compliance.serve.routes.rules import rules_router
from compliance.serve.routes.stream import stream_router
from compliance.serve.service import Service
from compliance.serve.settings import Settings, load_settings

__all__ = ["create_app", "load_serving"]

_DESCRIPTION = """Checks Chinese customer-service messages before they are sent: may it be sent, which words break which
rule, by which clause, and what to send instead.

Errors are problem details (RFC 9457). Every answer names the lexicon that it rests on in `Compliance-Bundle`, and the
request in `X-Request-Id`."""


def load_serving(settings: Settings) -> Serving:
    """Load lexicons and shops, and warm up, so that the first request is answered like any other: some seconds.

    Raises:
        ComplianceError: lexicons or a profile cannot be used.
    """
    shops = read_shops(settings.profile, settings.profiles)
    serving = Serving.build(Checker(load_bundle(settings.lexicons)), shops)
    keep_what_lives()
    serving.checker.warm_up()
    serving.warm_streams()
    keep_what_lives()
    return serving


def create_app(
    checker: Checker | None = None,
    secrets: Secrets | None = None,
    *,
    settings: Settings | None = None,
    serving: Serving | None = None,
) -> FastAPI:
    """Build the application.

    Args:
        checker: what to check with; its profile is the default one.
        secrets: those of the chat tools that call; none means those of the settings.
        settings: none means environment and file.
        serving: what to check with and for which shops, instead of ``checker``; with neither, all is loaded now.

    Raises:
        ComplianceError: a setting, lexicon, profile or key file cannot be used.
    """
    chosen = load_settings() if settings is None else settings
    if serving is None:
        serving = load_serving(chosen) if checker is None else Serving.build(checker, Shops(checker.profile))
    service = _service(chosen, serving)
    engine = service.engine
    app = FastAPI(
        title="compliance",
        version="1",
        description=_DESCRIPTION,
        lifespan=_lifespan(service),
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    app.state.service = service
    for kind in (ProblemError, ComplianceError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle_problem)
    for router in (
        lint_router(service),
        batch_router(service),
        stream_router(service),
        rewrite_router(service),
        rules_router(service),
        profiles_router(service),
        audits_router(service),
        health_router(service),
    ):
        app.include_router(router)
    mount_page(app)
    app.include_router(
        hook_router(engine.checker, secrets or _secrets(chosen)),
        dependencies=[service.demand("lint")],
        responses=openapi.problems(),
    )
    app.add_middleware(
        Edge,
        settings=chosen,
        service=service,
        in_flight=InFlight(chosen.concurrency, "requests"),
    )
    return app


def _service(settings: Settings, serving: Serving) -> Service:
    engine, metrics = Engine(serving), Metrics()
    keyring = None if settings.keys is None else load_keyring(settings.keys)
    cache = settings.state or cache_folder()
    folder = settings.audits or (cache / "serve" / "audits" if cache else None)
    access = Access(keyring, RateLimit(settings.rate, settings.burst))
    return Service(
        settings=settings,
        engine=engine,
        access=access,
        metrics=metrics,
        reloader=Reloader(settings, engine, access, metrics),
        heavy=InFlight(settings.heavy, "batches and audits"),
        streams=InFlight(settings.streams, "streamed texts"),
        audits=None if folder is None else AuditStore(folder, settings.audit_days),
    )


def _lifespan(service: Service):  # type: ignore[no-untyped-def]  # the framework's own type is this one
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.reloader.start()
        with suppress(NotImplementedError, RuntimeError, AttributeError, ValueError):  # not on every system or thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, service.reloader.ask)
        try:
            yield
        finally:
            await service.stop()
            service.reloader.stop()

    return lifespan


def _secrets(settings: Settings) -> Secrets:
    easemob, stream = settings.easemob_secret, settings.stream_secret
    return Secrets(
        tencent_sdkappid=settings.tencent_sdkappid,
        easemob=easemob.get_secret_value() if easemob else None,
        stream=stream.get_secret_value() if stream else None,
    )
