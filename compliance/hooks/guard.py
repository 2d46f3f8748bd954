"""A plain callable that rules on messages, with an embedded checker or through the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compliance.checker import Checker
from compliance.hooks.client import ServiceClient, UnavailableError
from compliance.hooks.ruling import Outcome, Policy, Ruling, rule
from compliance.model import Context
from compliance.wire import verdict_to_dict

__all__ = ["UNAVAILABLE", "Ask", "Guard"]

Ask = Callable[[Sequence[str], Mapping[str, Any], str | None], Mapping[str, Any]]
"""Gives the wire form of the verdict on texts that leave together, with context facts and the caller's id."""

UNAVAILABLE = "暂时无法检查这条消息，所以没有发送，请稍后再试。"


class Guard:
    """Rules on what an agent, human or machine, is about to send. Safe to share among threads."""

    def __init__(
        self, ask: Ask, *, policy: Policy | None = None, unchecked: Callable[[str | None], None] | None = None
    ) -> None:
        """Rule by what ``ask`` says; ``unchecked`` is told the id of every message that passes without a verdict."""
        self.policy = policy or Policy()
        self._ask = ask
        self._unchecked = unchecked or (lambda _: None)

    @classmethod
    def embedded(cls, checker: Checker, *, platform: str | None = None, policy: Policy | None = None) -> Guard:
        """Rule with a checker in this process; the platform may be left out if its profile names one."""

        def ask(texts: Sequence[str], facts: Mapping[str, Any], id_: str | None) -> Mapping[str, Any]:
            context = Context.parse(facts)
            if len(texts) == 1:
                return verdict_to_dict(checker.check(texts[0], platform=platform, context=context, id=id_))
            verdict = checker.check_conversation(list(texts), platform=platform, context=context, id=id_)
            return verdict_to_dict(verdict)

        return cls(ask, policy=policy)

    @classmethod
    def service(
        cls,
        client: ServiceClient,
        *,
        policy: Policy | None = None,
        unchecked: Callable[[str | None], None] | None = None,
    ) -> Guard:
        """Rule through the HTTP service; ``policy.unavailable`` says what happens when it does not answer in time."""
        return cls(client.ask, policy=policy, unchecked=unchecked)

    def __call__(self, text: str, *, context: Mapping[str, Any] | None = None, id: str | None = None) -> Ruling:
        """Rule on one text.

        Raises:
            ComplianceError: the platform or a context fact is not known.
        """
        return self.message([text], context=context, id=id)

    def message(
        self, texts: Sequence[str], *, context: Mapping[str, Any] | None = None, id: str | None = None
    ) -> Ruling:
        """Rule on a message of several texts, so that words split over them are seen.

        Texts are replaced one by one, and only if that heals the whole.
        """
        facts = context or {}
        try:
            whole = rule(texts, self._ask(texts, facts, id), self.policy)
            if whole.outcome is not Outcome.REFUSE or self.policy.replace == "never" or len(texts) == 1:
                return whole
            parts = [rule([text], self._ask([text], facts, id), self.policy) for text in texts]
            replaced = [part.text for part in parts]
            healed = all(part.sendable for part in parts) and (
                not self.policy.refuses(self._ask(replaced, facts, id)["decision"])
            )
            return Ruling(Outcome.REPLACE, tuple(replaced), whole.explanation, whole.verdict) if healed else whole
        except UnavailableError:
            if self.policy.unavailable == "refuse":
                return Ruling(Outcome.REFUSE, tuple(texts), UNAVAILABLE, None)
            self._unchecked(id)
            return Ruling(Outcome.SEND, tuple(texts), "", None)
