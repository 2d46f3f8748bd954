"""Words that one agent splits over several messages to one buyer (加 / 微 / 信, half a phone number each).

Each message is checked alone first. Then short neighbouring messages are joined without a seam and checked again;
a hit counts only if it runs over a seam, so nothing is reported twice. A seam is closed only beside a short
message: two full sentences that happen to meet are not read as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from compliance.fold import Utf16Offsets
from compliance.model import Action, Context, Decision, Finding, Message, Verdict

if TYPE_CHECKING:
    from compliance.checker import Checker

__all__ = ["check_conversation", "read_together"]

_WINDOW: Final = 5
"""Messages read together."""
_SPAN: Final = timedelta(seconds=60)
"""Messages further apart than this from their neighbour are not read together, where times are known."""
_SHORT: Final = 8
"""Characters up to which a message counts as a fragment."""


def check_conversation(
    checker: Checker,
    messages: Sequence[str | Message],
    *,
    platform: str | None,
    context: Context | None,
    id: str | None,
) -> Verdict:
    """Check each agent's message alone and short neighbours together; one verdict for all."""
    said = [Message(m) if isinstance(m, str) else m for m in messages]
    own = [(index, message) for index, message in enumerate(said) if message.role == "agent"]
    findings: list[Finding] = []
    verdict = checker.check("", platform=platform, context=context, id=id)
    for index, message in own:
        alone = checker.check(message.text, platform=platform, context=_at(context, message))
        findings += (replace(finding, message_index=index) for finding in alone.findings)
    seen = {(f.code, f.message_index, f.start, f.end) for f in findings}
    for window in _windows(own):
        for finding in _across(checker, window, platform, context):
            key = (finding.code, finding.message_index, finding.start, finding.end)
            if key not in seen:
                seen.add(key)
                findings.append(finding)
    findings.sort(key=lambda f: (f.message_index, f.start, -f.end, f.code))
    return replace(verdict, decision=_worst(findings), findings=tuple(findings))


def _at(context: Context | None, message: Message) -> Context | None:
    return context if message.time is None else replace(context or Context(), send_time=message.time)


def _windows(own: Sequence[tuple[int, Message]]) -> Iterator[list[tuple[int, Message]]]:
    """Yield runs of up to five messages in which every seam has a fragment beside it and no long pause."""
    run: list[tuple[int, Message]] = []
    for item in own:
        if run and not read_together(run[-1][1], item[1]):
            run = []
        run = [*run, item][-_WINDOW:]
        if len(run) > 1:
            yield run


def read_together(first: Message, second: Message) -> bool:
    """Tell whether words may run over the seam of two neighbours: one is a fragment, and no long pause is between."""
    if first.time and second.time and abs(second.time - first.time) > _SPAN:
        return False
    return min(len(first.text.strip()), len(second.text.strip())) <= _SHORT


def _across(
    checker: Checker, window: Sequence[tuple[int, Message]], platform: str | None, context: Context | None
) -> Iterator[Finding]:
    texts = [message.text.strip() for _, message in window]
    starts = [0, *accumulate(map(len, texts))]
    joined = checker.check("".join(texts), platform=platform, context=_at(context, window[-1][1]))
    for finding in joined.findings:
        touched = [k for k in range(len(texts)) if finding.start < starts[k + 1] and starts[k] < finding.end]
        if len(touched) < 2:
            continue
        for k in touched:
            index, message = window[k]
            offset = len(message.text) - len(message.text.lstrip()) - starts[k]
            start = max(finding.start, starts[k]) + offset
            end = min(finding.end, starts[k + 1]) + offset
            utf16 = Utf16Offsets(message.text)
            yield replace(
                finding,
                start=start,
                end=end,
                start_utf16=utf16[start],
                end_utf16=utf16[end],
                surface=message.text[start:end],
                technique="split_messages",
                reasons=(f"与相邻的消息连起来是“{finding.surface}”", *finding.reasons),
                message_index=index,
            )


def _worst(findings: Sequence[Finding]) -> Decision:
    actions = {finding.action for finding in findings}
    if Action.BLOCK in actions:
        return Decision.BLOCK
    return Decision.WARN if Action.WARN in actions else Decision.PASS
