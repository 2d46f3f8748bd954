"""The edits that could heal one hit, from the smallest change to the largest.

* the word: other words in its place, or none;
* the end of the clause: from the hit on, where what stands before it is a statement of its own (it holds the facts
  that the message must keep: 订单123今天发出加我微信… keeps 订单123今天发出);
* the clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.judge import Kept
from compliance.model import Tier
from compliance.rewrite.tone import Tone

__all__ = ["Edit", "edits_for", "replacement_word"]

_STATEMENT = re.compile(r"\d{2,}|[了哦呢哈的吧呀啦啊]$")
"""A part that says something by itself: it holds a number, or closes as a sentence does."""
_UNFINISHED = re.compile(
    r"[是在把被给跟和与要会能可就都也还不没很太最从向往对比用为因但而或让叫请帮"
    r"您你我他她这那每各又再才只]$"
)
"""What such a word ends is only the beginning of something."""
_SHORTEST_STATEMENT = 6
_QUESTION_MARKS = ("?", "？")
_CALL = re.compile(r"(?:亲爱的|亲亲|亲|您好|你好)(?:[呀啊哦])?")


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in place of the code points ``[start, end)``.

    ``topic`` is set for a sentence of its own: said once, it need not be said again.
    """

    start: int
    end: int
    text: str
    tier: Tier
    topic: str = ""


def edits_for(hit: Kept, tone: Tone) -> Iterator[Edit]:
    """Yield the edits a rule offers for one hit, smallest first."""
    candidate, spec = hit.candidate, hit.rule.rewrite
    word = replacement_word(hit, tone)
    if word is not None:
        yield Edit(candidate.start, candidate.end, word, Tier(spec.tier))
    if spec.drop:
        yield Edit(candidate.start, candidate.end, "", Tier(spec.tier))
    if not spec.clause:
        return
    start, end = candidate.view.clause(candidate.start, candidate.end)
    sentence = tone.pick(spec.clause, hit.rule.code)
    text = candidate.view.text
    before = text[start : candidate.start].strip()
    if text.startswith(_QUESTION_MARKS, end) and not sentence.endswith(("吗", "呢")):
        end += 1
        sentence += "，" if text[end:].strip() else ""
    if len(before) >= _SHORTEST_STATEMENT and _STATEMENT.search(before) and not _UNFINISHED.search(before):
        yield Edit(candidate.start, end, f"，{sentence}", Tier.UNSAFE, hit.rule.category)
    call = _CALL.match(text, start, candidate.start)
    if call and not sentence.startswith(call[0]):
        sentence = f"{call[0]}，{sentence}"
    yield Edit(start, end, sentence, Tier.UNSAFE, hit.rule.category)


def replacement_word(hit: Kept, tone: Tone) -> str | None:
    """Return words that may stand in the place of the hit's words, or ``None``."""
    spec, candidate = hit.rule.rewrite, hit.candidate
    choices = spec.replace.get(candidate.view.spelled(candidate.start, candidate.end))
    if choices is None and candidate.term:
        choices = spec.replace.get(candidate.term)
    return tone.pick(choices, hit.rule.code) if choices else None
