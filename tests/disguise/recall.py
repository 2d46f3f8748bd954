"""Disguise the hit examples of the rules and see which are still found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from compliance import Action, Checker, Context, Finding
from compliance.model import platform_id
from tests.disguise.techniques import Technique, disguise

__all__ = ["Attempt", "Hit", "attempts", "plain_hits"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit example: its words are ``text[start:end]``, written plainly.

    Attributes:
        tolerance: what the entry that found it declares to see through.
        action: what its finding asks for.
    """

    code: str
    category: str
    platform: str
    context: Context
    text: str
    start: int
    end: int
    tolerance: frozenset[str]
    action: Action


@dataclass(frozen=True, slots=True)
class Attempt:
    """One disguised example, and whether it was found."""

    hit: Hit
    techniques: tuple[Technique, ...]
    messages: tuple[str, ...]
    found: bool

    @property
    def promised(self) -> bool:
        """Whether the entry declares to see through all that needs a declaration."""
        return {technique.tolerance for technique in self.techniques if technique.tolerance} <= self.hit.tolerance


def plain_hits(checker: Checker, most: int | None = None) -> Iterator[Hit]:
    """Yield the hit examples of all rules, up to ``most`` of each, that are not disguised to begin with."""
    for rule in checker.bundle.rules:
        for example in islice((example for example in rule.examples if example.kind == "hit"), most):
            platform, context = platform_id(example.platform), Context.parse(example.context)
            kept = checker.examine(example.text, platform, context).kept
            own = [hit for hit in kept if hit.rule is rule and hit.technique == "exact"]
            if own:
                found, entry = own[0].candidate, own[0].entry
                slots = entry.pattern.slots if entry.pattern else ()
                tolerance = entry.tolerance.union(*(slot.tolerance for slot in slots))
                findings = checker.check(example.text, platform=platform, context=context).findings
                action = next(f.action for f in findings if f.code == rule.code)
                yield Hit(
                    rule.code, rule.category, platform, context, example.text, found.start, found.end, tolerance, action
                )


def attempts(
    checker: Checker,
    hits: Iterable[Hit],
    techniques: tuple[Technique, ...],
    *,
    per_rule: int,
    most: int | None = None,
) -> Iterator[Attempt]:
    """Disguise up to ``per_rule`` examples of every rule, ``most`` in all, chosen and changed by a fixed seed."""
    name = "+".join(technique.name for technique in techniques)
    by_rule: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_rule[hit.code].append(hit)
    order = Random(name).sample(list(by_rule), len(by_rule))
    chosen = (pick for code in order for pick in islice(_picks(name, code, by_rule[code], techniques), per_rule))
    for hit, words in islice(chosen, most):
        messages = (*words[:-1], words[-1] + hit.text[hit.end :])
        messages = (hit.text[: hit.start] + messages[0], *messages[1:])
        yield Attempt(hit, techniques, messages, _found(checker, hit, messages, words))


def _picks(
    name: str, code: str, examples: Sequence[Hit], techniques: tuple[Technique, ...]
) -> Iterator[tuple[Hit, list[str]]]:
    random = Random(f"{name} {code}")
    for hit in random.sample(examples, len(examples)):
        words = disguise(hit.text[hit.start : hit.end], techniques, random)
        if words is not None:
            yield hit, words


def _found(checker: Checker, hit: Hit, messages: tuple[str, ...], words: list[str]) -> bool:
    if len(messages) > 1:
        findings = checker.check_conversation(messages, platform=hit.platform, context=hit.context).findings
        return any(_right(hit, finding) for finding in findings)
    findings = checker.check(messages[0], platform=hit.platform, context=hit.context).findings
    end = hit.start + len(words[0])
    return any(_right(hit, finding) and finding.start < end and hit.start < finding.end for finding in findings)


def _right(hit: Hit, finding: Finding) -> bool:
    """A finding of the same category counts; a note only where the plain words get no more either."""
    return finding.category == hit.category and (finding.action is not Action.NOTE or hit.action is Action.NOTE)
