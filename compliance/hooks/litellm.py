"""LiteLLM generic guardrail API: ``POST <base>/beta/litellm_basic_guardrail_api``.

Contract: docs.litellm.ai, "Generic Guardrail API". Requests to the model are left alone: the rules are about what an
agent says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["answer"]


def answer(payload: Mapping[str, Any], judge: Callable[[str], Ruling], holdback: int = 0) -> dict[str, Any]:
    """Answer one call of the guardrail.

    Args:
        payload: the request body.
        judge: rules on one text.
        holdback: characters at the end of each streamed text that the proxy is asked to keep back, because a phrase
            may go on in the next piece; 0 asks for nothing.

    Raises:
        InputError: ``texts`` is no list of strings, or ``input_type`` is unknown.
    """
    kind = payload.get("input_type")
    if kind not in ("request", "response"):
        raise InputError("input_type must be request or response")
    texts = payload.get("texts") or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError("texts must be a list of strings")
    held = {"stream_holdback_chars": [holdback] * len(texts)} if holdback and kind == "response" else {}
    if kind == "request":
        return {"action": "NONE"}
    rulings = [judge(text) for text in texts]
    refused = next((ruling for ruling in rulings if ruling.outcome is Outcome.REFUSE), None)
    if refused is not None:
        return {"action": "BLOCKED", "blocked_reason": refused.explanation}
    if any(ruling.outcome is Outcome.REPLACE for ruling in rulings):
        return {"action": "GUARDRAIL_INTERVENED", "texts": [ruling.text for ruling in rulings], **held}
    return {"action": "NONE", **held}
