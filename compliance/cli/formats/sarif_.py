"""SARIF 2.1.0, for code-scanning tools."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle
from compliance.model import Action, Finding

__all__ = ["render"]

_LEVELS = {Action.BLOCK: "error", Action.WARN: "warning", Action.NOTE: "note"}


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield the log; only rules that fired are described."""
    found = [(result, finding) for result in results for finding in result.verdict.findings]
    codes = {finding.code for _, finding in found}
    rules = [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.rewrite.advice or rule.message},
            "properties": {"category": rule.category},
        }
        for rule in bundle.rules
        if rule.code in codes
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "compliance", "semanticVersion": bundle.version, "rules": rules}},
                "columnKind": "utf16CodeUnits",
                "results": [_result(result, finding) for result, finding in found],
            }
        ],
    }
    yield json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _result(result: Result, finding: Finding) -> dict[str, Any]:
    region = {
        "startLine": result.message.line,
        "startColumn": finding.start_utf16 + 1,
        "endColumn": finding.end_utf16 + 1,
    }
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.action],
        "message": {"text": f"“{finding.surface}” {finding.message}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": result.message.origin}, "region": region}}],
    }
