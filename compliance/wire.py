"""The one wire form of a verdict, shared by the command, the service and the audit."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from compliance.model import Citation, Finding, Verdict

__all__ = ["citation_to_dict", "finding_to_dict", "verdict_schema", "verdict_to_dict"]


def verdict_schema() -> dict[str, Any]:
    """Return the published JSON Schema (draft 2020-12) of :func:`verdict_to_dict`."""
    text = resources.files("compliance").joinpath("schemas/verdict.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """Return plain JSON types; key order is fixed."""
    rewrite = verdict.rewrite
    return {
        "id": verdict.id,
        "decision": verdict.decision.value,
        "platform": verdict.platform,
        "bundle": {"version": verdict.bundle_version, "hash": verdict.bundle_hash},
        "findings": [finding_to_dict(finding) for finding in verdict.findings],
        "rewrite": None if rewrite is None else {"text": rewrite.text, "tier": rewrite.tier.value},
    }


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return one finding as plain JSON types."""
    return {
        "code": finding.code,
        "name": finding.name,
        "category": finding.category,
        "severity": finding.severity.label,
        "action": finding.action.value,
        "start": finding.start,
        "end": finding.end,
        "start_utf16": finding.start_utf16,
        "end_utf16": finding.end_utf16,
        "surface": finding.surface,
        "entry": finding.entry,
        "technique": finding.technique,
        "message": finding.message,
        "reasons": list(finding.reasons),
        "citations": [citation_to_dict(citation) for citation in finding.citations],
        "suggestions": [{"text": s.text, "tier": s.tier.value} for s in finding.suggestions],
        "missing_context": list(finding.missing_context),
        "message_index": finding.message_index,
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """Return one citation as plain JSON types."""
    return {
        "document": citation.document,
        "clause": citation.clause,
        "title": citation.title,
        "effective_from": citation.effective_from.isoformat() if citation.effective_from else None,
        "effective_to": citation.effective_to.isoformat() if citation.effective_to else None,
        "verification": citation.verification,
        "url": citation.url,
        "penalty": citation.penalty,
    }
