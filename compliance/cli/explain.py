"""Explain a rule: what it finds, why, the clauses, exemptions, examples and what to send instead."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator
from pathlib import Path

from compliance.errors import InputError
from compliance.lexicon.bundle import Clause, Rule, SeverityTable
from compliance.lexicon.store import load_bundle
from compliance.model import PLATFORMS, Severity

__all__ = ["add_arguments", "cited", "describe", "levels", "run", "wordings"]

LEVELS = {Severity.CRITICAL: "严重", Severity.HIGH: "高", Severity.MEDIUM: "中", Severity.LOW: "低", None: "不启用"}
_STATUSES = {"none": "未下单", "placed": "已下单", "paid": "已付款", "paid+": "付款后", "shipped": "已发货",
             "signed": "已签收", "closed": "已关闭"}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("code", metavar="CODE", help="a rule code such as CTC101, as shown in a finding")
    parser.add_argument("--lexicons", type=Path, metavar="DIR", help="use this lexicon folder")


def run(options: argparse.Namespace) -> int:
    """Print the rule."""
    bundle = load_bundle(options.lexicons)
    rule = bundle.rule(options.code)
    if rule is None:
        near = difflib.get_close_matches(options.code.upper(), [rule.code for rule in bundle.rules], 3, 0.5)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise InputError(f"there is no rule {options.code!r}{hint}; `compliance rules` lists all")
    print("\n".join(describe(rule)))
    return 0


def describe(rule: Rule) -> Iterator[str]:
    """Yield the lines of the description."""
    yield f"{rule.code}  {rule.title}  （{rule.name}，{rule.category}）"
    yield f"  提示  {rule.message}"
    yield f"  原因  {rule.why}"
    yield f"  平台  {'、'.join(PLATFORMS[id_] for id_ in PLATFORMS if id_ in rule.platforms)}"
    yield f"  等级  {levels(rule.severity)}"
    for need in rule.needs:
        yield f"  需要  {need.flag}（为 {str(need.fires_if).lower()} 时成立；不知道时只作提醒）"
    if rule.exemptions:
        yield f"  豁免  {rule.exemptions}"
    for clause in rule.clauses:
        if clause.printable:
            yield f"  依据  {cited(clause)}"
    if rule.rewrite.advice:
        yield f"  建议  {rule.rewrite.advice}"
    for wording in wordings(rule):
        yield f"  可发  {wording}"
    for kind, title in (("hit", "会提示"), ("pass", "不提示")):
        for example in rule.examples:
            if example.kind == kind:
                yield f"  {title}  {example.text}"


def wordings(rule: Rule) -> list[str]:
    """Return what can be sent instead, as a friendly agent would say it."""
    templates = (*rule.rewrite.clause, *rule.rewrite.message)
    return [template.replace("{call}", "亲").replace("{tail}", "哦") for template in templates]


def cited(clause: Clause) -> str:
    """Return one clause as it is printed, with the days it is in force."""
    citation = clause.citation
    begins, ends = citation.effective_from, citation.effective_to
    period = f"，{begins or ''} 至 {ends or '今'}" if begins or ends else ""
    penalty = f"；{citation.penalty}" if citation.penalty else ""
    return f"{citation.document}{citation.clause or ''} {citation.title}（{citation.verification}{period}）{penalty}"


def levels(table: SeverityTable) -> str:
    """Return a severity table in words."""
    parts = [LEVELS[table.default]]
    for key, level in table.special.items():
        platform, _, status = key.partition(".")
        place = PLATFORMS.get(platform, "")
        when = _STATUSES.get(status or key, "")
        parts.append(f"{place}{when}：{LEVELS[level]}")
    return "；".join(parts)
