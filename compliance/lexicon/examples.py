"""Prove every rule by its own examples before it may be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from compliance.errors import ContextError, Problem
from compliance.lexicon.bundle import Bundle, ExampleText, Rule
from compliance.model import Action, Context, Decision, Finding, platform_id

if TYPE_CHECKING:
    from compliance.checker import Checker

__all__ = ["prove_examples"]


def prove_examples(bundle: Bundle) -> list[Problem]:
    """Run all examples; return one problem for each that fails.

    A ``hit`` must give a finding of its rule (over ``span``, with ``action``, if stated; else more than a note
    unless the rule is a note by itself), a ``pass`` must give none, a ``fix`` must be rewritten to ``want`` and the
    rewrite must be clean.
    """
    from compliance.checker import Checker  # noqa: PLC0415  the checker loads bundles itself

    checker = Checker(bundle)
    problems: list[Problem] = []
    for rule in bundle.rules:
        for example in rule.examples:
            problems.extend(Problem(example.file, example.line, text) for text in _defects(checker, rule, example))
    return problems


def _defects(checker: Checker, rule: Rule, example: ExampleText) -> Iterator[str]:
    try:
        platform = platform_id(example.platform)
        context = Context.parse(example.context)
    except (ContextError, ValueError) as error:
        yield f"example {example.text!r}: {error}"
        return
    verdict = checker.check(example.text, platform=platform, context=context)
    own = [finding for finding in verdict.findings if finding.code == rule.code]
    if example.kind == "hit":
        yield from _hit_defects(checker, rule, example, own, platform, context)
    elif example.kind == "pass":
        for finding in own:
            where = f"at {finding.surface!r}, {finding.entry}"
            yield f"{rule.code} fires on its own pass example {example.text!r} ({where})"
    else:
        text = verdict.rewrite.text if verdict.rewrite else None
        if text != example.want:
            yield f"{rule.code}: {example.text!r} is rewritten to {text!r}, the example wants {example.want!r}"
        elif text is not None and checker.check(text, platform=platform, context=context).decision != Decision.PASS:
            yield f"{rule.code}: the rewrite {text!r} is not clean itself"


def _hit_defects(
    checker: Checker, rule: Rule, example: ExampleText, own: list[Finding], platform: str, context: Context
) -> Iterator[str]:
    if not own:
        dropped = [d for d in checker.examine(example.text, platform, context).dropped if d.rule is rule]
        why = f" (dropped: {dropped[0].reason})" if dropped else ""
        yield f"{rule.code} misses its own hit example {example.text!r} on {platform}{why}"
        return
    if example.span is not None and all(finding.surface != example.span for finding in own):
        yield f"{rule.code} finds {own[0].surface!r} in {example.text!r}, the example wants {example.span!r}"
    if example.action is not None and all(finding.action != Action(example.action) for finding in own):
        yield f"{rule.code} gives {own[0].action.value!r} for {example.text!r}, the example wants {example.action!r}"
