"""The way of one message: fold, match and recognise, judge, cite, rewrite, verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain
from typing import Final

from compliance.cite import choose_citations
from compliance.conversation import check_conversation
from compliance.detect.automaton import build_automaton
from compliance.detect.candidate import Candidate
from compliance.detect.contact import ContactRecognisers
from compliance.detect.lexical import EVERYTHING, find_terms_and_sentences
from compliance.detect.whole import whole_end
from compliance.fold import Respelled, Utf16Offsets, View, respell
from compliance.judge import Dropped, Kept, ShopEvidence, judge
from compliance.lexicon.bundle import Bundle, Rule
from compliance.lexicon.store import load_bundle
from compliance.model import (
    PLATFORMS,
    Action,
    Context,
    Decision,
    Finding,
    Message,
    Rewrite,
    Severity,
    Verdict,
    platform_id,
)
from compliance.profile import Profile
from compliance.resolve import beside, resolve
from compliance.rewrite import Tone, compose_rewrite, suggestions_for
from compliance.segment import token_bounds

__all__ = ["Checker", "Examination"]

_NO_CONTEXT: Final = Context()


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything the judge decided about one text: what stays, and what was dropped and why."""

    kept: tuple[Kept, ...]
    dropped: tuple[Dropped, ...]


_MOST_HEALED: Final = 12
"""Hits of one message that are healed one by one; trying words for more would make the work quadratic."""
_NOTHING: Final = Examination((), ())


class Checker:
    """Checks messages against one bundle and one shop profile. Immutable, reusable, safe to share among threads."""

    def __init__(self, bundle: Bundle | None = None, profile: Profile | None = None) -> None:
        """Use the given bundle and profile, or the lexicons that came with the package and no profile.

        Raises:
            LexiconError: the lexicons cannot be loaded.
        """
        self.bundle = load_bundle() if bundle is None else bundle
        self.profile = Profile() if profile is None else profile
        self._recognisers = ContactRecognisers(self.bundle.tables, self.bundle.recognition)
        self._automaton = build_automaton((*self.bundle.needles, *self._recognisers.needles))
        self._shop = ShopEvidence(self.profile, self.bundle.tables)
        version, digest = self.bundle.version, self.bundle.hash
        self._clean = {p: Verdict(None, Decision.PASS, p, version, digest) for p in PLATFORMS}
        self._own_domains = {p: self.bundle.own_domains(p) | self.profile.domains for p in PLATFORMS}

    def with_profile(self, profile: Profile) -> Checker:
        """Return a checker for another shop that shares this one's bundle and automaton: cheap in time and memory."""
        other = copy(self)
        other.profile = profile
        other._shop = ShopEvidence(profile, self.bundle.tables)
        other._own_domains = {p: self.bundle.own_domains(p) | profile.domains for p in PLATFORMS}
        return other

    def check(
        self, text: str, *, platform: str | None = None, context: Context | None = None, id: str | None = None
    ) -> Verdict:
        """Check one message.

        Args:
            text: what the agent is about to send; any Unicode text.
            platform: id or name; may be left out if the profile names one.
            context: facts about order and buyer; unknown facts only make some rules warn instead of block.
            id: the caller's id, returned in the verdict.

        Raises:
            UnknownPlatformError: the platform is not known, or none was given.
        """
        where = platform_id(platform or self.profile.platform or "")
        facts = self.profile.complete(context or _NO_CONTEXT)
        kept = self._keep(text, where, facts)
        if not kept:
            return self._clean[where] if id is None else replace(self._clean[where], id=id)
        findings, rewrite = self._answer(text, kept, where, facts)
        return Verdict(id, _decide(findings), where, self.bundle.version, self.bundle.hash, findings, rewrite)

    def warm_up(self, rules: Iterable[Rule] | None = None) -> None:
        """Load segmentation and compile the patterns that the examples of ``rules`` need; all rules take some seconds.

        Everything else compiles when it is first met, which takes a message up to half a second; whoever answers
        people at once warms up first.
        """
        token_bounds("您好")
        for rule in self.bundle.rules if rules is None else rules:
            platform = min(rule.platforms)
            for example in rule.examples:
                self.examine(example.text, platform, _NO_CONTEXT)

    def check_conversation(
        self,
        messages: Sequence[str | Message],
        *,
        platform: str | None = None,
        context: Context | None = None,
        id: str | None = None,
    ) -> Verdict:
        """Check an agent's messages to one buyer together, so that words split over several messages are seen.

        Every finding's ``message_index`` and span point into the message that holds its words.
        """
        return check_conversation(self, messages, platform=platform, context=context, id=id)

    def examine(self, text: str, platform: str, context: Context) -> Examination:
        """Match and judge one text, and tell everything that was dropped and why; ``platform`` is an id."""
        weighed = self.weigh(text, platform, context)
        return Examination(tuple(resolve(weighed.kept)), weighed.dropped)

    def weigh(self, text: str, platform: str, context: Context) -> Examination:
        """Do as :meth:`examine` does, but keep every hit: also those that lie inside others."""
        return self._weigh(text, platform, context, EVERYTHING)

    def _keep(self, text: str, platform: str, context: Context) -> Sequence[Kept]:
        """Return what :meth:`examine` keeps, without looking at what is sure to be dropped."""
        kept = self._weigh(text, platform, context, self.bundle.standing[platform]).kept
        return resolve(kept) if kept else ()

    def _weigh(self, text: str, platform: str, context: Context, given: int) -> Examination:
        view = View(text, self.bundle.tables)
        hits, needle_met = self._scan(view)
        candidates = list(find_terms_and_sentences(view, hits, self.bundle, given)) if hits else []
        if (pictured := view.with_emoji_words()) is not None:
            candidates += self._read_again(pictured, given)
        if self._recognisers.worthwhile(view, needle_met):
            candidates += self._contacts(view, platform, context)
        examination = self._judge(candidates, platform, context)
        if (respelled := respell(view, self.bundle.inner_pairs)) is not None:
            return self._add_respelled(examination, respelled, view, platform, context, given)
        return examination

    def _read_again(self, view: View, given: int) -> Iterator[Candidate]:
        return find_terms_and_sentences(view, self._scan(view)[0], self.bundle, given)

    def _add_respelled(
        self, found: Examination, respelled: Respelled, view: View, platform: str, context: Context, given: int
    ) -> Examination:
        """Judge what only the respelled text shows, in that text, and map it back to the message."""
        reread = (respelled.view, respelled.view.with_emoji_words())
        candidates = []
        for candidate in chain.from_iterable(self._read_again(text, given) for text in reread if text is not None):
            if how := respelled.technique(candidate.start, candidate.end):
                candidate.technique = how
                candidates.append(candidate)
        if respelled.closed_up:
            contacts = self._contacts(respelled.view, platform, context)
            candidates += (one for one in contacts if respelled.closes_up(one.start, one.end))
        more = self._judge(candidates, platform, context)
        if more is _NOTHING:
            return found

        def located(outcome: Kept | Dropped) -> Candidate:
            candidate = outcome.candidate
            start, end = respelled.located(candidate.start, candidate.end)
            return replace(candidate, start=start, end=end, view=view, read=candidate)

        kept = [replace(hit, candidate=located(hit)) for hit in more.kept]
        return Examination(
            (*found.kept, *beside(found.kept, kept)),
            (*found.dropped, *(replace(hit, candidate=located(hit)) for hit in more.dropped)),
        )

    def _scan(self, view: View) -> tuple[Sequence[tuple[int, int]], bool]:
        """Return the hits of lexicon keys, and whether a needle of the recognisers was met."""
        found = self._automaton.scan(view.data)
        if not found:
            return (), False
        keys = len(self.bundle.keys)
        hits = [hit for hit in found if hit[1] < keys]
        return hits, len(hits) < len(found)

    def _own_phone(self, number: str, context: Context) -> bool:
        """Tell whether a number is the shop's own and may be given: for service, so not before an order is paid."""
        return number in self.profile.phones and context.order_status not in ("none", "placed")

    def _contacts(self, view: View, platform: str, context: Context) -> Iterable[Candidate]:
        for found in self._recognisers.find(view):
            if found.detail in self._own_domains[platform] or self._own_phone(found.detail, context):
                continue
            for entry in self.bundle.recognisers.get(found.kind, ()):
                yield Candidate(entry, found.start, found.end, found.technique, view, detail=found.detail)

    def _judge(self, candidates: Sequence[Candidate], platform: str, context: Context) -> Examination:
        if not candidates:
            return _NOTHING
        kept: list[Kept] = []
        dropped: list[Dropped] = []
        for candidate in candidates:
            outcome = judge(candidate, self.bundle, platform, context)
            if isinstance(outcome, Dropped):
                dropped.append(outcome)
            elif excuse := "" if self._shop.empty else self._shop.excuse(outcome, _day(context)):
                dropped.append(Dropped(candidate, outcome.rule, outcome.entry, excuse))
            else:
                candidate.end = whole_end(candidate.view.text, candidate.start, candidate.end)
                kept.append(outcome)
        return Examination(tuple(kept), tuple(dropped))

    def _answer(
        self, text: str, kept: Sequence[Kept], platform: str, context: Context
    ) -> tuple[tuple[Finding, ...], Rewrite | None]:
        """Turn hits into findings with citations and suggestions, and into one rewrite of the message."""
        utf16, tone, day = Utf16Offsets(text), Tone.of(text, self.profile.tone), _day(context)
        try_words = len(kept) <= _MOST_HEALED

        @cache
        def still_fire(candidate: str) -> frozenset[str]:
            return frozenset(hit.rule.code for hit in self._to_heal(self._keep(candidate, platform, context)))

        findings = tuple(
            Finding(
                code=hit.rule.code,
                name=hit.rule.name,
                category=hit.rule.category,
                severity=hit.severity,
                action=self.action(hit.severity),
                start=hit.candidate.start,
                end=hit.candidate.end,
                start_utf16=utf16[hit.candidate.start],
                end_utf16=utf16[hit.candidate.end],
                surface=(surface := text[hit.candidate.start : hit.candidate.end]),
                entry=hit.entry.label or hit.candidate.term,
                technique=hit.technique,
                message=hit.rule.message.replace("{surface}", surface),
                reasons=hit.reasons,
                citations=choose_citations(hit.rule.clauses, platform, day),
                suggestions=suggestions_for(hit, text, tone, still_fire, try_words),
                missing_context=hit.missing,
            )
            for hit in kept
        )
        to_heal = self._to_heal(kept)
        return findings, compose_rewrite(text, to_heal, tone, still_fire, try_words) if to_heal else None

    def _to_heal(self, kept: Iterable[Kept]) -> list[Kept]:
        return [hit for hit in kept if self.action(hit.severity) is not Action.NOTE]

    def action(self, severity: Severity) -> Action:
        """Return what a severity leads to, for this shop."""
        return self.profile.actions.get(severity) or self.bundle.judgement.actions[severity]


def _decide(findings: Iterable[Finding]) -> Decision:
    actions = {finding.action for finding in findings}
    if Action.BLOCK in actions:
        return Decision.BLOCK
    return Decision.WARN if Action.WARN in actions else Decision.PASS


def _day(context: Context) -> date | None:
    return context.send_time.date() if context.send_time else None
