"""Speak as the agent speaks, or as the shop wishes: form of address, closing particle, choice of wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from compliance.model import ToneName

__all__ = ["Tone"]

_TAIL = re.compile(r"[哦呢哈呀啦噢喔](?=[~～。！，!,\s]|$)")
_WARM = re.compile(r"亲|宝|小主|哦|呢|哈|～|~")


@dataclass(frozen=True, slots=True)
class Tone:
    """How one message is worded, read once.

    Attributes:
        call: the form of address.
        tail: the closing particle, or nothing.
        terse: prefer the shortest wording.
        seed: a number that depends on the whole text, so that wordings vary between messages but never for one.
    """

    call: str
    tail: str
    terse: bool
    seed: int

    @classmethod
    def of(cls, text: str, preset: ToneName | None = None) -> Tone:
        """Read the tone of a message; a preset of the shop comes first."""
        seed = crc32(text.encode("utf-8", "surrogatepass"))
        if preset == "formal":
            return cls("您好", "", False, seed)
        if preset == "brief":
            return cls("", "", True, seed)
        tails = _TAIL.findall(text)
        if preset == "warm":
            return cls("亲", tails[-1] if tails else "哦", False, seed)
        return cls("亲" if "亲" in text else "您好", tails[-1] if tails else "", False, seed)

    def pick(self, choices: Sequence[str], salt: str) -> str:
        """Choose one of several wordings and fill its ``{call}`` and ``{tail}``."""
        return next(self.wordings(choices, salt))

    def wordings(self, choices: Sequence[str], salt: str) -> Iterator[str]:
        """Yield all wordings, the chosen one first."""
        if self.terse:
            order = sorted(choices, key=len)
        else:
            first = crc32(salt.encode(), self.seed) % len(choices) if choices else 0
            order = [*choices[first:], *choices[:first]]
        yield from map(self._filled, order)

    def _filled(self, template: str) -> str:
        if not self.call:
            template = template.replace("{call}，", "")
        return template.replace("{call}", self.call).replace("{tail}", self.tail)
