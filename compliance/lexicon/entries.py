"""The entries of all rules, and the keys by which the automaton finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from compliance.fold import FoldTables, fold_term, spell
from compliance.fold.marks import EMOJI_WORD, SYMBOL
from compliance.fold.tables import FoldingData
from compliance.lexicon.bundle import Anchor, Entry, Key, Need, Target, Trigger
from compliance.lexicon.patterns import PatternError, compile_pattern
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
        terms: soft-folded terms; ``edge_words`` are the first and last words of patterns.
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
        self.entries: list[Entry] = []
        self.terms: set[str] = set()
        self.edge_words: set[str] = set()
        self.recognisers: dict[str, list[int]] = defaultdict(list)
        self._targets: dict[str, list[Target]] = defaultdict(list)
        self._triggers: dict[str, list[Trigger]] = defaultdict(list)
        self._anchors: dict[int, tuple[Anchor, ...]] = {}

    def keys(self, rarity: Rarity) -> dict[str, Key]:
        """Choose an anchor for each pattern; return hard-folded string -> what it means, in order."""
        for number, choices in self._anchors.items():
            anchor = min(choices, key=rarity.work)
            entry = self.entries[number]
            if entry.pattern is not None:
                pattern = replace(entry.pattern, before=anchor.before, after=anchor.after)
                self.entries[number] = replace(entry, pattern=pattern)
            for key, ways in anchor.keys.items():
                self._triggers[key].append(Trigger(number, ways))
        return {
            key: Key(len(key), tuple(dict.fromkeys(self._targets[key])), tuple(self._triggers[key]))
            for key in sorted(self._targets.keys() | self._triggers.keys())
        }

    def add(
        self, source: Source, rule: RuleFile, number: int, model: EntryModel, path: _Path, family: str | None = None
    ) -> None:
        """Add what one item under ``entries`` says; ``number`` is the rule's."""
        if model.from_ is not None:
            self._add_platform_names(rule, number, model)
            return
        contexts = self._vocabulary.contexts
        shared: dict[str, Any] = {
            "rule": number,
            "tolerance": frozenset(model.tolerance),
            "boundary": model.boundary,
            "requires": contexts(source, [*rule.requires, *model.requires], (*path, "requires")),
            "unless": contexts(source, [*rule.unless, *model.unless], (*path, "unless")),
            "exempt": contexts(source, [*rule.exempt, *model.exempt], (*path, "exempt")),
            "cue": contexts(source, model.cue, (*path, "cue")),
            "severity": None
            if model.severity is None
            else severity_table(self._reader, source, model.severity, (*path, "severity")),
            "needs": tuple(Need(need.flag, need.fires_if) for need in (*rule.needs, *model.needs)),
            "family": family,
        }
        if model.recogniser is not None:
            self.recognisers[model.recogniser].append(len(self.entries))
            self.entries.append(Entry(label=model.entry or model.recogniser, recogniser=model.recogniser, **shared))
        elif model.pattern is not None:
            self._add_pattern(source, model, model.pattern, path, shared)
        else:
            self._add_terms(source, model, path, shared)

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

    def _add_terms(self, source: Source, model: EntryModel, path: _Path, shared: dict[str, Any]) -> None:
        protect = [self._tables.soften(phrase) for phrase in model.protect]
        for index, term in enumerate(model.terms):
            soft = self._tables.soften(term)
            if not fold_term(soft, self._tables):
                text = f"term {term!r} can never match: folding drops all of it"
                self._reader.report(source, text, *path, "terms", index)
            elif dropped := self._pictographs(term):
                text = f"folding drops {dropped!r} from the term {term!r}: leave it out"
                self._reader.report(source, text, *path, "terms", index)
            else:
                offsets = tuple((p, p.index(soft)) for p in protect if soft in p and p != soft)
                self._add_term(Entry(label=model.entry or term, term=soft, protect=offsets, **shared))
        softened = [self._tables.soften(term) for term in model.terms]
        for phrase, written in zip(protect, model.protect, strict=True):
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

    def _add_term(self, entry: Entry) -> None:
        number = len(self.entries)
        self.entries.append(entry)
        self.terms.add(entry.term)
        tolerant = bool(entry.tolerance & {"sound", "look"})
        for spelling, technique in spellings(entry.term, entry.tolerance, self._folding):
            key = fold_term(spelling, self._tables)
            if key:
                self._targets[key].append(Target(number, spell(spelling, self._tables), technique, tolerant))

    def _add_pattern(self, source: Source, model: EntryModel, text: str, path: _Path, shared: dict[str, Any]) -> None:
        tolerance = frozenset(model.tolerance)
        try:
            pattern, anchors = compile_pattern(text, self._vocabulary.sets, self._tables, self._folding, tolerance)
        except PatternError as error:
            self._reader.report(source, str(error), *path, "pattern")
            return
        number = len(self.entries)
        protect = tuple((self._tables.soften(phrase), -1) for phrase in model.protect)
        self.entries.append(Entry(label=model.entry or text, pattern=pattern, protect=protect, **shared))
        for slot in (pattern.slots[0], pattern.slots[-1]):
            self.edge_words.update(word for word, technique in slot.spellings.items() if technique == "exact")
        self._anchors[number] = anchors
