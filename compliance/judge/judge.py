"""Weigh the evidence for one candidate: keep it, lower it, or drop it, and say why.

The order is fixed: protecting phrase, gap, word boundary, contexts that forbid, contexts that are required, the cue
that a disguise needs, legal exemption, facts of shop and order, severity.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.detect.candidate import Candidate
from compliance.judge import boundary
from compliance.judge.context import holds
from compliance.judge.gap import Gap, judge_gap
from compliance.lexicon.bundle import Bundle, Entry, Rule
from compliance.model import PLATFORMS, Context, Severity
from compliance.segment import is_word

__all__ = ["Dropped", "Kept", "judge"]

TECHNIQUES = {
    "exact": "原样书写",
    "folded": "换了字形（全角、繁体、大小写或花体字符）",
    "gap": "字间夹了别的字符",
    "particle": "字间夹了语气词",
    "digits": "用数字代替汉字数字",
    "pinyin": "用拼音书写",
    "initials": "用拼音首字母书写",
    "split_glyph": "把字拆开书写",
    "reversed": "颠倒了字序",
    "emoji": "用表情符号代替文字",
    "symbol": "用符号代替文字",
    "homophone": "用同音字代替",
    "lookalike": "用形近字代替",
}
"""How a technique is told to people."""

_DISGUISES = frozenset({"pinyin", "initials", "split_glyph", "reversed", "emoji", "homophone", "lookalike"})

_TELLING = 3
"""Words of so many characters tell by themselves that one of them is wrong."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A candidate that became a finding."""

    candidate: Candidate
    rule: Rule
    entry: Entry
    severity: Severity
    technique: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that did not become a finding, and the deciding reason."""

    candidate: Candidate
    rule: Rule
    entry: Entry
    reason: str


def judge(candidate: Candidate, bundle: Bundle, platform: str, context: Context) -> Kept | Dropped:
    """Judge one candidate; cost is bounded by fixed windows around it."""
    entry = bundle.entries[candidate.entry]
    rule = bundle.rules[entry.rule]
    view, start, end = candidate.view, candidate.start, candidate.end

    def drop(reason: str) -> Dropped:
        return Dropped(candidate, rule, entry, reason)

    if platform not in rule.platforms:
        return drop(f"本规则不适用于{PLATFORMS[platform]}")
    if entry.family is not None and entry.family == bundle.family(platform):
        return drop("这是本平台自己的名称")
    missing: list[str] = []
    table = entry.severity or rule.severity
    severity = table.get(platform, context.order_status)
    if severity is not None and context.order_status is None and table.depends_on_status(platform):
        severity = table.mildest(platform)
        missing.append("order_status")
    if severity is None:
        return drop("本规则在此平台或订单状态下不启用")

    phrase = _protecting_phrase(candidate, entry)
    if phrase:
        return drop(f"属于“{phrase}”，不是违规用语")
    gap = Gap.NONE if entry.recogniser or entry.pattern else judge_gap(view, start, end)
    if gap is Gap.ORDINARY:
        return drop("中间是正常的标点或空格，前后不是一个词")
    reason = _boundary(candidate, entry, gap, bundle)
    if reason:
        return drop(reason)
    for spec in entry.unless:
        if holds(spec, view, start, end):
            return drop(f"语境排除：{spec.name}")
    for spec in entry.requires:
        if not holds(spec, view, start, end):
            return drop(f"缺少必要的语境：{spec.name}")

    technique = _technique(candidate, gap)
    reasons = [f"写法：{TECHNIQUES[technique]}"]
    reasons += [f"语境符合：{spec.name}" for spec in entry.requires]
    if technique in _DISGUISES and _needs_cue(candidate, bundle):
        cue = next((spec for spec in entry.cue if holds(spec, view, start, end)), None)
        if cue is None:
            return drop("写法与规则词不同，附近也没有其他迹象，按普通用语处理")
        reasons.append(f"附近有佐证：{cue.name}")

    for spec in entry.exempt:
        if holds(spec, view, start, end):
            lowered = bundle.judgement.exempt.get(platform, bundle.judgement.exempt.get("default"))
            if lowered is None:
                return drop(f"法律豁免：{spec.name}")
            severity = min(severity, lowered)
            reasons.append(f"{bundle.judgement.exempt_note}（{spec.name}）")
            break

    for need in entry.needs:
        known = context.flag(need.flag)
        if known is None:
            missing.append(need.flag)
        elif known is not need.fires_if:
            return drop(f"已知 {need.flag} = {str(known).lower()}，本规则不适用")
    if missing and severity > Severity.MEDIUM:
        severity = Severity.MEDIUM
        reasons.append(f"缺少信息 {'、'.join(missing)}，只作提醒")
    return Kept(candidate, rule, entry, severity, technique, tuple(reasons), tuple(missing))


def _protecting_phrase(candidate: Candidate, entry: Entry) -> str:
    soft, start, end, term = candidate.view.soft, candidate.start, candidate.end, candidate.term
    for phrase in entry.protect:
        if not term:
            if phrase in soft[max(0, start - len(phrase) + 1) : end + len(phrase) - 1]:
                return phrase
        elif term in phrase and term != phrase:
            begin = start - phrase.index(term)
            if begin >= 0 and soft.startswith(phrase, begin):
                return phrase
    return ""


def _boundary(candidate: Candidate, entry: Entry, gap: Gap, bundle: Bundle) -> str:
    """Return why the hit is no word of its own, or an empty string."""
    view, start, end = candidate.view, candidate.start, candidate.end
    if any(is_word(view.spelled(*span)) for span in candidate.betrayed):
        return "写出来的本身就是一个词"
    if any(boundary.crosses_word(view, *span) for span in candidate.betrayed):
        return "分词显示其中变形书写的词跨在两个词之间"
    if entry.recogniser or entry.boundary == "none":
        return ""
    if entry.pattern is None and boundary.continues_latin(view, start, end):
        return "是更长的字母或数字串的一部分"
    if gap is Gap.EVASIVE:
        return ""
    asked = candidate.technique in _DISGUISES or boundary.suspicious(view, start, end, bundle.crossings)
    if asked and boundary.crosses_word(view, start, end):
        return "分词显示它跨在两个词之间"
    if any(boundary.crosses_word(view, *span) for span in candidate.disguised):
        return "分词显示其中变形书写的词跨在两个词之间"
    if entry.boundary == "word" and boundary.inside_word(view, start, end):
        return "分词显示它是一个更长的词的一部分"
    return ""


def _technique(candidate: Candidate, gap: Gap) -> str:
    if candidate.technique != "exact":
        return candidate.technique
    if gap is Gap.EVASIVE:
        return "gap"
    view, start, end = candidate.view, candidate.start, candidate.end
    return "exact" if view.text[start:end].lower() == view.soft[start:end] else "folded"


def _needs_cue(candidate: Candidate, bundle: Bundle) -> bool:
    """A disguise speaks for itself unless its characters are a word, or as usual as the ones they replace."""
    if candidate.technique in ("initials", "reversed"):
        return True
    if candidate.technique in ("pinyin", "split_glyph"):
        return False
    if candidate.betrayed and candidate.end - candidate.start < _TELLING:
        return True
    usual = bundle.tables.usual
    if candidate.technique == "emoji":  # a pictograph speaks for itself, another word beside it does not
        return any(written in usual for _, written in candidate.substituted)
    if any(written in usual for _, written in candidate.substituted):
        return True
    words = candidate.disguised or ((candidate.start, candidate.end),)
    return any(is_word(candidate.view.spelled(*span)) for span in words)
