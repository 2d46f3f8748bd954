"""All rules compiled: immutable data that the checker runs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from compliance.fold import FoldTables
from compliance.lexicon.words import Words
from compliance.model import PLATFORMS, Action, Citation, OrderStatus, Severity

__all__ = [
    "Anchor",
    "Bundle",
    "Clause",
    "ContextSpec",
    "Entry",
    "ExampleText",
    "InventoryRow",
    "Judgement",
    "Key",
    "Need",
    "Pattern",
    "PlatformNames",
    "Recognition",
    "RewriteSpec",
    "Rule",
    "SeverityTable",
    "Slot",
    "Target",
    "Triggers",
]


@dataclass(frozen=True, slots=True)
class ContextSpec:
    """Words near a hit, soft-folded; ``None`` means the place is not looked at.

    ``within`` counts code points between the words and the hit (left, right) or the reach to either side (near).
    Any of the places suffices, and ``also`` must hold besides.
    """

    name: str
    left: Words | None = None
    right: Words | None = None
    near: Words | None = None
    clause: Words | None = None
    message: Words | None = None
    span: Words | None = None
    within: int | None = None
    cross: bool = False
    also: ContextSpec | None = None


@dataclass(frozen=True, slots=True)
class SeverityTable:
    """Severity by platform and order status; the most specific key wins.

    ``None`` as a value switches the rule off there.
    """

    default: Severity | None
    special: Mapping[str, Severity | None] = field(default_factory=dict)

    def get(self, platform: str, status: str | None) -> Severity | None:
        """Return the severity, or ``None`` where the rule does not apply."""
        if not self.special:
            return self.default
        keys = [platform]
        if status is not None:
            after_payment = status in ("paid", "shipped", "signed")
            keys = [f"{platform}.{status}", *([f"{platform}.paid+"] if after_payment else []), platform, status]
            if after_payment:
                keys.append("paid+")
        for key in keys:
            if key in self.special:
                return self.special[key]
        return self.default

    def depends_on_status(self, platform: str) -> bool:
        """Tell whether order statuses make a difference on a platform."""
        return any(key.startswith(f"{platform}.") or (key not in PLATFORMS and "." not in key) for key in self.special)

    def mildest(self, platform: str) -> Severity | None:
        """Return the lowest severity that any order status would give, ``None`` if the rule is off for all."""
        levels = [self.get(platform, status) for status in get_args(OrderStatus)]
        return min((level for level in levels if level is not None), default=None)


@dataclass(frozen=True, slots=True)
class Slot:
    """One word set or number inside a pattern.

    Attributes:
        spellings: soft spelling -> technique.
        expected: hard fold -> the spelling that a homophone or look-alike of it replaces.
        tolerance: what else is tolerated.
        number: any number is meant, and no words.
    """

    spellings: Mapping[str, str]
    expected: Mapping[str, str] = field(default_factory=dict)
    tolerance: frozenset[str] = frozenset()
    number: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the automaton looks for on behalf of a pattern.

    Attributes:
        keys: hard-folded key -> the soft spellings that count; none at all mean that any does.
        before, after: a match begins at most so many characters before the anchor and ends at most so many after
            its start.
        companions: the other mandatory elements.
    """

    keys: Mapping[str, frozenset[str]]
    before: int
    after: int
    companions: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence pattern as a bounded expression over :attr:`View.phrases`; group *n* is ``slots[n - 1]``.

    The hit is what stands from the first to the last group of ``underlined``, or the whole match if that is ``None``.
    The pattern is tried from ``before`` characters before its anchor to ``after`` characters behind the anchor's start.
    """

    source: str
    expression: str
    slots: tuple[Slot, ...]
    underlined: tuple[int, int] | None
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that the rule needs; it fires only if the fact has this value."""

    flag: str
    fires_if: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a rule (a group of terms, a pattern or a recogniser) with the evidence it needs.

    Attributes:
        rule: number of the rule.
        label: how the entry is called in findings, the rule's title unless it has a name; empty where the term says it.
        protect: ordinary phrases, soft-folded; a hit inside one is none.
        family: the platform whose name this is.
    """

    rule: int
    label: str
    pattern: Pattern | None = None
    recogniser: str | None = None
    tolerance: frozenset[str] = frozenset()
    boundary: str = "auto"
    requires: tuple[ContextSpec, ...] = ()
    unless: tuple[ContextSpec, ...] = ()
    exempt: tuple[ContextSpec, ...] = ()
    cue: tuple[ContextSpec, ...] = ()
    protect: tuple[str, ...] = ()
    severity: SeverityTable | None = None
    needs: tuple[Need, ...] = ()
    family: str | None = None


Target = tuple[int, Mapping[str, tuple[str, str]], bool]
"""What a key means for the terms of an entry: (entry, soft spelling -> (term, technique), whether homophones or
look-alikes of the spellings count too)."""

Triggers = Mapping[int, frozenset[str]]
"""What a key means for patterns: entry to try here -> ways the key must be spelled; none means any."""

Key = tuple[int, tuple[Target, ...], Triggers, int]
"""A string the automaton looks for: (its characters, its terms, its patterns, number of what all of them need).
Plain tuples, because there are tens of thousands and they load with every command."""


@dataclass(frozen=True, slots=True)
class RewriteSpec:
    """Strategies of a rule, from the smallest change to the largest."""

    replace: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: bool = False
    clause: tuple[str, ...] = ()
    message: tuple[str, ...] = ()
    tier: str = "unsafe"
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A citable clause with its issuer, so that it is cited only where it applies."""

    id: str
    issuer: str
    level: str
    citation: Citation

    @property
    def printable(self) -> bool:
        """Whether it is verified well enough to be shown to anybody: level D never is."""
        return self.level != "D"


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One rule of the collection: what it says, and its fate in the product.

    Attributes:
        fate: text, context (needs the facts in ``needs``), conversation, metric or invisible.
        reason: why, where the text of one message does not suffice.
    """

    number: int
    id: str
    platform: str
    categories: tuple[str, ...]
    rule: str
    severity: str
    verification: str
    fate: str
    needs: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class ExampleText:
    """One example of a rule file and where it stands."""

    kind: str
    text: str
    platform: str
    span: str | None
    want: str | None
    action: str | None
    context: Mapping[str, object]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, without its entries."""

    code: str
    name: str
    title: str
    category: str
    platforms: frozenset[str]
    severity: SeverityTable
    message: str
    why: str
    exemptions: str | None
    clauses: tuple[Clause, ...]
    source: tuple[str, ...]
    needs: tuple[Need, ...]
    rewrite: RewriteSpec
    examples: tuple[ExampleText, ...]
    file: str


@dataclass(frozen=True, slots=True)
class PlatformNames:
    """Domains of one platform family."""

    id: str
    name: str
    family: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What severities and legal exemptions lead to, from ``lexicons/judgement.yaml``.

    Attributes:
        actions: severity -> action, before a shop profile changes it.
        exempt: platform (or ``default``) -> severity that a legally exempt hit falls to; ``None`` drops it.
        exempt_note: the reason given for a hit that is exempt by law but kept as a note.
    """

    actions: Mapping[Severity, Action]
    exempt: Mapping[str, Severity | None]
    exempt_note: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What recognisers look for beside digits and letters, from ``lexicons/recognisers.yaml``."""

    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fillers: tuple[str, ...] = ()
    phone_labels: tuple[str, ...] = ()
    top_level_domains: tuple[str, ...] = ()
    weak_domains: tuple[str, ...] = ()
    second_level_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything the checker needs, compiled from one lexicon folder.

    Attributes:
        version: of the lexicons, as written in ``lexicons/VERSION``.
        hash: first 16 hex digits of the SHA-256 over all lexicon files.
        needles: byte strings of the automaton; ``keys`` are their meanings.
        needed: number in a key -> bit set of what all of its terms and patterns need.
        preconditions: entry -> bit set of all that it needs beside the key by which it was met.
        leads: first two characters of a word (or its only one), hard-folded -> bit set of what such a word may be.
        standing: platform -> bit set of what is true on it.
        crossings: dictionary words that can lie across an edge of a hit; where none does, segmentation need not be
            asked.
        inner_pairs: neighbours within words of terms and patterns, soft-folded.
        recognisers: recogniser name -> entries that judge its candidates.
    """

    version: str
    hash: str
    tables: FoldTables
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    needles: tuple[bytes, ...]
    keys: tuple[Key, ...]
    needed: tuple[int, ...]
    preconditions: tuple[int, ...]
    leads: Mapping[str, int]
    standing: Mapping[str, int]
    crossings: frozenset[str]
    inner_pairs: frozenset[str]
    recognisers: Mapping[str, tuple[int, ...]]
    recognition: Recognition
    platforms: tuple[PlatformNames, ...]
    judgement: Judgement
    clauses: Mapping[str, Clause]
    inventory: tuple[InventoryRow, ...] = ()

    def rule(self, code: str) -> Rule | None:
        """Return the rule with this code, in any case, or ``None``."""
        return next((rule for rule in self.rules if rule.code == code.upper()), None)

    def family(self, platform: str) -> str:
        """Return the family of a platform: names of one family do not compete with each other."""
        return next((names.family for names in self.platforms if names.id == platform), platform)

    def own_domains(self, platform: str) -> frozenset[str]:
        """Return the registrable domains that belong to a platform's own family."""
        family = self.family(platform)
        return frozenset(domain for names in self.platforms if names.family == family for domain in names.domains)
