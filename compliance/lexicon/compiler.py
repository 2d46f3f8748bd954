"""Turn a lexicon folder into a bundle, or say everything that is wrong with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from compliance.errors import LexiconError, Problem
from compliance.fold import FoldTables, fold_term, spell
from compliance.fold.tables import FoldingData, build_tables
from compliance.lexicon.bundle import (
    Anchor,
    Bundle,
    Clause,
    ContextSpec,
    Entry,
    ExampleText,
    Judgement,
    Key,
    Need,
    PlatformNames,
    Recognition,
    RewriteSpec,
    Rule,
    SeverityTable,
    Target,
    Trigger,
)
from compliance.lexicon.folding_files import read_folding
from compliance.lexicon.neighbours import crossings
from compliance.lexicon.patterns import PatternError, WordSet, compile_pattern
from compliance.lexicon.rarity import Rarity
from compliance.lexicon.schema import (
    ClauseFile,
    ContextModel,
    ContextRef,
    EntryModel,
    JudgementFile,
    PlatformFile,
    RecognisersFile,
    RuleFile,
    SeverityModel,
    WordSetModel,
)
from compliance.lexicon.source import Source, read_source
from compliance.lexicon.variants import spellings
from compliance.lexicon.words import Words
from compliance.model import PLATFORMS, Action, Citation, Severity
from compliance.segment import dictionary_words

__all__ = ["compile_lexicon"]

_Model = TypeVar("_Model", bound=BaseModel)
_STATUSES = {"none", "placed", "paid", "paid+", "shipped", "signed", "closed"}
_PLACES = {"left": "前面", "right": "后面", "near": "附近", "clause": "句中", "message": "全文", "span": "其中"}
_INCLUDE = re.compile(r"<([a-z0-9_]+)>")


def compile_lexicon(root: Path, digest: str) -> Bundle:
    """Compile all files below ``root``; examples are not run here (see :mod:`compliance.lexicon.examples`).

    Raises:
        LexiconError: with every problem found, each with file and line.
    """
    return _Compiler(root).compile(digest)


class _Compiler:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.folding: FoldingData = read_folding(root, self.problems)
        self.tables: FoldTables = build_tables(self.folding)
        self.sets: dict[str, WordSet] = {}
        self.contexts: dict[str, ContextSpec] = {}
        self.clauses: dict[str, Clause] = {}
        self.cited: dict[str, list[Clause]] = defaultdict(list)
        self.labels: dict[str, str | None] = {}
        self.platforms: list[tuple[Source, PlatformFile]] = []
        self.rules: list[Rule] = []
        self.entries: list[Entry] = []
        self.targets: dict[str, list[Target]] = defaultdict(list)
        self.triggers: dict[str, list[Trigger]] = defaultdict(list)
        self.anchors: dict[int, tuple[Anchor, ...]] = {}
        self.terms: set[str] = set()
        self.edge_words: set[str] = set()
        self.recognisers: dict[str, list[int]] = defaultdict(list)
        self.judgement = Judgement({}, {}, "")
        self.recognition = Recognition()

    def compile(self, digest: str) -> Bundle:
        self.read()
        if self.problems:
            raise LexiconError(sorted(self.problems, key=lambda p: (p.file, p.line)))
        return self.build(digest)

    def read(self) -> None:
        """Read and check every file; defects are collected in ``problems``."""
        self._read_word_sets()
        self._read_contexts()
        self._read_policies()
        self._read_platforms()
        self._read_rules()
        self._read_judgement()
        self._read_recognisers()

    def build(self, digest: str) -> Bundle:
        """Put together what was read."""
        words = list(dictionary_words())
        self._choose_anchors(words)
        keys = sorted(self.targets.keys() | self.triggers.keys())
        version_file = self.root / "VERSION"
        return Bundle(
            version=version_file.read_text("utf-8").strip() if version_file.is_file() else "0",
            hash=digest,
            tables=self.tables,
            rules=tuple(self.rules),
            entries=tuple(self.entries),
            needles=tuple(key.encode("utf-8") for key in keys),
            keys=tuple(
                Key(len(key), tuple(dict.fromkeys(self.targets[key])), tuple(self.triggers[key])) for key in keys
            ),
            crossings=crossings(self.terms, self.edge_words, (word for word, _ in words)),
            recognisers={name: tuple(numbers) for name, numbers in self.recognisers.items()},
            recognition=self.recognition,
            platforms=tuple(
                PlatformNames(model.id, model.name, model.family, tuple(model.domains)) for _, model in self.platforms
            ),
            judgement=self.judgement,
            clauses=self.clauses,
        )

    # ---- reading -------------------------------------------------------------------------------------------

    def _sources(self, folder: str) -> Iterable[Source]:
        for file in sorted((self.root / folder).rglob("*.yaml")):
            source = read_source(file, self.root)
            self.problems.extend(source.problems)
            if source.data is not None:
                yield source

    def _parse(self, source: Source, model: type[_Model], data: Any, *path: str | int) -> _Model | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for defect in error.errors():
                where = tuple(str(part) if isinstance(part, str) else part for part in defect["loc"])
                text = f"{'.'.join(map(str, where)) or 'file'}: {defect['msg'].removeprefix('Value error, ')}"
                self.problems.append(source.problem(text, *path, *where))
            return None

    def _named(self, folder: str, model: type[_Model]) -> Iterable[tuple[Source, str, _Model]]:
        """Read files that map names to definitions; a name is defined once over all files."""
        first: dict[str, str] = {}
        for source in self._sources(folder):
            if not isinstance(source.data, dict):
                self.problems.append(source.problem("expected a mapping of names"))
                continue
            for name, data in source.data.items():
                if name in first:
                    self.problems.append(source.problem(f"{name!r} is already defined in {first[name]}", name))
                    continue
                first[name] = source.name
                parsed = self._parse(source, model, data, name)
                if parsed is not None:
                    yield source, name, parsed

    def _read_word_sets(self) -> None:
        models = {name: (source, model) for source, name, model in self._named("words", WordSetModel)}
        for name in models:
            self._resolve_set(name, models, ())

    def _resolve_set(
        self, name: str, models: Mapping[str, tuple[Source, WordSetModel]], above: tuple[str, ...]
    ) -> WordSet | None:
        if name in self.sets:
            return self.sets[name]
        source, model = models[name]
        if name in above:
            self.problems.append(source.problem(f"word set {name!r} includes itself", name))
            return None
        words: dict[str, None] = {}
        tolerance: frozenset[str] = frozenset(model.tolerance)
        for index, word in enumerate(model.words):
            include = _INCLUDE.fullmatch(word)
            if include is None:
                words[self.tables.soften(word)] = None
            elif include[1] not in models:
                self.problems.append(source.problem(f"unknown word set <{include[1]}>", name, "words", index))
            elif inner := self._resolve_set(include[1], models, (*above, name)):
                words.update(dict.fromkeys(inner.words))
                tolerance |= inner.tolerance
        self.sets[name] = WordSet(tuple(words), tolerance)
        return self.sets[name]

    def _read_contexts(self) -> None:
        for source, name, model in self._named("contexts", ContextModel):
            self.contexts[name] = self._context(source, model, (name,))

    def _context(self, source: Source, model: ContextModel, path: tuple[str | int, ...]) -> ContextSpec:
        def words(key: str) -> Words | None:
            found: dict[str, None] = {}
            for index, word in enumerate(getattr(model, key)):
                include = _INCLUDE.fullmatch(word)
                if include is None:
                    found[self.tables.soften(word)] = None
                elif include[1] in self.sets:
                    found.update(dict.fromkeys(self.sets[include[1]].words))
                else:
                    self.problems.append(source.problem(f"unknown word set <{include[1]}>", *path, key, index))
            return Words(tuple(found), model.affirmed) if found else None

        return ContextSpec(
            model.about or _in_words(model),
            left=words("left"),
            right=words("right"),
            near=words("near"),
            clause=words("clause"),
            message=words("message"),
            span=words("span"),
            within=model.within,
            cross=model.cross,
        )

    def _read_policies(self) -> None:
        labels_file = self.root / "policies" / "labels.yaml"
        for source in self._sources("policies"):
            if source.name.endswith("labels.yaml"):
                self.labels = dict(source.data)
                continue
            model = self._parse(source, ClauseFile, source.data)
            if model is None:
                continue
            for index, clause in enumerate(model.clauses):
                if clause.id in self.clauses:
                    self.problems.append(source.problem(f"clause id {clause.id!r} stands twice", "clauses", index))
                    continue
                level = clause.verification or model.verification
                compiled = self.clauses[clause.id] = Clause(
                    clause.id,
                    model.issuer,
                    level,
                    Citation(
                        document=model.short or model.document,
                        clause=clause.clause,
                        title=clause.title,
                        effective_from=clause.effective_from,
                        effective_to=clause.effective_to,
                        verification=self.labels.get(level) or level,
                        url=clause.url or model.url,
                        penalty=clause.penalty,
                    ),
                )
                for reference in dict.fromkeys((clause.id, *map(str.lower, clause.inventory))):
                    self.cited[reference].append(compiled)
        if not labels_file.is_file():
            self.problems.append(Problem("policies/labels.yaml", 1, "the file is missing"))

    def _read_single(self, name: str, model: type[_Model]) -> _Model | None:
        source = read_source(self.root / name, self.root)
        self.problems.extend(source.problems)
        return self._parse(source, model, source.data or {})

    def _read_recognisers(self) -> None:
        model = self._read_single("recognisers.yaml", RecognisersFile)
        if model is None:
            return
        self.recognition = Recognition(
            accounts={kind: tuple(words) for kind, words in model.accounts.items()},
            fillers=tuple(model.fillers),
            phone_labels=tuple(model.phone_labels),
            top_level_domains=tuple(model.top_level_domains),
            weak_domains=tuple(model.weak_domains),
            second_level_domains=tuple(model.second_level_domains),
        )

    def _read_judgement(self) -> None:
        model = self._read_single("judgement.yaml", JudgementFile)
        if model is None:
            return
        self.judgement = Judgement(
            actions={Severity[level.upper()]: Action(action) for level, action in model.actions.items()},
            exempt={key: None if text == "drop" else Severity[text.upper()] for key, text in model.exempt.items()},
            exempt_note=model.exempt_note,
        )

    def _read_platforms(self) -> None:
        for source in self._sources("platforms"):
            model = self._parse(source, PlatformFile, source.data)
            if model is not None:
                self.platforms.append((source, model))

    def _read_rules(self) -> None:
        codes: dict[str, str] = {}
        for source in self._sources("rules"):
            model = self._parse(source, RuleFile, source.data)
            if model is None:
                continue
            if model.code in codes:
                self.problems.append(
                    source.problem(f"code {model.code} is already used in {codes[model.code]}", "code")
                )
                continue
            codes[model.code] = source.name
            self.rules.append(self._rule(source, model))
            for index, entry in enumerate(model.entries):
                self._entry(source, model, entry, ("entries", index))

    # ---- compiling -----------------------------------------------------------------------------------------

    def _rule(self, source: Source, model: RuleFile) -> Rule:
        for platform in model.platforms:
            if platform not in PLATFORMS:
                self.problems.append(source.problem(f"unknown platform {platform!r}", "platforms"))
        clauses = []
        for index, id_ in enumerate(model.cite):
            cited = self.cited.get(id_)
            if cited:
                clauses += [clause for clause in cited if clause not in clauses]
            else:
                self.problems.append(source.problem(f"unknown clause {id_!r}", "cite", index))
        examples = model.examples
        return Rule(
            code=model.code,
            name=model.name,
            title=model.title,
            category=model.category,
            platforms=frozenset(model.platforms),
            severity=self._severity(source, model.severity, ("severity",)),
            message=model.message,
            why=model.why,
            exemptions=model.exemptions,
            clauses=tuple(clauses),
            source=tuple(model.source),
            needs=tuple(Need(need.flag, need.fires_if) for need in model.needs),
            rewrite=RewriteSpec(
                replace={self.tables.soften(old): tuple(new) for old, new in model.rewrite.replace.items()},
                drop=model.rewrite.drop,
                clause=tuple(model.rewrite.clause),
                message=tuple(model.rewrite.message),
                tier=model.rewrite.tier,
                advice=model.rewrite.advice,
            ),
            examples=tuple(
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
                for kind, group in (("hit", examples.hit), ("pass", examples.pass_), ("fix", examples.fix))
                for index, example in enumerate(group)
            ),
            file=source.name,
        )

    def _severity(self, source: Source, model: SeverityModel, path: tuple[str | int, ...]) -> SeverityTable:
        def level(text: str) -> Severity | None:
            return None if text == "off" else Severity[text.upper()]

        if isinstance(model, str):
            return SeverityTable(level(model))
        for key in model:
            platform, _, status = key.partition(".")
            known = key in {"default", *_STATUSES} or (platform in PLATFORMS and (not status or status in _STATUSES))
            if not known:
                self.problems.append(source.problem(f"unknown severity key {key!r}", *path, key))
        if "default" not in model:
            self.problems.append(source.problem("a severity table needs 'default'", *path))
        special = {key: level(text) for key, text in model.items() if key != "default"}
        return SeverityTable(level(model.get("default", "off")), special)

    def _refs(self, source: Source, refs: Iterable[ContextRef], path: tuple[str | int, ...]) -> tuple[ContextSpec, ...]:
        specs = []
        for index, ref in enumerate(refs):
            if isinstance(ref, ContextModel):
                specs.append(self._context(source, ref, (*path, index)))
            elif ref in self.contexts:
                specs.append(self.contexts[ref])
            else:
                self.problems.append(source.problem(f"unknown context {ref!r}", *path, index))
        return tuple(specs)

    def _entry(
        self, source: Source, rule: RuleFile, model: EntryModel, path: tuple[str | int, ...], family: str | None = None
    ) -> None:
        if model.from_ is not None:
            for platform_source, platform in self.platforms:
                for index, names in enumerate(platform.names):
                    merged = names.model_copy(
                        update={
                            "requires": [*model.requires, *names.requires],
                            "unless": [*model.unless, *names.unless],
                            "exempt": [*model.exempt, *names.exempt],
                        }
                    )
                    self._entry(platform_source, rule, merged, ("names", index), platform.family)
            return
        shared: dict[str, Any] = {
            "rule": len(self.rules) - 1,
            "tolerance": frozenset(model.tolerance),
            "boundary": model.boundary,
            "requires": self._refs(source, [*rule.requires, *model.requires], (*path, "requires")),
            "unless": self._refs(source, [*rule.unless, *model.unless], (*path, "unless")),
            "exempt": self._refs(source, [*rule.exempt, *model.exempt], (*path, "exempt")),
            "cue": self._refs(source, model.cue, (*path, "cue")),
            "severity": None if model.severity is None else self._severity(source, model.severity, (*path, "severity")),
            "family": family,
        }
        protect = [self.tables.soften(phrase) for phrase in model.protect]
        if model.recogniser is not None:
            self.recognisers[model.recogniser].append(len(self.entries))
            self.entries.append(Entry(label=model.entry or model.recogniser, recogniser=model.recogniser, **shared))
        elif model.pattern is not None:
            self._pattern_entry(source, model, model.pattern, path, shared)
        used: set[str] = set()
        for index, term in enumerate(model.terms):
            soft = self.tables.soften(term)
            if not fold_term(soft, self.tables):
                self.problems.append(
                    source.problem(f"term {term!r} can never match: folding drops all of it", *path, "terms", index)
                )
                continue
            for phrase, raw in zip(protect, model.protect, strict=True):
                if soft in phrase:
                    used.add(raw)
            offsets = tuple((p, p.index(soft)) for p in protect if soft in p and p != soft)
            entry = Entry(label=model.entry or term, term=soft, protect=offsets, **shared)
            self._add_term(entry)
        for phrase in model.protect:
            if model.terms and phrase not in used:
                self.problems.append(
                    source.problem(
                        f"protect {phrase!r} holds none of the terms, so it protects nothing", *path, "protect"
                    )
                )

    def _add_term(self, entry: Entry) -> None:
        number = len(self.entries)
        self.entries.append(entry)
        self.terms.add(entry.term)
        for spelling, technique in spellings(entry.term, entry.tolerance, self.folding):
            key = fold_term(spelling, self.tables)
            if key:
                tolerant = bool(entry.tolerance & {"sound", "look"})
                self.targets[key].append(Target(number, spell(spelling, self.tables), technique, tolerant))

    def _pattern_entry(
        self, source: Source, model: EntryModel, text: str, path: tuple[str | int, ...], shared: dict[str, Any]
    ) -> None:
        try:
            pattern, anchors = compile_pattern(text, self.sets, self.tables, self.folding, frozenset(model.tolerance))
        except PatternError as error:
            self.problems.append(source.problem(str(error), *path, "pattern"))
            return
        number = len(self.entries)
        protect = tuple((self.tables.soften(phrase), -1) for phrase in model.protect)
        self.entries.append(Entry(label=model.entry or text, pattern=pattern, protect=protect, **shared))
        for slot in (pattern.slots[0], pattern.slots[-1]):
            self.edge_words.update(word for word, technique in slot.spellings.items() if technique == "exact")
        self.anchors[number] = anchors

    def _choose_anchors(self, words: Sequence[tuple[str, int]]) -> None:
        """Give the automaton, for each pattern, the element that ordinary messages hold least often."""
        messages = (example.text for rule in self.rules for example in rule.examples)
        everyday = self.sets["everyday"].words if "everyday" in self.sets else ()
        rarity = Rarity(messages, words, everyday, self.tables)
        for number, choices in self.anchors.items():
            anchor = min(choices, key=rarity.work)
            entry = self.entries[number]
            pattern = replace(entry.pattern, before=anchor.before, after=anchor.after) if entry.pattern else None
            self.entries[number] = replace(entry, pattern=pattern)
            for key, ways in anchor.keys.items():
                self.triggers[key].append(Trigger(number, ways))


def _in_words(model: ContextModel) -> str:
    """Describe a context that has no ``about``: where it looks, and for which words."""
    parts = []
    for place, label in _PLACES.items():
        words = [word for word in getattr(model, place) if not _INCLUDE.fullmatch(word)][:3]
        if getattr(model, place):
            parts.append(f"{label}有" + ("、".join(f"“{word}”" for word in words) + "等" if words else "相关用语"))
    return "或".join(parts)
