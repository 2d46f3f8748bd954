"""List all rules."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from compliance.lexicon.bundle import Rule
from compliance.lexicon.store import load_bundle
from compliance.model import Severity

__all__ = ["add_arguments", "rule_to_dict", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to show them")
    parser.add_argument("--lexicons", type=Path, metavar="DIR", help="use this lexicon folder")


def run(options: argparse.Namespace) -> int:
    """Print the list."""
    bundle = load_bundle(options.lexicons)
    rules = sorted(bundle.rules, key=lambda rule: rule.code)
    if options.format == "json":
        print(json.dumps([rule_to_dict(rule) for rule in rules], ensure_ascii=False, indent=1))
        return 0
    for rule in rules:
        print(f"{rule.code}  {_label(rule.severity.default):8}  {rule.category:24}  {rule.title}")
    print(f"{len(rules)} rules, {len(bundle.entries)} entries; lexicon {bundle.version} {bundle.hash}")
    return 0


def rule_to_dict(rule: Rule) -> dict[str, object]:
    """Return what programs need to know about a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "title": rule.title,
        "category": rule.category,
        "platforms": sorted(rule.platforms),
        "severity": {"default": _label(rule.severity.default)}
        | {key: _label(level) for key, level in rule.severity.special.items()},
        "message": rule.message,
        "why": rule.why,
        "needs": [{"flag": need.flag, "fires_if": need.fires_if} for need in rule.needs],
        "clauses": [clause.id for clause in rule.clauses if clause.printable],
        "inventory": list(rule.source),
    }


def _label(level: Severity | None) -> str:
    return "off" if level is None else level.label
