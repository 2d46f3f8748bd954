"""The page for people: plain files, no build step, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

__all__ = ["mount_page"]

_FOLDER: Final = Path(__file__).resolve().parents[1] / "static"
_KEEP: Final = {"Cache-Control": "no-cache"}
"""Browsers keep the files, and ask whether they have changed."""


class _Files(StaticFiles):
    def file_response(self, *args: Any, **keywords: Any) -> Response:
        response = super().file_response(*args, **keywords)
        response.headers.update(_KEEP)
        return response


def mount_page(app: FastAPI) -> None:
    """Add the page at ``/`` and its files."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def index() -> FileResponse:
        return FileResponse(_FOLDER / "index.html", headers=_KEEP)

    app.include_router(router)
    app.mount("/static", _Files(directory=_FOLDER), name="static")
