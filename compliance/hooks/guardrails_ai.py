"""guardrails-ai: a validator for what a model is about to say.

With ``on_fail="fix"`` a rewrite that keeps the meaning is sent, or else a sentence that hands over to a person; with
``"exception"`` nothing is. Needs ``guardrails-ai``.
"""

from __future__ import annotations

from typing import Any

from compliance.hooks.guard import Guard
from compliance.hooks.ruling import Outcome

__all__ = ["HANDED_OVER", "compliance_validator"]

HANDED_OVER = "这条回复需要人工客服处理，请稍等。"


def compliance_validator(guard: Guard, *, on_fail: str = "exception") -> Any:
    """Return a validator for ``guardrails.Guard().use(...)``.

    Args:
        guard: rules on the answers.
        on_fail: what guardrails-ai does with an answer that may not be sent as it is: ``exception``, ``fix`` or
            ``refrain``. Its other actions let the answer out.

    Raises:
        ImportError: guardrails-ai is not installed.
        ValueError: ``on_fail`` would let the answer out.
    """
    from guardrails.validators import (  # noqa: PLC0415  an optional extra
        FailResult,
        PassResult,
        Validator,
        register_validator,
    )

    if on_fail not in ("exception", "fix", "refrain"):
        raise ValueError("on_fail must be exception, fix or refrain")

    # Unknown to the type checker, which does not have the package.
    @register_validator(name="compliance/outgoing-message", data_type="string")
    class OutgoingMessage(Validator):  # type: ignore[misc]
        def _validate(self, value: Any, metadata: dict[str, Any]) -> Any:
            ruling = guard(str(value), context=metadata.get("compliance"))
            if ruling.outcome is Outcome.SEND:
                return PassResult()
            fixed = ruling.text if ruling.outcome is Outcome.REPLACE else HANDED_OVER
            return FailResult(error_message=ruling.explanation, fix_value=fixed)

        def _chunking_function(self, chunk: str) -> list[str]:  # noqa: ARG002  its base class names it
            """Hold a streamed answer back until it is whole: words may lie across any two pieces."""
            return []

    return OutgoingMessage(on_fail=on_fail)
