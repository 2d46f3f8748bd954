"""Suggestions for one finding: the smallest change first, advice last."""

from __future__ import annotations

from collections.abc import Callable

from compliance.judge import Kept
from compliance.model import Suggestion, Tier
from compliance.rewrite.compose import apply
from compliance.rewrite.edits import edits_for
from compliance.rewrite.tone import Tone

__all__ = ["suggestions_for"]

_MOST = 3


def suggestions_for(
    hit: Kept, text: str, tone: Tone, still_fire: Callable[[str], frozenset[str]], try_words: bool
) -> tuple[Suggestion, ...]:
    """Return up to three suggestions.

    Words are offered only if, put in place, they heal this hit; an edit that leaves nothing is no suggestion. To try
    words takes a check of the message, so ``try_words`` is off for a message with very many: advice remains.
    """
    found: list[Suggestion] = []
    for edit in edits_for(hit, tone) if try_words else ():
        words = edit.text.lstrip("，")
        if words and words not in {s.text for s in found} and hit.rule.code not in still_fire(apply(text, [edit])):
            found.append(Suggestion(words, edit.tier))
    if not found and try_words:
        found += (
            Suggestion(words, Tier.UNSAFE)
            for words in list(tone.wordings(hit.rule.rewrite.message, hit.rule.code))[:1]
            if not still_fire(words)
        )
    if hit.rule.rewrite.advice:
        found = [*found[: _MOST - 1], Suggestion(hit.rule.rewrite.advice, Tier.ADVICE)]
    return tuple(found[:_MOST])
