"""Errors as RFC 9457 problem details, in plain words.

Every error of the service is a :class:`ProblemError`; what the core raises is translated here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from compliance.errors import ComplianceError, InputError

__all__ = ["MEDIA_TYPE", "ProblemError", "from_core", "handle_problem", "problem_response", "problem_schema"]

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:compliance:problem:"

_TITLES: Final = {
    "not-http": (400, "The request is not HTTP"),
    "not-json": (400, "The body is not JSON"),
    "no-key": (401, "An API key is needed"),
    "wrong-key": (401, "The API key is not valid"),
    "not-allowed": (403, "This key may not do that"),
    "foreign-page": (403, "Other web pages may not call this service"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This address does not take that method"),
    "too-slow": (408, "The request did not arrive in time"),
    "not-ready": (409, "It is not ready yet"),
    "too-large": (413, "The request is too large"),
    "unusable": (422, "The request cannot be used"),
    "too-many-requests": (429, "Too many requests"),
    "headers-too-large": (431, "The headers are too large"),
    "internal": (500, "The service made a mistake"),
    "busy": (503, "The service is busy"),
    "not-configured": (503, "This is not configured"),
}
"""Kind -> status and title. The kinds are the last part of ``type`` and never change their meaning."""

_BY_STATUS: Final = {404: "not-found", 405: "method-not-allowed", 403: "not-allowed", 503: "not-configured"}


class ProblemError(Exception):
    """An error with an answer of its own.

    Attributes:
        kind: one of the known kinds; it decides status and title.
        detail: what is wrong with this request and what to do; never holds message text.
        headers: sent with the answer.
        extra: more members of the problem document.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    @property
    def status(self) -> int:
        """The status code."""
        return _TITLES[self.kind][0]

    def document(self, request_id: str | None = None) -> dict[str, Any]:
        """Return the problem document."""
        status, title = _TITLES[self.kind]
        problem = {"type": _TYPE + self.kind, "title": title, "status": status, "detail": self.detail}
        if request_id is not None:
            problem["instance"] = f"urn:request:{request_id}"
        return problem | self.extra


def from_core(error: ComplianceError) -> ProblemError:
    """Translate an error of the core: bad input is the caller's, everything else a matter of configuration."""
    return ProblemError("unusable" if isinstance(error, InputError) else "not-configured", str(error))


def from_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> ProblemError:
    """Translate a plain HTTP error, as the framework raises for unknown addresses."""
    kind = _BY_STATUS.get(status, "unusable" if status < 500 else "internal")
    return ProblemError(kind, detail, headers=headers)


def problem_response(error: ProblemError, request_id: str | None) -> Response:
    """Return the answer for an error."""
    content = json.dumps(error.document(request_id), ensure_ascii=True).encode()
    return Response(content, error.status, error.headers, MEDIA_TYPE)


async def handle_problem(request: Request, error: Exception) -> Response:
    """Answer a :class:`ProblemError`, an error of the core or one of the framework."""
    if isinstance(error, ComplianceError):
        error = from_core(error)
    if isinstance(error, HTTPException):
        error = from_status(error.status_code, error.detail, error.headers)
    if not isinstance(error, ProblemError):  # the framework's own complaint about a parameter
        error = ProblemError("unusable", _parameters(error))
    request.scope["problem"] = error.kind
    return problem_response(error, request.scope.get("request_id"))


def _parameters(error: Exception) -> str:
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in problems) or "a parameter is not usable"


def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of a problem document."""
    return {
        "title": "Problem",
        "description": "Problem details (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "enum": [_TYPE + kind for kind in _TITLES]},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What is wrong and what to do."},
            "instance": {"type": "string", "description": "The request id, as in the log."},
        },
    }
