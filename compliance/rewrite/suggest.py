"""Suggestions for one finding: the smallest change first, advice last."""

from __future__ import annotations

from compliance.judge import Kept
from compliance.model import Suggestion, Tier
from compliance.rewrite.tone import Tone

__all__ = ["replacement_word", "suggestions_for"]

_MOST = 3


def replacement_word(hit: Kept, tone: Tone) -> str | None:
    """Return the words that may stand in the place of the hit's words, or ``None``."""
    spec, candidate = hit.rule.rewrite, hit.candidate
    choices = spec.replace.get(candidate.view.spelled(candidate.start, candidate.end))
    if choices is None and hit.entry.term:
        choices = spec.replace.get(hit.entry.term)
    return tone.pick(choices, hit.rule.code) if choices else None


def suggestions_for(hit: Kept, tone: Tone) -> tuple[Suggestion, ...]:
    """Return up to three suggestions."""
    spec = hit.rule.rewrite
    found: list[Suggestion] = []
    word = replacement_word(hit, tone)
    if word:
        found.append(Suggestion(word, Tier(spec.tier)))
    if spec.clause:
        found.append(Suggestion(tone.pick(spec.clause, hit.rule.code), Tier.UNSAFE))
    elif spec.message:
        found.append(Suggestion(tone.pick(spec.message, hit.rule.code), Tier.UNSAFE))
    if spec.advice:
        found.append(Suggestion(spec.advice, Tier.ADVICE))
    return tuple(found[:_MOST])
