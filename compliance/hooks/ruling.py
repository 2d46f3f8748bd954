"""What becomes of a message on which a verdict was given (sent, replaced, refused), and what the agent reads.

Works on the wire form of a verdict, so that an embedded checker and the service rule alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

__all__ = ["Outcome", "Policy", "Ruling", "explain", "rule"]

_MOST_EXPLAINED = 3
"""Findings told to the agent; a chat window shows no more."""


class Outcome(Enum):
    """What the chat tool is to do with the message."""

    SEND = "send"
    REPLACE = "replace"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the shop allows its hooks to do.

    Attributes:
        refuse: the mildest decision that is refused: ``block``, or ``warn`` to refuse warnings as well.
        replace: ``safe`` to send a rewrite that keeps the meaning instead of refusing, ``never`` to leave every
            change to the agent.
        unavailable: what becomes of a message that could not be checked: ``refuse`` (fail closed) or ``send``.
    """

    refuse: Literal["block", "warn"] = "block"
    replace: Literal["never", "safe"] = "never"
    unavailable: Literal["refuse", "send"] = "refuse"

    def refuses(self, decision: str) -> bool:
        """Tell whether a message with this decision may not leave as it is."""
        return decision == "block" or (decision == "warn" and self.refuse == "warn")


@dataclass(frozen=True, slots=True)
class Ruling:
    """The outcome for one message, which may consist of several texts.

    Attributes:
        texts: what to send, in the order of the texts that were given; unchanged unless the outcome is ``REPLACE``.
        explanation: for the agent, in Chinese; empty if there is nothing to tell.
        verdict: the verdict in its wire form; ``None`` if none was to be had and the message passed all the same.
    """

    outcome: Outcome
    texts: tuple[str, ...]
    explanation: str
    verdict: Mapping[str, Any] | None

    @property
    def text(self) -> str:
        """The text to send, of a message that is one text."""
        return self.texts[0]

    @property
    def sendable(self) -> bool:
        """Whether :attr:`texts` may be sent."""
        return self.outcome is not Outcome.REFUSE


def rule(texts: Sequence[str], verdict: Mapping[str, Any], policy: Policy) -> Ruling:
    """Rule on a message; a rewrite is taken only for a message of one text."""
    sent = tuple(texts)
    explanation = explain(verdict)
    if not policy.refuses(verdict["decision"]):
        return Ruling(Outcome.SEND, sent, explanation, verdict)
    rewrite = verdict.get("rewrite")
    if policy.replace == "safe" and len(sent) == 1 and rewrite is not None and rewrite["tier"] == "safe":
        return Ruling(Outcome.REPLACE, (rewrite["text"],), explanation, verdict)
    return Ruling(Outcome.REFUSE, sent, explanation, verdict)


def explain(verdict: Mapping[str, Any]) -> str:
    """Tell the agent what is wrong, by which clause, and what to send instead; empty if nothing warns or blocks."""
    findings = [finding for finding in verdict["findings"] if finding["action"] != "note"]
    if not findings:
        return ""
    lines = [_told(finding) for finding in findings[:_MOST_EXPLAINED]]
    if len(findings) > _MOST_EXPLAINED:
        lines.append(f"另有 {len(findings) - _MOST_EXPLAINED} 处问题。")
    rewrite = verdict.get("rewrite")
    if rewrite is not None:
        lines.append(f"可以改为：{rewrite['text']}")
    return "\n".join(lines)


def _told(finding: Mapping[str, Any]) -> str:
    for citation in finding["citations"]:
        label = f"（{citation['verification']}）" if citation["verification"] else ""
        clause = f"{citation['document']}{citation['clause'] or ''}"
        return f"{finding['message']}依据：{clause}{label}。"
    return str(finding["message"])
