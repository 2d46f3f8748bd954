"""Turn a lexicon folder into a bundle, or say everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from compliance.errors import LexiconError
from compliance.fold.tables import build_tables
from compliance.lexicon.bundle import Bundle, Entry, Judgement, PlatformNames, Recognition, Rule
from compliance.lexicon.entries import Entries
from compliance.lexicon.folding_files import read_folding
from compliance.lexicon.neighbours import crossing_words
from compliance.lexicon.policies import Policies, read_inventory
from compliance.lexicon.preconditions import Preconditions
from compliance.lexicon.rarity import Rarity
from compliance.lexicon.reader import Reader
from compliance.lexicon.rules import compile_rule
from compliance.lexicon.schema import JudgementFile, PlatformFile, RecognisersFile, RuleFile
from compliance.lexicon.vocabulary import Vocabulary
from compliance.model import Action, Severity
from compliance.segment import dictionary_words

__all__ = ["compile_lexicon"]


def compile_lexicon(root: Path, digest: str) -> Bundle:
    """Compile all files below ``root``; examples are not run here (see :mod:`compliance.lexicon.examples`).

    Raises:
        LexiconError: with every problem found, each with file and line.
    """
    reader = Reader(root)
    folding = read_folding(root, reader.problems)
    tables = build_tables(folding)
    vocabulary = Vocabulary(reader, tables)
    policies = Policies(reader)
    inventory = read_inventory(reader)
    platforms = list(reader.files("platforms", PlatformFile))
    entries = Entries(reader, tables, folding, vocabulary, platforms)
    rows = {row.id for row in inventory}
    rules: dict[str, Rule] = {}
    for source, model in reader.files("rules", RuleFile):
        if model.code in rules:
            reader.report(source, f"code {model.code} is already used in {rules[model.code].file}", "code")
            continue
        rules[model.code] = compile_rule(reader, source, model, policies, rows, tables)
        for index, entry in enumerate(model.entries):
            entries.add(source, model, len(rules) - 1, entry, ("entries", index))
    judgement, recognition = _judgement(reader), _recognition(reader)
    if reader.problems:
        raise LexiconError(sorted(reader.problems, key=lambda problem: (problem.file, problem.line)))

    words = list(dictionary_words())
    examples = (example.text for rule in rules.values() for example in rule.examples)
    everyday = vocabulary.sets["everyday"].words if "everyday" in vocabulary.sets else ()
    rarity = Rarity(examples, words, everyday, tables)
    preconditions = Preconditions(rarity, tables)
    numbered, families = tuple(rules.values()), {platform.id: platform.family for _, platform in platforms}
    keys, needed = entries.keys(
        rarity, preconditions, lambda entry: _platforms_of(entry, numbered[entry.rule], families)
    )
    version = root / "VERSION"
    return Bundle(
        version=version.read_text("utf-8").strip() if version.is_file() else "0",
        hash=digest,
        tables=tables,
        rules=numbered,
        entries=tuple(entries.entries),
        needles=tuple(key.encode("utf-8") for key in keys),
        keys=tuple(keys.values()),
        needed=needed,
        preconditions=tuple(preconditions.of[number] for number in range(len(entries.entries))),
        leads=preconditions.leads(),
        standing=preconditions.standing(),
        crossings=crossing_words(entries.heads, entries.tails, words),
        inner_pairs=frozenset(entries.inner_pairs),
        recognisers={name: tuple(numbers) for name, numbers in entries.recognisers.items()},
        recognition=recognition,
        platforms=tuple(PlatformNames(p.id, p.name, p.family, tuple(p.domains)) for _, p in platforms),
        judgement=judgement,
        clauses=policies.clauses,
        inventory=inventory,
    )


def _platforms_of(entry: Entry, rule: Rule, families: Mapping[str, str]) -> Iterator[str]:
    """Yield the platforms on which an entry can ever fire."""
    for platform in rule.platforms:
        own = entry.family is not None and entry.family == families.get(platform, platform)
        if not own and (entry.severity or rule.severity).mildest(platform) is not None:
            yield platform


def _judgement(reader: Reader) -> Judgement:
    found = reader.single("judgement.yaml", JudgementFile)
    if found is None:
        return Judgement({}, {}, "")
    model = found[1]
    return Judgement(
        actions={Severity[level.upper()]: Action(action) for level, action in model.actions.items()},
        exempt={key: None if text == "drop" else Severity[text.upper()] for key, text in model.exempt.items()},
        exempt_note=model.exempt_note,
    )


def _recognition(reader: Reader) -> Recognition:
    found = reader.single("recognisers.yaml", RecognisersFile)
    if found is None:
        return Recognition()
    model = found[1]
    return Recognition(
        accounts={kind: tuple(words) for kind, words in model.accounts.items()},
        fillers=tuple(model.fillers),
        phone_labels=tuple(model.phone_labels),
        top_level_domains=tuple(model.top_level_domains),
        weak_domains=tuple(model.weak_domains),
        second_level_domains=tuple(model.second_level_domains),
    )
