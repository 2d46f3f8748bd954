"""Put the edits of all findings together into one message that is clean.

Each finding proposes its edits from the smallest change to the largest (word, nothing, clause, whole message).
Plans are tried in that order; a plan counts only if the result, checked with the same context, is clean. Where
edits overlap the wider one wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compliance.judge import Kept
from compliance.model import Rewrite, Tier
from compliance.rewrite.suggest import replacement_word
from compliance.rewrite.tone import Tone

__all__ = ["compose_rewrite"]


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str
    tier: Tier


def compose_rewrite(text: str, hits: list[Kept], is_clean: Callable[[str], bool]) -> Rewrite | None:
    """Return a clean message in place of ``text``, or ``None`` where only advice can be given."""
    if not hits:
        return None
    tone = Tone.of(text)
    for plan in (_smallest, _clauses):
        edits = [plan(hit, tone) for hit in hits]
        if all(edit is not None for edit in edits):
            result = _apply(text, [edit for edit in edits if edit is not None])
            tier = Tier.SAFE if all(edit and edit.tier is Tier.SAFE for edit in edits) else Tier.UNSAFE
            if result and result != text and is_clean(result):
                return Rewrite(result, tier)
    for hit in sorted(hits, key=lambda k: -k.severity):
        if hit.rule.rewrite.message:
            result = tone.pick(hit.rule.rewrite.message, hit.rule.code)
            if is_clean(result):
                return Rewrite(result, Tier.UNSAFE)
    return None


def _smallest(hit: Kept, tone: Tone) -> _Edit | None:
    candidate, spec = hit.candidate, hit.rule.rewrite
    word = replacement_word(hit, tone)
    if word is not None:
        return _Edit(candidate.start, candidate.end, word, Tier(spec.tier))
    if spec.drop:
        return _Edit(candidate.start, candidate.end, "", Tier(spec.tier))
    return _clauses(hit, tone)


def _clauses(hit: Kept, tone: Tone) -> _Edit | None:
    candidate, spec = hit.candidate, hit.rule.rewrite
    if not spec.clause:
        return None
    start, end = candidate.view.clause(candidate.start, candidate.end)
    return _Edit(start, end, tone.pick(spec.clause, hit.rule.code), Tier.UNSAFE)


def _apply(text: str, edits: Iterable[_Edit]) -> str:
    parts, position = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if edit.start < position:
            continue
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return _mend("".join([*parts, text[position:]]))


def _mend(text: str) -> str:
    """Mend punctuation around words that were left out."""
    text = re.sub(r"([，,、；;])\s*(?=[，,、；;。！!？?])", "", text)
    text = re.sub(r"^[\s，,、；;。！!？?的]+", "", text)
    return text.strip()
