"""Easemob (环信) pre-send callback.

Contract: doc.easemob.com, "发送前回调". The service waits 200 ms unless told otherwise. Whether a reply may change the
message was not verified, so it only passes or refuses.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["answer", "signed"]


def signed(payload: Mapping[str, Any], secret: str) -> bool:
    """Tell whether ``security`` is the MD5 of call id, secret and timestamp, as the sender computes it."""
    text = f"{payload.get('callId', '')}{secret}{payload.get('timestamp', '')}"
    expected = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # the vendor's scheme
    return hmac.compare_digest(expected, str(payload.get("security", "")))


def answer(payload: Mapping[str, Any], judge: Callable[[str], Ruling]) -> dict[str, Any]:
    """Answer one callback; messages that are no text pass.

    Raises:
        InputError: a text message has no text.
    """
    body = payload.get("payload")
    if not isinstance(body, Mapping):
        raise InputError("payload must be an object")
    if body.get("type", "txt") != "txt":
        return {"valid": True, "code": ""}
    text = body.get("msg")
    if not isinstance(text, str):
        raise InputError("a txt message without payload.msg")
    ruling = judge(text)
    if ruling.outcome is Outcome.SEND:
        return {"valid": True, "code": ""}
    return {"valid": False, "code": ruling.explanation}
