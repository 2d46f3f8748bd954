"""Speak as the agent speaks: the same form of address, the same closing particle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

__all__ = ["Tone"]

_TAIL = re.compile(r"[哦呢哈呀啦噢喔](?=[~～。！!，,\s]|$)")


@dataclass(frozen=True, slots=True)
class Tone:
    """How the agent wrote one message, read once.

    Attributes:
        call: the form of address.
        tail: the closing particle, or nothing.
        seed: a number that depends on the whole text, so that wordings vary between messages but never for one.
    """

    call: str
    tail: str
    seed: int

    @classmethod
    def of(cls, text: str) -> Tone:
        """Read the tone of a message."""
        tails = _TAIL.findall(text)
        call = "亲" if "亲" in text else "您好"
        return cls(call, tails[-1] if tails else "", crc32(text.encode("utf-8", "surrogatepass")))

    def pick(self, choices: Sequence[str], salt: str) -> str:
        """Choose one of several wordings and fill its ``{call}`` and ``{tail}``."""
        template = choices[crc32(salt.encode(), self.seed) % len(choices)]
        return template.replace("{call}", self.call).replace("{tail}", self.tail)
