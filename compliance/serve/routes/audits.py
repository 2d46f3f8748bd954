"""``/v1/audits``: upload a chat log, follow its audit, fetch report and tables."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path as File
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from compliance.model import platform_id
from compliance.serve.audits import OUTPUTS, AuditStore
from compliance.serve.bodies import to_json
from compliance.serve.logs import LOGGER
from compliance.serve.openapi import described, json_answer
from compliance.serve.problems import ProblemError
from compliance.serve.service import Service, serving_of

__all__ = ["audits_router"]

Name = Annotated[str, Query(min_length=5, max_length=200, description="file name; its ending tells the format")]
Platform = Annotated[str | None, Query(description="whose rules apply, if no column of the log names it")]
Profile = Annotated[str | None, Query(description="id of a shop profile")]
Id = Annotated[str, Path(max_length=40, description="as returned by the upload")]
Output = Annotated[str, Path(max_length=40, examples=list(OUTPUTS))]

_UPLOAD = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}
_REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def audits_router(service: Service) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1/audits", tags=["audit"], dependencies=[service.demand("audit")])

    def store() -> AuditStore:
        if service.audits is None:
            raise ProblemError("not-configured", "there is no private folder for audits: start with --audits DIR")
        return service.audits

    def found(request: Request, id: str) -> dict[str, Any]:
        state = store().get(id, request.scope.get("caller"))
        if state is None:
            raise ProblemError("not-found", "there is no audit of this id")
        return state

    @router.post(
        "",
        status_code=202,
        response_model=None,
        responses=described(json_answer("Audit", "Taken; `Location` tells where to follow it."), status=202),
        openapi_extra=_UPLOAD,
    )
    async def upload(request: Request, name: Name, platform: Platform = None, profile: Profile = None) -> Response:
        """Upload a chat log; the body is the file. It is audited in the background and then deleted."""
        checker = serving_of(request).checker_of(profile)
        where = platform_id(platform) if platform else checker.profile.platform
        owner = request.scope.get("caller")
        id_, log = store().begin(name, owner)
        try:
            with log.open("wb") as stream:
                async for chunk in request.stream():
                    await run_in_threadpool(stream.write, chunk)
            if log.stat().st_size == 0:
                raise ProblemError("unusable", "the log is empty")
        except (ProblemError, ClientDisconnect, OSError) as error:
            store().remove(id_)
            if isinstance(error, OSError):
                raise ProblemError("busy", "the log could not be stored", headers={"Retry-After": "60"}) from None
            raise
        job = {"log": log.name, "platform": where, "profile": _profile_file(service, profile)}
        job["lexicons"] = str(service.settings.lexicons) if service.settings.lexicons else None
        (log.parent / "job.json").write_text(json.dumps(job), "utf-8")
        service.in_background(_run(service, log.parent))
        return Response(
            to_json(found(request, id_)), 202, {"Location": f"/v1/audits/{id_}"}, media_type="application/json"
        )

    @router.get("", response_model=None, responses=described(json_answer("AuditList", "The audits, newest first.")))
    def audits(request: Request) -> Response:
        """List the audits that were uploaded with this key."""
        listed = store().all(request.scope.get("caller"))
        return Response(to_json({"audits": listed}), media_type="application/json")

    @router.get("/{id}", response_model=None, responses=described(json_answer("Audit", "The audit."), 404))
    def audit(request: Request, id: Id) -> Response:
        """Tell how far an audit is."""
        return Response(to_json(found(request, id)), media_type="application/json")

    @router.delete("/{id}", status_code=204, response_model=None, responses=described(_NO_CONTENT, 404, status=204))
    def delete(request: Request, id: Id) -> Response:
        """Delete an audit with all its files."""
        found(request, id)
        store().remove(id)
        return Response(status_code=204)

    @router.get("/{id}/{file}", response_model=None, responses=described(_FILE, 404, 409))
    def output(request: Request, id: Id, file: Output) -> Response:
        """Fetch the report or a table."""
        state = found(request, id)
        if file not in OUTPUTS:
            raise ProblemError("not-found", f"an audit has these files: {', '.join(OUTPUTS)}")
        path = store().output(id, file, request.scope.get("caller"))
        if path is None:
            raise ProblemError("not-ready", f"the audit is {state['state']}; files are there when it is done")
        headers = {"Content-Security-Policy": _REPORT_POLICY, "Cache-Control": "private, no-store"}
        inline = "inline" if file == "report.html" else "attachment"
        kind = OUTPUTS[file]
        return FileResponse(path, headers=headers, media_type=kind, filename=file, content_disposition_type=inline)

    return router


_NO_CONTENT = {"description": "Deleted."}
_FILE = {"description": "The file.", "content": {kind.partition(";")[0]: {} for kind in OUTPUTS.values()}}


def _profile_file(service: Service, profile: str | None) -> str | None:
    folder, default = service.settings.profiles, service.settings.profile
    file = folder / f"{profile}.toml" if profile is not None and folder is not None else default
    return str(file) if file is not None else None


async def _run(service: Service, folder: File) -> None:
    """Let a process of its own do the audit, one at a time for each worker."""
    async with service.auditing:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "compliance.serve.audit_job",
            str(folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        LOGGER.info("audit ended", extra={"audit": folder.name, "result": code})
