"""Read and parse what a request carries, with a clear word for whatever is wrong with it."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from compliance.errors import InputError
from compliance.serve.problems import ProblemError

__all__ = ["parse_json", "read_object", "to_json"]


async def read_object(request: Request) -> tuple[dict[str, Any], int]:
    """Return the JSON object of a request and its size in bytes.

    Raises:
        ProblemError: the body is no JSON.
        InputError: it is JSON, but no object.
    """
    body = await request.body()
    value = parse_json(body)
    if not isinstance(value, dict):
        raise InputError("the body must be a JSON object")
    return value, len(body)


def parse_json(body: bytes | bytearray | memoryview) -> Any:
    """Parse a JSON text in UTF-8; ``NaN`` and the like are no JSON.

    Raises:
        ProblemError: it is no JSON; the text says where, not what.
    """
    try:
        return json.loads(str(body, "utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ProblemError("not-json", f"the body is not UTF-8: byte {error.start} cannot be read") from None
    except RecursionError:
        raise ProblemError("not-json", "the body is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise ProblemError("not-json", f"{error.msg} at {where}") from None
    except ValueError:  # a number with thousands of digits
        raise ProblemError("not-json", "a number or constant is not one of JSON") from None


def to_json(value: Any) -> bytes:
    """Return compact UTF-8 JSON; lone surrogates are escaped, since their bytes would be no UTF-8."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
