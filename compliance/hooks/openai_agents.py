"""OpenAI Agents SDK: an output guardrail that trips when an agent's answer may not be sent.

The SDK can only stop an answer, not replace it; the ruling, with the rewrite, is in ``output_info`` of the result.
Needs the ``agents`` extra.
"""

from __future__ import annotations

import asyncio
from typing import Any

from compliance.hooks.guard import Guard

__all__ = ["compliance_guardrail"]


def compliance_guardrail(guard: Guard) -> Any:
    """Return an ``OutputGuardrail`` for ``Agent(output_guardrails=[...])``.

    Raises:
        ImportError: the SDK is not installed.
    """
    from agents import GuardrailFunctionOutput, OutputGuardrail  # noqa: PLC0415  an optional extra

    async def check(_context: Any, _agent: Any, output: Any) -> GuardrailFunctionOutput:
        ruling = await asyncio.to_thread(guard, str(output))
        return GuardrailFunctionOutput(
            output_info=ruling, tripwire_triggered=ruling.texts != (str(output),) or not ruling.sendable
        )

    return OutputGuardrail(guardrail_function=check, name="compliance")
