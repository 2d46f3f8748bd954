"""Check JSON lines as a stream: one verdict a line, same order, constant memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from compliance.checker import Checker
from compliance.errors import ComplianceError, InputError
from compliance.model import Context, Decision
from compliance.records import check_record
from compliance.wire import verdict_to_dict

__all__ = ["check_lines"]

_RANK = {Decision.PASS: 0, Decision.WARN: 1, Decision.BLOCK: 2}


def check_lines(file: str, checker: Checker, platform: str | None, context: Context, threshold: int) -> int:
    """Check each line of ``file`` (``-``: standard input) and print its verdict or its error.

    Returns the exit code: 2 if any line could not be checked, else 1 if a decision reached the threshold, else 0.
    """
    code, write = 0, sys.stdout.write
    with _opened(file) as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                verdict = check_record(_parsed(line), checker, platform, context)
            except ComplianceError as error:
                write(_dumped({"error": {"line": number, "message": str(error)}}))
                code = 2
                continue
            if code == 0 and _RANK[verdict.decision] >= threshold:
                code = 1
            write(_dumped(verdict_to_dict(verdict)))
    return code


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise InputError("not JSON: nested too deeply") from None


def _dumped(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # lone surrogates cannot be written as UTF-8; escapes can
        text = json.dumps(value, separators=(",", ":"))
    return f"{text}\n"


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115  closed below; errors while reading have their own handling
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    with stream:
        yield stream
