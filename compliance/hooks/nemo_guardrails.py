"""NeMo Guardrails: an output rail that refuses or replaces what a model is about to say.

The rail is Colang 1.0, for ``RailsConfig.from_content`` or a configuration folder; its action is made here.
Needs ``nemoguardrails``, which only the caller imports.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from compliance.hooks.guard import UNAVAILABLE, Guard

__all__ = ["ACTION", "COLANG", "YAML", "compliance_action"]

_LOG = logging.getLogger("compliance.hooks.nemo_guardrails")

ACTION = "compliance_check"
"""The name under which the action is registered."""

YAML = """\
rails:
  output:
    flows:
      - compliance check output
"""

COLANG = """\
define bot hand over to a person
  "这条回复需要人工客服处理，请稍等。"

define subflow compliance check output
  $ruling = execute compliance_check(text=$bot_message)
  $compliance_explanation = $ruling.explanation

  if not $ruling.sendable
    bot hand over to a person
    stop

  $bot_message = $ruling.text
"""


def compliance_action(guard: Guard) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """Return the action for ``rails.register_action(..., ACTION)``.

    It never raises: NeMo Guardrails writes the arguments of an action that does, the message among them, into its log.
    Whatever goes wrong refuses the answer.
    """

    async def compliance_check(text: str) -> dict[str, Any]:
        try:
            ruling = await asyncio.to_thread(guard, text)
        except Exception as error:
            _LOG.error("an answer was refused without a verdict: %s", type(error).__name__)
            return {"sendable": False, "text": text, "explanation": UNAVAILABLE}
        return {"sendable": ruling.sendable, "text": ruling.text, "explanation": ruling.explanation}

    return compliance_check
