"""The rail inside the real NeMo Guardrails, with a model that answers what it is told to."""

from __future__ import annotations

import logging
from typing import Any

import pytest

nemoguardrails = pytest.importorskip("nemoguardrails", reason="nemoguardrails is not installed")

from nemoguardrails.testing.fake_model import FakeLLMModel  # noqa: E402

from compliance import Checker  # noqa: E402
from compliance.hooks import Guard, Policy, ServiceClient  # noqa: E402
from compliance.hooks.nemo_guardrails import ACTION, COLANG, YAML, compliance_action  # noqa: E402

CLEAN, BREACH, MILD, HEALED = "亲，这款今天发货", "亲，加我微信聊", "这款是最好的面料哦", "这款是很不错的面料哦"
HANDED_OVER = "这条回复需要人工客服处理，请稍等。"

pytestmark = pytest.mark.filterwarnings("default")


def _answer(says: str, guard: Guard) -> tuple[str, Any]:
    config = nemoguardrails.RailsConfig.from_content(colang_content=COLANG, yaml_content=f"models: []\n{YAML}")
    rails = nemoguardrails.LLMRails(config, llm=FakeLLMModel(responses=[says]))
    rails.register_action(compliance_action(guard), ACTION)
    asked = [{"role": "user", "content": "在吗"}]
    answer = rails.generate(messages=asked, options={"output_vars": ["compliance_explanation"]})
    return answer.response[0]["content"], answer.output_data["compliance_explanation"]


@pytest.mark.parametrize(
    ("says", "policy", "arrives"),
    [
        (CLEAN, Policy(), CLEAN),
        (BREACH, Policy(), HANDED_OVER),
        (MILD, Policy(refuse="warn"), HANDED_OVER),
        (MILD, Policy(refuse="warn", replace="safe"), HEALED),
    ],
)
def test_an_answer_is_sent_refused_or_replaced(checker: Checker, says: str, policy: Policy, arrives: str) -> None:
    found, explanation = _answer(says, Guard.embedded(checker, platform="pdd", policy=policy))
    assert found == arrives
    assert ("依据" in explanation) is (says != CLEAN)


@pytest.mark.parametrize(("unavailable", "arrives"), [("refuse", HANDED_OVER), ("send", CLEAN)])
def test_without_a_verdict_the_policy_decides_and_unchecked_answers_are_told_of(unavailable: Any, arrives: str) -> None:
    passed: list[str | None] = []
    client = ServiceClient("http://127.0.0.1:9", platform="pdd")
    guard = Guard.service(client, policy=Policy(unavailable=unavailable), unchecked=passed.append)
    assert _answer(CLEAN, guard)[0] == arrives
    assert len(passed) == (unavailable == "send")


def test_a_failure_refuses_and_no_log_has_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError(BREACH)

    with caplog.at_level(logging.WARNING):
        assert _answer(BREACH, Guard(broken))[0] == HANDED_OVER
    assert "RuntimeError" in caplog.text
    assert BREACH not in caplog.text
