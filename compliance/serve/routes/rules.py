"""``GET /v1/rules`` and ``/v1/rules/{code}``: the rules that are in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from compliance.cli.explain import wordings
from compliance.cli.rules import rule_to_dict
from compliance.lexicon.bundle import Rule
from compliance.model import platform_id
from compliance.serve.bodies import to_json
from compliance.serve.openapi import described, json_answer
from compliance.serve.problems import ProblemError
from compliance.serve.service import Service, serving_of
from compliance.wire import citation_to_dict

__all__ = ["rules_router"]

Words = Annotated[str | None, Query(max_length=100, description="words to look for in code, name, texts, examples")]
Where = Annotated[str | None, Query(description="only rules of this platform")]
Category = Annotated[str | None, Query(max_length=60, description="only rules of this category")]
Code = Annotated[str, Path(max_length=20, description="rule code, as in a finding", examples=["CTC101"])]


def rules_router(service: Service) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1", tags=["rules"], dependencies=[service.demand("read")])

    @router.get("/rules", response_model=None, responses=described(json_answer("RuleList", "The rules, by code.")))
    def rules(request: Request, q: Words = None, platform: Where = None, category: Category = None) -> Response:
        """List the rules, all or those that match."""
        bundle = serving_of(request).bundle
        found: Iterable[Rule] = sorted(bundle.rules, key=lambda rule: rule.code)
        if platform:
            where = platform_id(platform)
            found = (rule for rule in found if where in rule.platforms)
        if category:
            found = (rule for rule in found if rule.category == category)
        if q:
            words = q.lower().split()
            found = (rule for rule in found if all(word in _haystack(rule) for word in words))
        listed = [rule_to_dict(rule) for rule in found]
        content = {"bundle": {"version": bundle.version, "hash": bundle.hash}, "rules": listed}
        return _cached(request, to_json(content))

    @router.get(
        "/rules/{code}",
        response_model=None,
        responses=described(json_answer("RuleDetail", "The rule."), 404),
    )
    def rule(request: Request, code: Code) -> Response:
        """Tell one rule: clauses, exemptions, examples and what to send instead."""
        found = serving_of(request).bundle.rule(code)
        if found is None:
            raise ProblemError("not-found", "there is no rule of this code; GET /v1/rules lists them")
        return _cached(request, to_json(_detail(found)))

    return router


def _cached(request: Request, content: bytes) -> Response:
    """Let clients keep an answer as long as the bundle is the same."""
    tag = f'"{serving_of(request).bundle.hash}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(None, 304, headers)
    return Response(content, headers=headers, media_type="application/json")


def _haystack(rule: Rule) -> str:
    examples = (example.text for example in rule.examples if example.kind == "hit")
    return "\n".join((rule.code, rule.name, rule.title, rule.category, rule.message, rule.why, *examples)).lower()


def _detail(rule: Rule) -> dict[str, Any]:
    return rule_to_dict(rule) | {
        "exemptions": rule.exemptions,
        "citations": [citation_to_dict(clause.citation) for clause in rule.clauses if clause.printable],
        "examples": {
            kind: [example.text for example in rule.examples if example.kind == kind] for kind in ("hit", "pass")
        },
        "fixes": [{"text": e.text, "want": e.want} for e in rule.examples if e.kind == "fix" and e.want],
        "sendable": wordings(rule),
        "advice": rule.rewrite.advice,
    }
