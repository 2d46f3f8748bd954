"""Stream Chat: the before-message-send webhook.

Contract: getstream.io/chat/docs, "Before Message Send Webhook". The reply holds the message as it is to be stored; a
message of type ``error`` is shown to its sender only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["answer", "signed"]


def signed(body: bytes, signature: str, secret: str) -> bool:
    """Tell whether ``X-Signature`` is the HMAC-SHA256 of the raw body under the API secret."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


def answer(payload: Mapping[str, Any], judge: Callable[[str], Ruling]) -> dict[str, Any]:
    """Answer one call; an empty reply leaves the message as it is.

    Raises:
        InputError: there is no message with a text.
    """
    message = payload.get("message")
    if not isinstance(message, Mapping) or not isinstance(message.get("text", ""), str):
        raise InputError("message.text must be a string")
    ruling = judge(message.get("text", ""))
    if ruling.outcome is Outcome.SEND:
        return {}
    if ruling.outcome is Outcome.REPLACE:
        return {"message": {**message, "text": ruling.text}}
    return {"message": {**message, "type": "error", "text": ruling.explanation}}
