"""The frozen data that travels through the pipeline: context in, verdict out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Final, Literal, get_args

from compliance.errors import ContextError, UnknownPlatformError

__all__ = [
    "PLATFORMS",
    "Action",
    "Citation",
    "Context",
    "Decision",
    "Finding",
    "Message",
    "OrderStatus",
    "Rewrite",
    "Severity",
    "Suggestion",
    "Tier",
    "ToneName",
    "Verdict",
    "platform_id",
]

PLATFORMS: Final = {
    "pdd": "拼多多",
    "taobao": "淘宝/天猫",
    "jd": "京东",
    "douyin": "抖音电商",
    "kuaishou": "快手小店",
}
"""Platforms whose rules are known: id and the name shown to people."""

_ALIASES: Final = {
    "拼多多": "pdd",
    "pinduoduo": "pdd",
    "淘宝": "taobao",
    "天猫": "taobao",
    "tmall": "taobao",
    "tb": "taobao",
    "tm": "taobao",
    "京东": "jd",
    "jingdong": "jd",
    "抖音": "douyin",
    "抖店": "douyin",
    "dy": "douyin",
    "快手": "kuaishou",
    "快手小店": "kuaishou",
    "ks": "kuaishou",
}

OrderStatus = Literal["none", "placed", "paid", "shipped", "signed", "closed"]
Category = Literal["general", "food", "health_food", "drug", "device", "cosmetic", "education", "finance"]


ToneName = Literal["warm", "formal", "brief"]


def platform_id(name: str) -> str:
    """Return the id of a platform given its id or a common name, in any case.

    Raises:
        UnknownPlatformError: the name is not known; the text lists the ids.
    """
    if name in PLATFORMS:
        return name
    key = name.strip().lower()
    if key in PLATFORMS:
        return key
    if key in _ALIASES:
        return _ALIASES[key]
    known = ", ".join(f"{id_} ({label})" for id_, label in PLATFORMS.items())
    raise UnknownPlatformError(f"unknown platform {name!r}; use one of: {known}")


class Severity(IntEnum):
    """How bad a finding is; the order is meaningful."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case name used in data and on the wire."""
        return self.name.lower()


class Action(StrEnum):
    """What one finding asks for."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


class Decision(StrEnum):
    """May the message be sent?"""

    PASS = "pass"
    WARN = "warn"
    BLOCK = "block"


class Tier(StrEnum):
    """How far a suggestion may be trusted.

    ``safe`` keeps the meaning and may be applied alone, ``unsafe`` needs the agent's yes, ``advice`` is words only.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows about the order and the buyer; ``None`` means not known.

    A rule that needs a fact which is not known can only warn, and names the fact.

    Attributes:
        order_status: none, placed, paid, shipped, signed or closed.
        category: kind of goods (general, food, health_food, drug, device, cosmetic, education, finance).
        buyer_asked: the buyer's last message asked for what the agent now says.
        send_time: when the message was or will be sent; selects the law of that day.
        consent_marketing: the buyer agreed to commercial messages.
        shop: facts such as ``cod`` (see the shop profile); given here they win over the profile.
    """

    order_status: OrderStatus | None = None
    category: Category | None = None
    buyer_asked: bool | None = None
    send_time: datetime | None = None
    consent_marketing: bool | None = None
    shop: Mapping[str, bool] = field(default_factory=dict)

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Context:
        """Build a context from untyped key/value pairs, as they come from JSON or the command line.

        Keys are the attribute names; shop facts are written ``shop.<fact>``. Strings such as ``"true"`` or an
        ISO 8601 time are understood.

        Raises:
            ContextError: an unknown key, or a value of the wrong kind.
        """
        known: dict[str, Any] = {}
        shop: dict[str, bool] = {}
        for key, value in values.items():
            if key == "shop" and isinstance(value, Mapping):
                shop.update({name: _flag(f"shop.{name}", fact) for name, fact in value.items()})
            elif key.startswith("shop."):
                shop[key.removeprefix("shop.")] = _flag(key, value)
            elif key in _PARSERS:
                known[key] = None if value is None else _PARSERS[key](key, value)
            else:
                names = ", ".join([*_PARSERS, "shop.<fact>"])
                raise ContextError(f"unknown context key {key!r}; known keys: {names}")
        return cls(**known, shop=shop)

    def flag(self, name: str) -> bool | None:
        """Return a yes/no fact by its dotted name (``shop.cod``, ``buyer_asked``), or ``None`` if not known."""
        if name.startswith("shop."):
            return self.shop.get(name.removeprefix("shop."))
        value = getattr(self, name)
        return value if isinstance(value, bool) else None


def _flag(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in {"true", "yes", "1", "on"}:
        return True
    if text in {"false", "no", "0", "off"}:
        return False
    raise ContextError(f"context {key}: {value!r} is neither true nor false")


def _one_of(choices: tuple[str, ...]) -> Any:
    def parse(key: str, value: Any) -> str:
        if value not in choices:
            raise ContextError(f"context {key}: {value!r} is not one of {', '.join(choices)}")
        return str(value)

    return parse


def _time(key: str, value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise ContextError(f"context {key}: {value!r} is not an ISO 8601 time such as 2026-01-31T20:15:00") from None


_PARSERS: Final = {
    "order_status": _one_of(get_args(OrderStatus)),
    "category": _one_of(get_args(Category)),
    "buyer_asked": _flag,
    "send_time": _time,
    "consent_marketing": _flag,
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Attributes:
        text: what was written.
        role: ``agent`` or ``buyer``; only agents' messages are judged.
        time: when it was sent, if known.
    """

    text: str
    role: Literal["agent", "buyer"] = "agent"
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause that a finding rests on, as far as it could be verified.

    ``verification`` is the label printed beside the clause; ``clause`` is ``None`` where no number is known.
    """

    document: str
    clause: str | None
    title: str
    effective_from: date | None
    effective_to: date | None
    verification: str
    url: str | None
    penalty: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words that can be sent instead of the finding's words, or advice to the agent."""

    text: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: where, which rule, why, and what to do.

    Attributes:
        start, end: half-open span in code points of the original text.
        start_utf16, end_utf16: the same span in UTF-16 code units, for browsers.
        surface: the characters of the span, as written.
        entry: the lexicon entry or recogniser that was met.
        technique: how the words were written: exact, folded, gap, homophone, lookalike, pinyin, split_glyph, ...
        reasons: the judge's steps, one sentence each.
        missing_context: facts without which the rule could only warn.
        message_index: position of the message in the conversation; 0 for a single message.
    """

    code: str
    name: str
    category: str
    severity: Severity
    action: Action
    start: int
    end: int
    start_utf16: int
    end_utf16: int
    surface: str
    entry: str
    technique: str
    message: str
    reasons: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    missing_context: tuple[str, ...] = ()
    message_index: int = 0


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The whole message in words that can be sent."""

    text: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one message or conversation.

    ``id`` is the caller's id, if one was given.
    """

    id: str | None
    decision: Decision
    platform: str
    bundle_version: str
    bundle_hash: str
    findings: tuple[Finding, ...] = ()
    rewrite: Rewrite | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the wire form described by ``compliance/schemas/verdict.schema.json``."""
        from compliance.wire import verdict_to_dict  # noqa: PLC0415  the wire form is needed only at the edges

        return verdict_to_dict(self)
