"""Check the records of requests: what ``compliance check --jsonl`` reads, and a shop profile's id."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from compliance.errors import InputError
from compliance.model import Context
from compliance.records import check_record
from compliance.serve.engine import Serving
from compliance.serve.metrics import Metrics
from compliance.wire import verdict_to_dict

__all__ = ["checked", "note_verdict", "split_profile"]

_NO_CONTEXT = Context()
_MOST_CODES = 20
"""Rule codes of one request that are written to the log."""


def split_profile(record: Any) -> tuple[Any, str | None]:
    """Take the shop profile's id out of a record.

    Raises:
        InputError: it is no string.
    """
    if not isinstance(record, dict) or "profile" not in record:
        return record, None
    rest = {key: value for key, value in record.items() if key != "profile"}
    shop = record["profile"]
    if shop is not None and not isinstance(shop, str):
        raise InputError("profile must be a string")
    return rest, shop


def checked(
    record: Any, serving: Serving, metrics: Metrics, *, platform: str | None = None, shop: str | None = None
) -> dict[str, Any]:
    """Check one record; return the wire form of its verdict.

    Args:
        record: ``{id, text | messages, platform, context, profile}``.
        serving: what to check it with.
        metrics: where the verdict is counted.
        platform: for records that name none.
        shop: shop profile for records that name none.

    Raises:
        InputError: the record is not of this shape.
    """
    rest, own = split_profile(record)
    checker = serving.checker_of(own if own is not None else shop)
    began = time.perf_counter()
    verdict = verdict_to_dict(check_record(rest, checker, platform, _NO_CONTEXT))
    metrics.count_verdict(verdict, time.perf_counter() - began)
    return verdict


def note_verdict(scope: MutableMapping[str, Any], verdict: dict[str, Any]) -> None:
    """Leave decision and codes for the log line of the request."""
    scope["decision"] = verdict["decision"]
    codes = {finding["code"] for finding in verdict["findings"]}
    if codes:
        scope["codes"] = sorted(codes)[:_MOST_CODES]
