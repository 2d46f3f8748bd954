"""Mattermost, by a gate in front of its REST API: new, changed, scheduled and ephemeral posts, and slash commands.

The gate (``integrations/mattermost``) sends the body of the request and forwards what it gets back, never the original:
what was judged is what the server reads. Keys are compared as the server compares them, without regard to case.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.hooks.ruling import Outcome, Ruling

__all__ = ["Answer", "answer"]

_TEXTS = {"message", "pretext", "title", "text", "fallback", "footer", "author_name", "value", "card"}
_NESTED = {"post", "props", "attachments", "fields"}
_COMMAND = "command"
"""Holds the command's own name, which stays, and the text that it posts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate is told.

    Attributes:
        outcome: whether the request may go on.
        body: the request to forward, or the error to answer it with, in Mattermost's form.
    """

    outcome: Outcome
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Place:
    holder: dict[str, Any]
    key: str
    start: int

    @property
    def text(self) -> str:
        return str(self.holder[self.key][self.start :])

    def put(self, text: str) -> None:
        self.holder[self.key] = self.holder[self.key][: self.start] + text


def answer(payload: Mapping[str, Any], judge: Callable[[Sequence[str]], Ruling]) -> Answer:
    """Answer the body of one request; texts that stand in it more than once are judged once."""
    forwarded = copy.deepcopy(dict(payload))
    places = [place for place in _places(forwarded) if place.text.strip()]
    texts = list(dict.fromkeys(place.text for place in places))
    if not texts:
        return Answer(Outcome.SEND, forwarded)
    ruling = judge(texts)
    if ruling.outcome is Outcome.REFUSE:
        error = {"id": "compliance.refused", "message": ruling.explanation, "detailed_error": "", "status_code": 400}
        return Answer(Outcome.REFUSE, error)
    replaced = dict(zip(texts, ruling.texts, strict=True))
    for place in places:
        place.put(replaced[place.text])
    return Answer(ruling.outcome, forwarded)


def _places(holder: dict[str, Any]) -> Iterator[_Place]:
    for key, value in holder.items():
        name = key.casefold()
        if name in _TEXTS and isinstance(value, str):
            yield _Place(holder, key, 0)
        elif name == _COMMAND and isinstance(value, str):
            yield _Place(holder, key, len(value) - len(value.partition(" ")[2]))
        elif name in _NESTED:
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    yield from _places(inner)
