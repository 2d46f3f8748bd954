"""Citations: the clause of the day, never more than what was verified."""

from __future__ import annotations

from datetime import datetime

import pytest

from compliance import Bundle, Checker, Context, Verdict


def _cited(verdict: Verdict) -> set[str]:
    return {f"{c.document}{c.clause or ''}" for finding in verdict.findings for c in finding.citations}


@pytest.mark.parametrize(
    ("text", "day", "cited", "not_cited"),
    [
        ("信不信我找人弄死你", "2026-01-01", "第五十条", "第四十二条"),
        ("信不信我找人弄死你", "2025-12-31", "第四十二条", "第五十条"),
        ("别家都是假货，千万别去他们家买", "2025-10-15", "第十二条", "第十一条"),
        ("别家都是假货，千万别去他们家买", "2025-10-14", "第十一条", "第十二条"),
        ("给个五星好评返现3元", "2024-09-01", "《网络反不正当竞争暂行规定》", None),
    ],
)
def test_old_chats_are_judged_by_the_law_of_their_day(
    checker: Checker, text: str, day: str, cited: str, not_cited: str | None
) -> None:
    context = Context(send_time=datetime.fromisoformat(f"{day}T12:00:00"))
    found = _cited(checker.check(text, platform="taobao", context=context))
    assert any(cited in citation for citation in found)
    assert not_cited is None or not any(
        not_cited in citation for citation in found if "治安" in citation or "反不正当竞争法" in citation
    )


def test_the_platform_is_cited_before_the_law_and_others_never(checker: Checker) -> None:
    verdict = checker.check("给个五星好评返现3元", platform="douyin")
    citations = verdict.findings[0].citations
    law = [i for i, c in enumerate(citations) if c.verification == "已核对"]
    platform = [
        i for i, c in enumerate(citations) if "抖音" in c.document or "飞鸽" in c.document or "商家-" in c.document
    ]
    assert platform
    assert not law or max(platform) < min(law)
    assert not any("拼多多" in c.document or "淘宝" in c.document for c in citations)


def test_what_was_not_verified_is_never_printed(bundle: Bundle, checker: Checker) -> None:
    hidden = {clause.citation for clause in bundle.clauses.values() if clause.level == "D"}
    assert hidden
    for rule in bundle.rules:
        for example in rule.examples:
            for finding in checker.check(example.text, platform=example.platform).findings:
                assert not hidden.intersection(finding.citations)


def test_copies_of_platform_rules_say_so(bundle: Bundle) -> None:
    labels = {"A": "已核对", "B": "转载核对，以平台规则中心为准", "C": "据公开资料"}
    for clause in bundle.clauses.values():
        if clause.level != "D":
            assert clause.citation.verification == labels[clause.level]
        if clause.issuer != "national":
            assert clause.level != "A"


def test_clauses_of_one_numbering_leave_no_day_without_law(bundle: Bundle) -> None:
    for clause in bundle.clauses.values():
        begins, ends = clause.citation.effective_from, clause.citation.effective_to
        assert begins is None or ends is None or begins <= ends
