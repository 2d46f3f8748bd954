"""For people: the message with its words underlined, the clause, the reason and the rewrite."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle
from compliance.model import PLATFORMS, Action, Citation, Decision, Finding, Tier

__all__ = ["render", "render_result"]

_RED, _YELLOW, _GREEN, _BLUE, _DIM, _BOLD, _LINE, _PLAIN = "31", "33", "32", "36", "2", "1", "4", "0"
_MOST_REASONS = 2
"""Against the same words, that are told in full."""
_DECISIONS = {
    Decision.BLOCK: ("✗ 不能发送", _RED),
    Decision.WARN: ("! 建议修改", _YELLOW),
    Decision.PASS: ("✓ 可以发送", _GREEN),
}
_LEVELS = {"critical": ("严重", _RED), "high": ("高", _RED), "medium": ("中", _YELLOW), "low": ("低", _BLUE)}
_TIERS = {Tier.SAFE: "可直接替换", Tier.UNSAFE: "请客服确认", Tier.ADVICE: "建议"}


class _Paint:
    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[{_PLAIN}m" if self.colour and text else text


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:
    """Yield one block for each message with findings, and a summary where there were several messages."""
    paint, counts = _Paint(colour), Counter[Decision]()
    first: Result | None = None
    for result in results:
        if result.verdict.findings or result.dropped:
            yield ("\n" if counts else "") + render_result(result, paint)
        elif first is None:
            first = result
        counts[result.verdict.decision] += 1
    if counts.total() == 1 and first is not None:
        yield render_result(first, paint)
    if counts.total() != 1:
        yield (
            f"\n共 {counts.total()} 条：不能发送 {counts[Decision.BLOCK]}，建议修改 {counts[Decision.WARN]}，"
            f"可以发送 {counts[Decision.PASS]}（词库 {bundle.version} {bundle.hash}）\n"
        )


def render_result(result: Result, paint: _Paint) -> str:
    """Return the block of one message."""
    verdict, message = result.verdict, result.message
    label, code = _DECISIONS[verdict.decision]
    where = "" if message.origin == "<text>" else f"  {message.origin}:{message.line}"
    lines = [f"{paint(label, code, _BOLD)}  {paint(PLATFORMS[verdict.platform], _DIM)}{paint(where, _DIM)}"]
    lines += [f"  {line}" for line in _marked(message.text, verdict.findings, paint)]
    for finding in verdict.findings:
        lines += _finding(finding, paint)
    if verdict.rewrite is not None:
        lines.append(
            f"  {paint('改为', _GREEN, _BOLD)}  {paint(verdict.rewrite.text, _GREEN)}"
            f"  {paint(f'（{_TIERS[verdict.rewrite.tier]}）', _DIM)}"
        )
    lines += _dropped(result, paint)
    return "\n".join(lines) + "\n"


def _dropped(result: Result, paint: _Paint) -> Iterator[str]:
    """Yield a line for each rule and words that were considered, with the different reasons against them."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for dropped in result.dropped:
        surface = _shown(result.message.text[dropped.candidate.start : dropped.candidate.end])
        if len(surface) > 1:  # single characters are only the beginning of something
            known = reasons.setdefault((dropped.rule.code, surface), [])
            if dropped.reason not in known:
                known.append(dropped.reason)
    for (code, surface), told in reasons.items():
        more = f"；另有 {len(told) - _MOST_REASONS} 种情况也不符合" if len(told) > _MOST_REASONS else ""
        yield f"  {paint(f'未提示 {code} “{surface}”', _DIM)}  {'；'.join(told[:_MOST_REASONS])}{more}"


def _finding(finding: Finding, paint: _Paint) -> Iterator[str]:
    level, code = _LEVELS[finding.severity.label]
    yield f"  {paint(finding.code, code, _BOLD)} {paint(level, code)} “{_shown(finding.surface)}” {finding.message}"
    for citation in finding.citations[:2]:
        yield f"     {paint('依据', _DIM)}  {_cited(citation)}"
    if finding.reasons:
        yield f"     {paint('判断', _DIM)}  {'；'.join(finding.reasons)}"
    if finding.missing_context:
        yield f"     {paint('缺少', _DIM)}  {'、'.join(finding.missing_context)}"
    for suggestion in finding.suggestions:
        if suggestion.tier is Tier.ADVICE or finding.action is Action.NOTE:
            yield f"     {paint('建议', _DIM)}  {suggestion.text}"
            break


def _cited(citation: Citation) -> str:
    return f"{citation.document}{citation.clause or ''} {citation.title}（{citation.verification}）"


def _marked(text: str, findings: Iterable[Finding], paint: _Paint) -> Iterator[str]:
    """Yield the lines of the message; words underlined by the terminal, or by a line of marks below."""
    inside = [False] * len(text)
    for finding in findings:
        inside[finding.start : finding.end] = [True] * (finding.end - finding.start)
    start = 0
    for line in text.splitlines(keepends=True) or [""]:
        flags = inside[start : start + len(line)]
        start += len(line)
        shown = _shown(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
        if paint.colour:
            yield "".join(paint(char, _LINE, _RED) if flag else char for char, flag in zip(shown, flags, strict=False))
            continue
        yield shown
        marks = "".join(("~" if flag else " ") * _width(char) for char, flag in zip(shown, flags, strict=False))
        if marks.strip():
            yield marks.rstrip()


def _shown(text: str) -> str:
    """Make control characters and lone surrogates visible without changing the length."""
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
