"""Put the edits of all hits together into one message that is clean.

Every hit begins with its smallest edit. As long as the result, checked with the same context, is not clean, the hits
whose rules still fire take their next larger edit; when none is left, one sentence replaces the whole message. Where
edits overlap, the wider one stands, and a sentence about one topic is said once: a second one is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from compliance.judge import Kept
from compliance.model import Rewrite, Tier
from compliance.rewrite.edits import Edit, edits_for
from compliance.rewrite.mend import mend
from compliance.rewrite.tone import Tone

__all__ = ["apply", "compose_rewrite"]

_MOST_ROUNDS = 6
"""So often a larger edit is tried; a message that needs more is replaced as a whole."""


def compose_rewrite(
    text: str, hits: Sequence[Kept], tone: Tone, still_fire: Callable[[str], frozenset[str]], try_words: bool
) -> Rewrite | None:
    """Return a clean message in place of ``text``, or ``None`` where only advice can be given.

    Args:
        text: the message.
        hits: what to heal, in text order.
        tone: how the agent writes.
        still_fire: returns the codes of the rules that find a fault in a text; none means that it may be sent.
        try_words: heal the hits one by one; else only the whole message is replaced.
    """
    choices = [tuple(edits_for(hit, tone)) for hit in hits]
    steps = [0] * len(hits)
    for _ in range(_MOST_ROUNDS if try_words else 0):
        if any(step >= len(edits) for step, edits in zip(steps, choices, strict=True)):
            break
        chosen = [edits[step] for step, edits in zip(steps, choices, strict=True)]
        result = apply(text, chosen)
        codes = still_fire(result) if result else frozenset(hit.rule.code for hit in hits)
        if not codes and result != text:
            tier = Tier.SAFE if all(edit.tier is Tier.SAFE for edit in chosen) else Tier.UNSAFE
            return Rewrite(result, tier)
        guilty = [i for i, hit in enumerate(hits) if hit.rule.code in codes] or range(len(hits))
        for i in guilty:
            steps[i] += 1
    return _whole_message(hits, tone, still_fire)


def _whole_message(hits: Iterable[Kept], tone: Tone, still_fire: Callable[[str], frozenset[str]]) -> Rewrite | None:
    for hit in sorted(hits, key=lambda k: -k.severity):
        for result in tone.wordings(hit.rule.rewrite.message, hit.rule.code):
            if not still_fire(result):
                return Rewrite(result, Tier.UNSAFE)
    return None


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made and its punctuation mended."""
    parts: list[str] = []
    position = 0
    said: set[str] = set()
    for edit in _without_overlaps(edits):
        words = "" if edit.topic and edit.topic in said else edit.text
        said.add(edit.topic)
        parts += [text[position : edit.start], words]
        position = edit.end
    return mend("".join([*parts, text[position:]]))


def _without_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in text order; of two that overlap the wider stands."""
    standing: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if not standing or standing[-1].end <= edit.start:
            standing.append(edit)
        elif edit.end - edit.start > standing[-1].end - standing[-1].start:
            standing[-1] = edit
    return standing
