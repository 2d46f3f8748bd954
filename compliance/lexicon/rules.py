"""Rule files compiled to rules; their entries are compiled beside them."""

from __future__ import annotations

from collections.abc import Collection

from compliance.fold import FoldTables
from compliance.lexicon.bundle import Clause, ExampleText, Need, RewriteSpec, Rule
from compliance.lexicon.policies import Policies
from compliance.lexicon.reader import Reader
from compliance.lexicon.schema import RuleFile
from compliance.lexicon.severities import severity_table
from compliance.lexicon.source import Source
from compliance.model import PLATFORMS

__all__ = ["compile_rule"]


def compile_rule(
    reader: Reader, source: Source, model: RuleFile, policies: Policies, rows: Collection[str], tables: FoldTables
) -> Rule:
    """Compile a rule; ``rows`` are the ids of the inventory, empty where the folder has none."""
    for platform in model.platforms:
        if platform not in PLATFORMS:
            reader.report(source, f"unknown platform {platform!r}", "platforms")
    for index, row in enumerate(model.source if rows else ()):
        if row not in rows:
            reader.report(source, f"the inventory has no row {row!r}", "source", index)
    return Rule(
        code=model.code,
        name=model.name,
        title=model.title,
        category=model.category,
        platforms=frozenset(model.platforms),
        severity=severity_table(reader, source, model.severity, ("severity",)),
        message=model.message,
        why=model.why,
        exemptions=model.exemptions,
        clauses=_clauses(reader, source, model, policies),
        source=tuple(model.source),
        needs=tuple(Need(need.flag, need.fires_if) for need in model.needs),
        rewrite=_rewrite(model, tables),
        examples=_examples(source, model),
        file=source.name,
    )


def _clauses(reader: Reader, source: Source, model: RuleFile, policies: Policies) -> tuple[Clause, ...]:
    clauses: dict[str, Clause] = {}
    for index, reference in enumerate(model.cite):
        cited = policies.cited.get(reference)
        if cited:
            clauses.update((clause.id, clause) for clause in cited)
        else:
            reader.report(source, f"unknown clause {reference!r}", "cite", index)
    return tuple(clauses.values())


def _rewrite(model: RuleFile, tables: FoldTables) -> RewriteSpec:
    spec = model.rewrite
    return RewriteSpec(
        replace={tables.soften(old): tuple(new) for old, new in spec.replace.items()},
        drop=spec.drop,
        clause=tuple(spec.clause),
        message=tuple(spec.message),
        tier=spec.tier,
        advice=spec.advice,
    )


def _examples(source: Source, model: RuleFile) -> tuple[ExampleText, ...]:
    kinds = (("hit", model.examples.hit), ("pass", model.examples.pass_), ("fix", model.examples.fix))
    return tuple(
        ExampleText(
            kind,
            example.text,
            example.platform or model.platforms[0],
            example.span,
            example.want,
            example.action,
            example.context,
            source.name,
            source.line("examples", kind, index),
        )
        for kind, group in kinds
        for index, example in enumerate(group)
    )
