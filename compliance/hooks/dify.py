"""Dify API extension: ``ping``, ``app.moderation.input`` and ``app.moderation.output``.

Contract: docs.dify.ai, "Sensitive Content Moderation" of API-based extensions. Dify moderates streamed answers in
pieces of about a hundred characters and sends nothing to join them by, so a phrase that lies across two pieces is not
seen there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["REFUSAL", "answer"]

REFUSAL = "抱歉，这条回复不便发送，请换个说法或联系人工客服。"
"""What the buyer reads instead of a refused answer; reasons are for the agent, not for the buyer."""


def answer(payload: Mapping[str, Any], judge: Callable[[str], Ruling]) -> dict[str, Any]:
    """Answer one call of the extension.

    Input is what the buyer typed: it is left alone, since the rules are about what an agent says.

    Raises:
        InputError: the point is unknown or its text is missing.
    """
    point = payload.get("point")
    if point == "ping":
        return {"result": "pong"}
    params = payload.get("params")
    if not isinstance(params, Mapping):
        raise InputError("params must be an object")
    if point == "app.moderation.input":
        return {
            "flagged": False,
            "action": "overridden",
            "inputs": params.get("inputs") or {},
            "query": params.get("query"),
        }
    if point != "app.moderation.output":
        raise InputError(f"unknown point {point!r}; known: ping, app.moderation.input, app.moderation.output")
    text = params.get("text")
    if not isinstance(text, str):
        raise InputError("params.text must be a string")
    ruling = judge(text)
    if ruling.outcome is Outcome.SEND:
        return {"flagged": False, "action": "direct_output"}
    if ruling.outcome is Outcome.REPLACE:
        return {"flagged": True, "action": "overridden", "text": ruling.text}
    return {"flagged": True, "action": "direct_output", "preset_response": REFUSAL}
