"""Tencent Cloud IM: ``C2C.CallbackBeforeSendMsg`` and ``Group.CallbackBeforeSendMsg``.

Contract: cloud.tencent.com/document/product/269/1632. ``ErrorCode`` 0 lets the message pass, codes from 120001 to
130000 refuse it and show ``ErrorInfo`` to the sender; a returned ``MsgBody`` replaces the message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["COMMANDS", "REFUSED", "answer"]

COMMANDS = frozenset({"C2C.CallbackBeforeSendMsg", "Group.CallbackBeforeSendMsg"})
REFUSED = 120001


def answer(payload: Mapping[str, Any], judge: Callable[[Sequence[str]], Ruling]) -> dict[str, Any]:
    """Answer one callback; elements that are no text, and other callbacks, pass.

    Raises:
        InputError: a text element has no text.
    """
    passed = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
    body = payload.get("MsgBody") or []
    if payload.get("CallbackCommand") not in COMMANDS or not isinstance(body, list):
        return passed
    places = [i for i, element in enumerate(body) if _is_text(element)]
    if not places:
        return passed
    ruling = judge([_text(body[i]) for i in places])
    if ruling.outcome is Outcome.REFUSE:
        return {"ActionStatus": "OK", "ErrorCode": REFUSED, "ErrorInfo": ruling.explanation}
    if ruling.outcome is Outcome.SEND:
        return passed
    replaced = [dict(element) if isinstance(element, Mapping) else element for element in body]
    for place, text in zip(places, ruling.texts, strict=True):
        replaced[place] = {**body[place], "MsgContent": {**body[place]["MsgContent"], "Text": text}}
    return {**passed, "MsgBody": replaced}


def _is_text(element: Any) -> bool:
    return isinstance(element, Mapping) and element.get("MsgType") == "TIMTextElem"


def _text(element: Mapping[str, Any]) -> str:
    content = element.get("MsgContent")
    if not isinstance(content, Mapping) or not isinstance(content.get("Text"), str):
        raise InputError("a TIMTextElem without MsgContent.Text")
    return str(content["Text"])
