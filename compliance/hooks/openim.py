"""OpenIM: ``callbackBeforeSendSingleMsgCommand`` and its group form.

Contract: docs.openim.io, webhooks. ``nextCode`` 1 refuses the message with our own code out of 20001-29999, which is
reserved for webhooks. A message can be changed by another command only, so it is passed or refused here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["COMMANDS", "REFUSED", "TEXT", "answer"]

COMMANDS = frozenset({"callbackBeforeSendSingleMsgCommand", "callbackBeforeSendGroupMsgCommand"})
REFUSED = 20001
TEXT = 101
"""``contentType`` of a text message."""


def answer(payload: Mapping[str, Any], judge: Callable[[str], Ruling]) -> dict[str, Any]:
    """Answer one callback; messages that are no text, and other commands, pass.

    Raises:
        InputError: a text message has no content.
    """
    passed = {"actionCode": 0, "errCode": 0, "errMsg": "", "errDlt": "", "nextCode": 0}
    if payload.get("callbackCommand") not in COMMANDS or payload.get("contentType", TEXT) != TEXT:
        return passed
    text = _text(payload.get("content"))
    ruling = judge(text)
    if ruling.outcome is Outcome.SEND:
        return passed
    return {
        "actionCode": 0,
        "errCode": REFUSED,
        "errMsg": "message refused",
        "errDlt": ruling.explanation,
        "nextCode": 1,
    }


def _text(content: Any) -> str:
    """Return the text of ``content``: a JSON object with ``content`` or ``text`` in a string, or the text itself."""
    if not isinstance(content, str):
        raise InputError("content must be a string")
    try:
        inner = json.loads(content)
    except ValueError:
        return content
    if isinstance(inner, Mapping):
        for key in ("content", "text"):
            if isinstance(inner.get(key), str):
                return str(inner[key])
    return content
