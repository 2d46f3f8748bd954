r"""A module for Matrix Synapse: what an agent sends is checked before any buyer can read it.

In ``homeserver.yaml``::

    modules:
      - module: compliance.hooks.synapse.ComplianceModule
        config:
          platform: pdd
          agents: ["@agent-.*:shop\\\\.example"]   # patterns of the senders that are checked
          service: http://127.0.0.1:8321        # leave out to check inside Synapse
          key: ...                              # API key of the service, if it wants one
          timeout: 1.0                          # seconds
          unavailable: refuse                   # or send: what becomes of messages that cannot be checked
          refuse: block                         # or warn: refuse warnings too
          replace: never                        # or safe: send a rewrite that keeps the meaning
          encrypted: refuse                     # or send: the server cannot read encrypted messages

A refused message is answered with status 403, our explanation as its error text, and the verdict in the field
``org.compliance.verdict``. Messages that passed unchecked are counted in the metric
``compliance_passed_unchecked_total`` and logged by event id.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from compliance.checker import Checker
from compliance.errors import InputError
from compliance.hooks.client import ServiceClient
from compliance.hooks.guard import Guard
from compliance.hooks.ruling import Outcome, Policy, Ruling
from compliance.model import platform_id
from compliance.profile import Profile, load_profile

__all__ = ["ComplianceModule", "Config", "texts_of"]

_LOG = logging.getLogger("compliance.hooks.synapse")
_CHOICES = {
    "unavailable": ("refuse", "send"),
    "refuse": ("block", "warn"),
    "replace": ("never", "safe"),
    "encrypted": ("refuse", "send"),
}
_OTHERS = {"platform", "agents", "service", "key", "timeout", "profile"}
_ENCRYPTED = "服务器看不到加密消息的内容，无法检查，所以没有发送。请使用未加密的会话。"


@dataclass(frozen=True, slots=True)
class Config:
    """The module's part of the configuration file."""

    platform: str
    agents: tuple[re.Pattern[str], ...]
    policy: Policy
    service: str | None = None
    key: str | None = None
    timeout: float = 1.0
    profile: str | None = None
    refuse_encrypted: bool = True


class ComplianceModule:
    """Registers with Synapse and rules on every message event of the agents, edits included."""

    def __init__(self, config: Config, api: Any) -> None:
        """Called by Synapse with what :meth:`parse_config` returned and its module API."""
        self._config, self._api = config, api
        self._unchecked = _counter()
        if config.service is None:
            profile = load_profile(Path(config.profile)) if config.profile else Profile()
            self._guard = Guard.embedded(Checker(profile=profile), platform=config.platform, policy=config.policy)
        else:
            client = ServiceClient(config.service, platform=config.platform, key=config.key, timeout=config.timeout)
            self._guard = Guard.service(client, policy=config.policy, unchecked=self._passed_unchecked)
        api.register_third_party_rules_callbacks(check_event_allowed=self.check_event_allowed)

    @staticmethod
    def parse_config(config: Mapping[str, Any]) -> Config:
        """Read the configuration.

        Raises:
            InputError: a key is missing, unknown or has a wrong value.
        """
        unknown = sorted(set(config) - _OTHERS - set(_CHOICES))
        if unknown:
            raise InputError(f"unknown keys {', '.join(map(repr, unknown))}")
        for name, choices in _CHOICES.items():
            if config.get(name, choices[0]) not in choices:
                raise InputError(f"{name} must be {' or '.join(choices)}")
        agents = config.get("agents")
        if not isinstance(agents, list) or not agents:
            raise InputError("agents must list patterns of the senders that are checked")
        return Config(
            platform_id(str(config.get("platform", ""))),
            tuple(re.compile(str(pattern)) for pattern in agents),
            Policy(
                refuse=config.get("refuse", "block"),
                replace=config.get("replace", "never"),
                unavailable=config.get("unavailable", "refuse"),
            ),
            service=config.get("service"),
            key=config.get("key"),
            timeout=float(config.get("timeout", 1.0)),
            profile=config.get("profile"),
            refuse_encrypted=config.get("encrypted", "refuse") == "refuse",
        )

    async def check_event_allowed(self, event: Any, _: Any) -> tuple[bool, dict[str, Any] | None]:
        """Rule on one event before it is stored; called by Synapse."""
        if not any(pattern.fullmatch(event.sender) for pattern in self._config.agents):
            return True, None
        if event.type == "m.room.encrypted" and self._config.refuse_encrypted:
            raise _refusal(_ENCRYPTED, None)
        texts = texts_of(event.content) if event.type == "m.room.message" else []
        if not texts:
            return True, None
        ruling: Ruling = await self._api.defer_to_thread(self._rule, texts, getattr(event, "event_id", None))
        if ruling.outcome is Outcome.SEND:
            return True, None
        if ruling.outcome is Outcome.REFUSE:
            raise _refusal(ruling.explanation, ruling.verdict)
        replaced = event.get_dict()
        replaced["content"] = _replaced(event.content, dict(zip(texts, ruling.texts, strict=True)))
        return True, replaced

    def _rule(self, texts: list[str], event_id: str | None) -> Ruling:
        """Rule on the ways in which a client may show one message: each by itself, they are no sequence."""
        rulings = [self._guard(text, id=event_id) for text in texts]
        worst = next((ruling for ruling in rulings if ruling.outcome is Outcome.REFUSE), None)
        if worst is not None:
            return worst
        outcome = Outcome.REPLACE if any(r.outcome is Outcome.REPLACE for r in rulings) else Outcome.SEND
        told = next((r for r in rulings if r.outcome is outcome), rulings[0])
        return Ruling(outcome, tuple(r.text for r in rulings), told.explanation, told.verdict)

    def _passed_unchecked(self, event_id: str | None) -> None:
        self._unchecked()
        _LOG.warning("event %s passed unchecked: the service gave no verdict", event_id)


def _refusal(explanation: str, verdict: Mapping[str, Any] | None) -> Exception:
    """Return what Synapse answers the agent with; its log gets neither explanation nor verdict, for they quote."""
    from synapse.api.errors import Codes, SynapseError  # noqa: PLC0415  only inside Synapse

    class RefusalError(SynapseError):
        def error_dict(self, config: Any) -> dict[str, Any]:
            found: dict[str, Any] = {**super().error_dict(config), "error": explanation}
            return found if verdict is None else {**found, "org.compliance.verdict": dict(verdict)}

    return RefusalError(403, "refused by the compliance check", Codes.FORBIDDEN)


def texts_of(content: Mapping[str, Any]) -> list[str]:
    """Return every text of a message that some client may show, an edit's new content included."""
    new = content.get("m.new_content")
    found: dict[str, None] = {}
    for part in (content, new) if isinstance(new, Mapping) else (content,):
        for key in ("body", "formatted_body"):
            text = part.get(key)
            if isinstance(text, str) and text.strip():
                found[_plain(text) if key == "formatted_body" else text] = None
    return list(found)


def _replaced(content: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the content with its texts replaced; formatting is dropped, for it holds the old words."""
    found = {key: value for key, value in content.items() if key not in ("formatted_body", "format")}
    if isinstance(found.get("body"), str):
        found["body"] = texts.get(found["body"], found["body"])
    if isinstance(found.get("m.new_content"), Mapping):
        found["m.new_content"] = _replaced(found["m.new_content"], texts)
    return found


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p", "li", "div"):
            self.parts.append("\n")
        self.parts.extend(f" {value} " for name, value in attrs if name == "href" and value)


def _plain(html: str) -> str:
    """Return what a reader of the HTML sees, and where its links lead."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def _counter() -> Any:
    from prometheus_client import REGISTRY, Counter  # noqa: PLC0415  Synapse brings it

    name = "compliance_passed_unchecked"
    known = getattr(REGISTRY, "_names_to_collectors", {}).get(name)
    return (known or Counter(name, "Messages that passed without a verdict.")).inc
