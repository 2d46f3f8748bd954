"""The endpoint that the Synapse module ``synapse-http-antispam`` calls: ``POST <base>/check_event_for_spam``.

Contract: PyPI page of synapse-http-antispam 0.5. Any 2xx lets the event pass; the JSON body of another status reaches
the sender. It can refuse, not replace; our own module (:mod:`compliance.hooks.synapse`) can do both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compliance.errors import InputError
from compliance.hooks.ruling import Outcome, Ruling
from compliance.hooks.synapse import texts_of

__all__ = ["answer"]


def answer(payload: Mapping[str, Any], judge: Callable[[str], Ruling]) -> tuple[int, dict[str, Any]]:
    """Return status and body for one event.

    Raises:
        InputError: there is no event.
    """
    event = payload.get("event")
    if not isinstance(event, Mapping):
        raise InputError("event must be an object")
    content = event.get("content")
    if event.get("type") != "m.room.message" or not isinstance(content, Mapping):
        return 200, {}
    for text in texts_of(content):
        ruling = judge(text)
        if ruling.outcome is not Outcome.SEND:
            return 403, {
                "errcode": "M_FORBIDDEN",
                "error": ruling.explanation,
                "org.compliance.verdict": ruling.verdict,
            }
    return 200, {}
