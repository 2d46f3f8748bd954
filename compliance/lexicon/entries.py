"""The entries of all rules, and the keys by which the automaton finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from operator import add, and_

from compliance.fold import FoldTables, fold_term, spell
from compliance.fold.marks import EMOJI_WORD, SYMBOL
from compliance.fold.tables import FoldingData
from compliance.lexicon.bundle import Anchor, Entry, Key, Need, Slot, Target, Triggers
from compliance.lexicon.patterns import PatternCompiler, PatternError
from compliance.lexicon.preconditions import Preconditions
from compliance.lexicon.rarity import Rarity
from compliance.lexicon.reader import Reader
from compliance.lexicon.schema import EntryModel, PlatformFile, RuleFile
from compliance.lexicon.severities import severity_table
from compliance.lexicon.source import Source
from compliance.lexicon.variants import spellings
from compliance.lexicon.vocabulary import Vocabulary

__all__ = ["Entries"]

_Path = tuple[str | int, ...]


class Entries:
    """Collects entries rule by rule.

    Attributes:
        entries: in the order of their numbers.
        heads, tails: what a hit can begin and end with: terms, first and last words of patterns.
        inner_pairs: neighbours within the words of terms and patterns, as they are written.
        recognisers: recogniser name -> numbers of the entries that judge its finds.
    """

    def __init__(
        self,
        reader: Reader,
        tables: FoldTables,
        folding: FoldingData,
        vocabulary: Vocabulary,
        platforms: Sequence[tuple[Source, PlatformFile]],
    ) -> None:
        self._reader, self._tables, self._folding = reader, tables, folding
        self._vocabulary, self._platforms = vocabulary, platforms
        self._patterns = PatternCompiler(vocabulary.sets, tables, folding)
        self.entries: list[Entry] = []
        self.heads: set[str] = set()
        self.tails: set[str] = set()
        self.inner_pairs: set[str] = set()
        self.recognisers: dict[str, list[int]] = defaultdict(list)
        self._targets: dict[str, dict[int, dict[str, tuple[str, str]]]] = defaultdict(dict)
        self._triggers: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
        self._anchors: dict[int, tuple[Anchor, ...]] = {}

    def keys(
        self, rarity: Rarity, preconditions: Preconditions, applies: Callable[[Entry], Iterable[str]]
    ) -> tuple[dict[str, Key], tuple[int, ...]]:
        """Choose an anchor for each pattern; return hard-folded string -> what it means, in order, and ``needed``.

        What the entries need beside their keys is collected in ``preconditions``; ``applies`` tells on which platforms
        an entry can fire.
        """
        spelled: dict[frozenset[str], frozenset[str]] = {}  # equal ones are kept once: they are most of a bundle
        for number, entry in enumerate(self.entries):
            others: tuple[Slot, ...] = ()
            if entry.pattern is not None:
                anchor = min(self._anchors[number], key=rarity.work)
                pattern = replace(entry.pattern, before=anchor.before, after=anchor.after)
                self.entries[number] = replace(entry, pattern=pattern)
                others = anchor.companions
                for key, ways in anchor.keys.items():
                    self._triggers[key][number] = spelled.setdefault(ways, ways)
            preconditions.add(number, others, entry.requires, applies(entry))
        needed, meant = _Needed(preconditions), _Once()
        found: dict[str, Key] = {}
        for key in sorted(self._targets.keys() | self._triggers.keys()):
            targets, triggers = self._targets_of(key), meant.of(self._triggers.get(key, {}))
            numbers = frozenset(number for number, *_ in targets).union(triggers)
            found[key] = len(key), targets, triggers, needed.by_all(numbers)
        return found, needed.bit_sets()

    def _targets_of(self, key: str) -> tuple[Target, ...]:
        return tuple(
            (number, spelled, bool(self.entries[number].tolerance & {"sound", "look"}))
            for number, spelled in self._targets[key].items()
        )

    def add(
        self, source: Source, rule: RuleFile, number: int, model: EntryModel, path: _Path, family: str | None = None
    ) -> None:
        """Add what one item under ``entries`` says; ``number`` is the rule's."""
        if model.from_ is not None:
            self._add_platform_names(rule, number, model)
            return
        contexts = self._vocabulary.contexts
        entry = Entry(
            rule=number,
            label=model.entry or (rule.title if model.pattern or model.recogniser else ""),
            recogniser=model.recogniser,
            tolerance=frozenset(model.tolerance),
            boundary=model.boundary,
            requires=contexts(source, [*rule.requires, *model.requires], (*path, "requires")),
            unless=contexts(source, [*rule.unless, *model.unless], (*path, "unless")),
            exempt=contexts(source, [*rule.exempt, *model.exempt], (*path, "exempt")),
            cue=contexts(source, model.cue, (*path, "cue")),
            protect=tuple(map(self._tables.soften, model.protect)),
            severity=None
            if model.severity is None
            else severity_table(self._reader, source, model.severity, (*path, "severity")),
            needs=tuple(Need(need.flag, need.fires_if) for need in (*rule.needs, *model.needs)),
            family=family,
        )
        if model.recogniser is not None:
            self.recognisers[model.recogniser].append(len(self.entries))
        elif model.pattern is not None:
            entry = self._with_pattern(source, entry, model.pattern, path)
        else:
            self._add_terms(source, entry, model, path)
        self.entries.append(entry)

    def _add_platform_names(self, rule: RuleFile, number: int, model: EntryModel) -> None:
        for source, platform in self._platforms:
            for index, names in enumerate(platform.names):
                merged = names.model_copy(
                    update={
                        "requires": [*model.requires, *names.requires],
                        "unless": [*model.unless, *names.unless],
                        "exempt": [*model.exempt, *names.exempt],
                    }
                )
                self.add(source, rule, number, merged, ("names", index), platform.family)

    def _add_terms(self, source: Source, entry: Entry, model: EntryModel, path: _Path) -> None:
        softened = [self._tables.soften(term) for term in model.terms]
        for index, (written, term) in enumerate(zip(model.terms, softened, strict=True)):
            if not fold_term(term, self._tables):
                text = f"term {written!r} can never match: folding drops all of it"
                self._reader.report(source, text, *path, "terms", index)
            elif dropped := self._pictographs(written):
                text = f"folding drops {dropped!r} from the term {written!r}: leave it out"
                self._reader.report(source, text, *path, "terms", index)
            else:
                self._add_term(term, entry.tolerance)
        for written, phrase in zip(model.protect, entry.protect, strict=True):
            if not any(term in phrase for term in softened):
                text = f"protect {written!r} holds none of the terms, so it protects nothing"
                self._reader.report(source, text, *path, "protect")

    def _pictographs(self, term: str) -> str:
        """Return the characters of a term that would vanish unseen: pictographs and signs beyond ASCII."""
        marks = self._tables.harden(term)
        return "".join(
            char
            for char, mark in zip(term, marks, strict=True)
            if mark == EMOJI_WORD or (mark == SYMBOL and not char.isascii())
        )

    def _add_term(self, term: str, tolerance: frozenset[str]) -> None:
        """Make the keys of a term of the entry that is being added."""
        self.heads.add(term)
        self.tails.add(term)
        self.inner_pairs.update(map(add, term, term[1:]))
        for spelling, technique in spellings(term, tolerance, self._folding):
            key = fold_term(spelling, self._tables)
            if key:
                spelled = self._targets[key].setdefault(len(self.entries), {})
                spelled.setdefault(spell(spelling, self._tables), (term, technique))

    def _with_pattern(self, source: Source, entry: Entry, text: str, path: _Path) -> Entry:
        try:
            pattern, anchors = self._patterns.compile(text, entry.tolerance)
        except PatternError as error:
            self._reader.report(source, str(error), *path, "pattern")
            return entry
        first, last = pattern.underlined or (1, len(pattern.slots))
        for edge, slot in ((self.heads, pattern.slots[first - 1]), (self.tails, pattern.slots[last - 1])):
            edge.update(word for word, technique in slot.spellings.items() if technique == "exact")
        for slot in pattern.slots:
            for word, technique in slot.spellings.items():
                if technique == "exact":
                    self.inner_pairs.update(map(add, word, word[1:]))
        self._anchors[len(self.entries)] = anchors
        return replace(entry, pattern=pattern)


class _Once:
    """Keeps one of equal meanings of keys."""

    def __init__(self) -> None:
        self._kept: dict[tuple[tuple[int, frozenset[str]], ...], Triggers] = {}

    def of(self, triggers: Triggers) -> Triggers:
        return self._kept.setdefault(tuple(triggers.items()), triggers)


class _Needed:
    """Numbers the bit sets of what all of some entries need."""

    def __init__(self, preconditions: Preconditions) -> None:
        self._of = preconditions.of
        self._known: dict[frozenset[int], int] = {}
        self._numbers: dict[int, int] = {}

    def by_all(self, entries: frozenset[int]) -> int:
        if entries not in self._known:
            bits = reduce(and_, (self._of[entry] for entry in entries))
            self._known[entries] = self._numbers.setdefault(bits, len(self._numbers))
        return self._known[entries]

    def bit_sets(self) -> tuple[int, ...]:
        return tuple(self._numbers)
