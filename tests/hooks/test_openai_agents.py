"""The guardrail inside the real SDK, with a model that answers what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

agents = pytest.importorskip("agents", reason="openai-agents is not installed")

from agents.models.interface import Model  # noqa: E402
from openai.types.responses import ResponseOutputMessage, ResponseOutputText  # noqa: E402

from compliance import Checker  # noqa: E402
from compliance.hooks import Guard  # noqa: E402
from compliance.hooks.openai_agents import compliance_guardrail  # noqa: E402


class Parrot(Model):
    """Says one thing."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def get_response(self, *_: Any, **__: Any) -> agents.ModelResponse:
        said = ResponseOutputText(type="output_text", text=self.text, annotations=[])
        message = ResponseOutputMessage(id="m", type="message", role="assistant", status="completed", content=[said])
        return agents.ModelResponse(output=[message], usage=agents.Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        raise NotImplementedError


def _run(text: str, checker: Checker) -> str:
    agents.set_tracing_disabled(True)
    guardrail = compliance_guardrail(Guard.embedded(checker, platform="pdd"))
    agent = agents.Agent(name="客服", model=Parrot(text), output_guardrails=[guardrail])
    return str(asyncio.run(agents.Runner.run(agent, "在吗")).final_output)


def test_a_clean_answer_passes(checker: Checker) -> None:
    assert _run("亲，这款今天发货", checker) == "亲，这款今天发货"


def test_a_refused_answer_trips_and_carries_the_ruling(checker: Checker) -> None:
    with pytest.raises(agents.OutputGuardrailTripwireTriggered) as tripped:
        _run("亲，加我微信聊", checker)
    ruling = tripped.value.guardrail_result.output.output_info
    assert ruling.outcome.value == "refuse"
    assert "依据" in ruling.explanation
