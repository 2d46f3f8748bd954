"""The OpenAPI document: schemas, examples and what every route may answer.

Requests are read by our own code, which all surfaces share, so their schemas are written down here. The verdict's
schema is the published file.
"""

from __future__ import annotations

import json
from typing import Any, Final, get_args

from fastapi import FastAPI

from compliance.model import PLATFORMS, Category, OrderStatus
from compliance.serve.problems import MEDIA_TYPE, problem_schema
from compliance.wire import verdict_schema

__all__ = ["described", "document", "json_answer", "json_body", "ndjson_answer", "ndjson_body", "problems"]

NDJSON: Final = "application/x-ndjson"
_REF: Final = "#/components/schemas/"
_ERRORS: Final = {
    400: "The body is not JSON.",
    401: "No key, or not a valid one.",
    403: "The key lacks the scope.",
    408: "The request did not arrive in time.",
    413: "The request is too large.",
    422: "The request cannot be used; `detail` says why.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "The service is busy or not ready; `Retry-After` says when to come back.",
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF + name}


def json_answer(schema: str, description: str) -> dict[str, Any]:
    """Describe an answer in JSON."""
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


def ndjson_answer(schema: str, description: str) -> dict[str, Any]:
    """Describe an answer of one JSON object a line."""
    return {"description": description, "content": {NDJSON: {"schema": {"type": "string"}, "x-line": _ref(schema)}}}


def json_body(schema: str) -> dict[str, Any]:
    """Describe a request in JSON."""
    content = {"schema": _ref(schema), "examples": _EXAMPLES.get(schema, {})}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def ndjson_body(schema: str) -> dict[str, Any]:
    """Describe a request of many records."""
    lines = "\n".join(json.dumps(e["value"], ensure_ascii=False) for e in _EXAMPLES[schema].values()) + "\n"
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "array", "items": _ref(schema)}},
                NDJSON: {"schema": {"type": "string"}, "x-line": _ref(schema), "example": lines},
            },
        }
    }


def described(answer: dict[str, Any], *more: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return all answers of a route: the good one, and the problems that any route, or this one, may give."""
    return {status: answer, **problems(*more)}


def problems(*more: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems that any route, or one with ``more`` of them, may answer with."""
    texts = _ERRORS | {404: "There is nothing of this name.", 409: "Not in this state."}
    problem = {MEDIA_TYPE: {"schema": _ref("Problem")}}
    return {code: {"description": texts[code], "content": problem} for code in sorted({*_ERRORS, *more})}


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the application; made once."""
    made: dict[str, Any] = app.openapi_schema or {}
    if not made:
        made = FastAPI.openapi(app)
        components = made.setdefault("components", {})
        components["schemas"] = {
            name: schema for name, schema in components.get("schemas", {}).items() if "Validation" not in name
        } | _schemas()
        components["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": "An API key, where keys are needed."}
        }
        made["security"] = [{}, {"key": []}]
        app.openapi_schema = made
    return made


def _schemas() -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads(json.dumps(verdict_schema()).replace('"#/$defs/', f'"{_REF}'))
    parts: dict[str, Any] = verdict.pop("$defs")
    verdict.pop("$schema")
    verdict.pop("$id")
    text = {"type": "string"}
    anything: dict[str, Any] = {"type": "object"}
    bundle = {"type": "object", "properties": {"version": text, "hash": text}, "required": ["version", "hash"]}
    return parts | {
        "Verdict": verdict,
        "Problem": problem_schema(),
        "Context": _context(),
        "Message": _message(),
        "LintRequest": _lint_request(),
        "RewriteRequest": _rewrite_request(),
        "Echo": anything,
        "BatchAnswer": {
            "oneOf": [
                _ref("Verdict"),
                {"type": "object", "required": ["id", "error"], "properties": {"id": {}, "error": _ref("Problem")}},
            ]
        },
        "RewriteAnswer": {
            "type": "object",
            "required": ["id", "text", "changed", "sendable", "offered", "verdict"],
            "properties": {
                "id": {"type": ["string", "null"]},
                "text": {"type": "string", "description": "What to send: rewritten, or as it was."},
                "changed": {"type": "boolean"},
                "sendable": {"type": "boolean", "description": "Whether `text` may be sent."},
                "offered": {"oneOf": [{"type": "null"}, _TIERED]},
                "verdict": _ref("Verdict"),
            },
        },
        "RuleList": {
            "type": "object",
            "required": ["bundle", "rules"],
            "properties": {"bundle": bundle, "rules": {"type": "array", "items": _rule()}},
        },
        "RuleDetail": _rule(),
        "ProfileList": {
            "type": "object",
            "required": ["profiles"],
            "properties": {"profiles": {"type": "array", "items": {"type": "object", "required": ["id"]}}},
        },
        "ProfileDetail": {"type": "object", "required": ["id", "name"]},
        "StreamRequest": _stream_request(),
        "StreamEvent": _stream_event(),
        "Unchecked": {
            "type": "object",
            "additionalProperties": False,
            "required": ["hook", "count"],
            "properties": {
                "hook": {"type": "string", "pattern": "^[a-z0-9-]{1,32}$"},
                "count": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
            },
        },
        "Ready": {"type": "object", "required": ["status", "bundle", "reload", "workers"]},
        "Health": {"type": "object", "required": ["status", "bundle"]},
        "ReloadAnswer": {
            "type": "object",
            "required": ["result", "bundle"],
            "properties": {"result": {"enum": ["changed", "unchanged", "failed"]}, "bundle": bundle},
        },
        "Audit": _audit(),
        "AuditList": {
            "type": "object",
            "required": ["audits"],
            "properties": {"audits": {"type": "array", "items": _ref("Audit")}},
        },
    }


_TIERED: Final = {
    "type": "object",
    "required": ["text", "tier"],
    "properties": {"text": {"type": "string"}, "tier": {"enum": ["safe", "unsafe"]}},
}
_ID: Final = {"description": "Comes back in the answer, as a string.", "type": ["string", "integer", "null"]}
_PLATFORM: Final = {
    "description": "Whose rules apply; may be left out if the shop profile names one. Usual names such as 拼多多 are "
    "understood too.",
    "anyOf": [{"enum": list(PLATFORMS)}, {"type": "null"}],
}
_FLAG: Final = {"type": ["boolean", "null"]}


def _context() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "What is known of order and buyer. A rule that needs a fact which is not given only warns.",
        "additionalProperties": False,
        "properties": {
            "order_status": {"enum": [*get_args(OrderStatus), None]},
            "category": {"enum": [*get_args(Category), None]},
            "buyer_asked": _FLAG,
            "send_time": {"type": ["string", "null"], "description": "ISO 8601", "examples": ["2026-01-31T20:15:00"]},
            "consent_marketing": _FLAG,
            "shop": {"type": "object", "additionalProperties": {"type": "boolean"}},
        },
        "patternProperties": {r"^shop\.[a-z_]+$": {"type": "boolean"}},
    }


def _message() -> dict[str, Any]:
    spoken = {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string"},
            "role": {"enum": ["agent", "buyer"]},
            "time": {"type": ["string", "null"], "description": "ISO 8601"},
        },
    }
    return {"oneOf": [{"type": "string"}, spoken]}


def _lint_request() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Exactly one of `text` and `messages`.",
        "additionalProperties": False,
        "required": ["platform"],
        "oneOf": [{"required": ["text"]}, {"required": ["messages"]}],
        "properties": {
            "id": _ID,
            "text": {"type": "string", "description": "What the agent is about to send."},
            "messages": {"type": "array", "items": _ref("Message"), "description": "A conversation, in order."},
            "platform": _PLATFORM,
            "context": {"anyOf": [_ref("Context"), {"type": "null"}]},
            "profile": {"type": ["string", "null"], "description": "id of a shop profile"},
        },
    }


def _rewrite_request() -> dict[str, Any]:
    request = _lint_request()
    del request["properties"]["messages"], request["oneOf"]
    request["description"] = "One message."
    request["required"] = ["text", "platform"]
    request["properties"]["tier"] = {"enum": ["safe", "unsafe"], "default": "safe"}
    return request


def _rule() -> dict[str, Any]:
    return {"type": "object", "required": ["code", "name", "title", "category", "platforms", "severity"]}


def _stream_request() -> dict[str, Any]:
    return {
        "description": "The first line says how to check; each further line is one piece of the text.",
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "platform": _PLATFORM,
                    "context": _ref("Context"),
                    "profile": {"type": ["string", "null"]},
                    "hold": {"enum": ["block", "warn"]},
                },
            },
            {"type": "object", "required": ["piece"], "properties": {"piece": {"type": "string"}}},
        ],
    }


def _stream_event() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["event"],
        "properties": {
            "event": {"enum": ["release", "stop", "done", "error"]},
            "text": {"type": "string", "description": "What may be shown now, after what was released before."},
            "verdict": _ref("Verdict"),
            "error": _ref("Problem"),
        },
    }


def _audit() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "state", "created"],
        "properties": {
            "id": {"type": "string"},
            "state": {"enum": ["waiting", "running", "done", "failed"]},
            "created": {"type": "string"},
            "progress": {"type": "object"},
            "files": {"type": "array", "items": {"type": "string"}},
            "error": {"type": ["string", "null"]},
        },
    }


_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "LintRequest": {
        "breach": {
            "summary": "An invitation to another messenger",
            "value": {"id": "1", "text": "亲，加我微信聊", "platform": "pdd"},
        },
        "clean": {
            "summary": "Ordinary service",
            "value": {"id": "2", "text": "亲，您的订单已经发货了", "platform": "jd"},
        },
        "conversation": {
            "summary": "Words split over messages",
            "value": {"id": "3", "messages": ["加", "微", "信"], "platform": "douyin"},
        },
        "context": {
            "summary": "With what is known of the order",
            "value": {
                "text": "您可以把地址发给我，我帮您改",
                "platform": "taobao",
                "context": {"order_status": "paid", "buyer_asked": True},
            },
        },
    },
    "StreamRequest": {
        "how": {"value": {"platform": "pdd"}},
        "first": {"value": {"piece": "亲，您的订单已经"}},
        "second": {"value": {"piece": "发货了，加我微"}},
        "third": {"value": {"piece": "信聊"}},
    },
    "RewriteRequest": {
        "superlative": {"value": {"text": "这款是最好的面料哦", "platform": "taobao"}},
    },
}
