"""The validator inside the real guardrails-ai, with a model that answers what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

guardrails = pytest.importorskip("guardrails", reason="guardrails-ai is not installed")

from compliance import Checker  # noqa: E402
from compliance.hooks import Guard, Policy, ServiceClient  # noqa: E402
from compliance.hooks.guardrails_ai import HANDED_OVER, compliance_validator  # noqa: E402

CLEAN, BREACH, MILD, HEALED = "亲，这款今天发货", "亲，加我微信聊", "这款是最好的面料哦", "这款是很不错的面料哦"

pytestmark = pytest.mark.filterwarnings("default")


def _said(says: str, guard: Guard, on_fail: str) -> Any:
    def model(messages: Any = None, **_: Any) -> str:
        return says

    rails = guardrails.Guard().use(compliance_validator(guard, on_fail=on_fail))
    return rails(model, messages=[{"role": "user", "content": "在吗"}]).validated_output


def _guard(checker: Checker, **policy: Any) -> Guard:
    return Guard.embedded(checker, platform="pdd", policy=Policy(**policy))


@pytest.mark.parametrize("on_fail", ["exception", "fix", "refrain"])
def test_a_clean_answer_passes(checker: Checker, on_fail: str) -> None:
    assert _said(CLEAN, _guard(checker), on_fail) == CLEAN


def test_a_refused_answer_raises_with_the_clause_is_handed_over_or_left_out(checker: Checker) -> None:
    with pytest.raises(guardrails.errors.ValidationError, match="依据"):
        _said(BREACH, _guard(checker), "exception")
    assert _said(BREACH, _guard(checker), "fix") == HANDED_OVER
    assert _said(BREACH, _guard(checker), "refrain") is None


def test_fix_sends_a_rewrite_that_keeps_the_meaning(checker: Checker) -> None:
    assert _said(MILD, _guard(checker, refuse="warn", replace="safe"), "fix") == HEALED
    assert _said(MILD, _guard(checker, refuse="warn"), "fix") == HANDED_OVER


@pytest.mark.parametrize("on_fail", ["noop", "filter", "reask", "fix_reask", "custom"])
def test_actions_that_would_let_the_answer_out_or_ask_again_are_not_taken(on_fail: str) -> None:
    with pytest.raises(ValueError, match="on_fail must be"):
        compliance_validator(Guard(lambda *_: {}), on_fail=on_fail)


@pytest.mark.parametrize(("unavailable", "arrives"), [("refuse", HANDED_OVER), ("send", CLEAN)])
def test_without_a_verdict_the_policy_decides(unavailable: Any, arrives: str) -> None:
    client = ServiceClient("http://127.0.0.1:9", platform="pdd")
    assert _said(CLEAN, Guard.service(client, policy=Policy(unavailable=unavailable)), "fix") == arrives


def test_words_that_lie_across_two_pieces_of_a_stream_are_found(checker: Checker) -> None:
    def streamed(messages: Any = None, **_: Any) -> Iterator[str]:
        yield from ("亲. ", "加我微", "信聊")

    rails = guardrails.Guard().use(compliance_validator(_guard(checker), on_fail="fix"))
    pieces = rails(streamed, messages=[{"role": "user", "content": "在吗"}], stream=True)
    assert "".join(str(piece.validated_output) for piece in pieces) == HANDED_OVER
