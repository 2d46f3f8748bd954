"""Other products with the terms of our lexicon on the labelled corpus: ``docs/peers.md``.

Every peer gets what its documentation offers for the purpose: characters normalised one by one (NFKC, lower case) so
that spans stay true, no word boundaries where Chinese has none, and for contact details the usual expressions.
"""

from __future__ import annotations

import re
import statistics
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from itertools import groupby
from typing import Any

from benchmarks.corpus import Line, read_lines, score
from compliance import PLATFORMS, Checker

__all__ = ["peers_page"]

_ROUNDS = 3
_EXPRESSIONS = {
    r"(?<!\d)1[3-9]\d{9}(?!\d)": "offsite_contact",
    r"(?:qq|扣扣)\s*[:：号是]*\s*\d{5,11}": "offsite_contact",
    r"(?:微信|vx|wx|v信)\s*[:：号是]*\s*[a-z][-_a-z0-9]{5,19}": "offsite_contact",
    r"[\w.+-]+@[\w-]+\.[\w.]+": "offsite_contact",
    r"(?:https?://|www\.)[!-~]+": "third_party_link",
    r"(?<!\d)\d{17}[\dx](?!\d)": "personal_info_leak",
    r"(?<!\d)6\d{15,18}(?!\d)": "offsite_payment",
}
Words = Mapping[str, Mapping[str, frozenset[str]]]
"""Word -> platform -> categories of the rules that forbid it there."""
Match = tuple[int, int, str]
"""Start, end and the word, or an expression of ours."""
Find = Callable[[str], Iterable[Match]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender reached: shares from 0 to 1, and microseconds a message."""

    name: str
    recall: float
    plain: float
    disguised: float
    false_alarms: float
    microseconds: float


def lexicon_words(checker: Checker, *, certain: bool) -> Words:
    """Return the terms of two characters and more; ``certain`` leaves out those that need a context or a cue."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    bundle = checker.bundle
    for _, targets, *_ in bundle.keys:
        for number, ways, _ in targets:
            entry = bundle.entries[number]
            if certain and (entry.requires or entry.needs or entry.cue):
                continue
            rule = bundle.rules[entry.rule]
            for platform in PLATFORMS:
                mildest = (entry.severity or rule.severity).mildest(platform)
                if platform in rule.platforms and mildest is not None and entry.family != platform:
                    for term, _ in ways.values():
                        if len(term) > 1:
                            found[term][platform].add(rule.category)
    return {word: {where: frozenset(c) for where, c in places.items()} for word, places in found.items()}


def peers_page(checker: Checker) -> str:
    """Measure all that is installed and return the page as Markdown."""
    breaches, ordinary = list(read_lines("breaches")), list(read_lines("ordinary"))
    results = [_ours(checker, breaches, ordinary)]
    every, certain = lexicon_words(checker, certain=False), lexicon_words(checker, certain=True)
    for label, build in (("flashtext", _flashtext), ("presidio-analyzer", _presidio), ("badwords-py", _badwords)):
        for which, words in (("all terms", every), ("terms that need no context", certain)):
            try:
                find = build(list(words))
            except ImportError as error:
                raise SystemExit(f"{label} is not installed ({error.name}): run make quality") from error
            name = f"{label} {metadata.version(label)}, {which}"
            results.append(_peer(name, find, words, breaches, ordinary))
    return "\n".join(_page(results, len(every), len(certain), len(ordinary))) + "\n"


def _page(results: Sequence[Result], every: int, certain: int, ordinary: int) -> Iterator[str]:
    yield "# Beside other products\n"
    yield (
        "Written by `make quality`: the labelled corpus of `tests/corpus`, all contenders in one run. A breach is "
        f"found if a match of its category overlaps the labelled words; a false alarm is one of the {ordinary} "
        "ordinary lines (written to look dangerous) with any match. Time is the median over three rounds on a "
        "shared machine: read it as a ratio.\n"
    )
    yield "| contender | recall | of plain words | of disguised words | false alarms | µs a message |"
    yield "|---|---|---|---|---|---|"
    for r in results:
        yield (
            f"| {r.name} | {_share(r.recall)} | {_share(r.plain)} | {_share(r.disguised)} | {_share(r.false_alarms)} | "
            f"{r.microseconds:.0f} |"
        )
    yield "\n## How they were set up\n"
    yield (
        f"The same terms for all: {every} terms of our lexicon with two characters and more, or the {certain} of them "
        "that our rules take without asking for a context, each with the platforms on which it is forbidden. Text is "
        "normalised before (NFKC, lower case, one character to one). Written forms that we compile from a term, "
        "sentence patterns, contexts and exemptions are no part of a word list, so the peers do not have them; that is "
        "the difference which the table shows.\n"
    )
    yield "- flashtext: `KeywordProcessor` with all terms, spans from `extract_keywords(span_info=True)`."
    yield (
        "- presidio-analyzer: a `PatternRecognizer` for `zh`. A deny list would ask for a word boundary on either "
        "side, which Chinese does not have, so the terms are one expression, grouped by their first character; "
        "six more for telephone, QQ, WeChat, mail, link, identity and card numbers. Recognisers are called "
        "directly, without a language model, which favours its time."
    )
    yield (
        "- badwords-py: no words of its own, ours by `add_words`, substring matching from two characters, pieces "
        "between punctuation, repeated characters collapsed. It reports one word of a stretch without spaces, "
        "and that stretch as its span, so it is asked clause by clause, and any overlap with the clause counts."
    )
    yield (
        "\nNot listed: other packages of that kind on PyPI were last released years ago, or are plugins of a chat "
        "framework or a server and take no list of terms as a library."
    )


def _ours(checker: Checker, breaches: Sequence[Line], ordinary: Sequence[Line]) -> Result:
    found = score(checker, breaches, ordinary)
    plain, disguised = (
        found.where(lambda line, plain=plain: (line.disguise == "none") == plain) for plain in (True, False)
    )

    def check(line: Line) -> object:
        return checker.check(line.text, platform=line.platform, context=line.context)

    took = _microseconds(check, (*breaches, *ordinary))
    return Result("compliance", found.recall, plain.recall, disguised.recall, found.false_alarms, took)


def _peer(name: str, find: Find, words: Words, breaches: Sequence[Line], ordinary: Sequence[Line]) -> Result:
    def matches(line: Line) -> list[tuple[int, int, frozenset[str]]]:
        found = []
        for start, end, word in find(_normalised(line.text)):
            if word in _EXPRESSIONS:
                found.append((start, end, frozenset({_EXPRESSIONS[word]})))
            elif categories := words.get(word, {}).get(line.platform):
                found.append((start, end, categories))
        return found

    hits: dict[bool, list[bool]] = {True: [], False: []}
    for line in breaches:
        met = matches(line)
        for label in line.labels:
            hits[line.disguise == "none"].append(
                any(
                    not categories.isdisjoint(label.categories) and start < last and first < end
                    for start, end, categories in met
                    for first, last in label.spans
                )
            )
    alarms = sum(bool(matches(line)) for line in ordinary) / len(ordinary)
    took = _microseconds(lambda line: list(find(_normalised(line.text))), (*breaches, *ordinary))
    together = [*hits[True], *hits[False]]
    return Result(name, *(sum(part) / len(part) for part in (together, hits[True], hits[False])), alarms, took)


def _microseconds(work: Callable[[Line], object], lines: Sequence[Line]) -> float:
    took = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        for line in lines:
            work(line)
        took.append(time.perf_counter() - begin)
    return 1e6 * statistics.median(took) / len(lines)


def _normalised(text: str) -> str:
    folded = (unicodedata.normalize("NFKC", char).lower() for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def _flashtext(words: Sequence[str]) -> Find:
    processor = import_module("flashtext").KeywordProcessor()
    processor.add_keywords_from_list(list(words))
    return lambda text: ((start, end, word) for word, start, end in processor.extract_keywords(text, span_info=True))


def _presidio(words: Sequence[str]) -> Find:
    module = import_module("presidio_analyzer")
    by_first = groupby(sorted(words, key=lambda word: (word[0], -len(word))), key=lambda word: word[0])
    groups = (f"{re.escape(first)}(?:{'|'.join(re.escape(w[1:]) for w in group)})" for first, group in by_first)
    expressions = ["|".join(groups), *_EXPRESSIONS]
    patterns = [module.Pattern(name, name, 1.0) for name in expressions]
    recogniser: Any = module.PatternRecognizer("WORD", patterns=patterns, supported_language="zh", name="terms")

    def find(text: str) -> Iterator[Match]:
        for result in recogniser.analyze(text, ["WORD"], None):
            pattern = result.analysis_explanation.pattern
            word = pattern if pattern in _EXPRESSIONS else text[result.start : result.end]
            yield result.start, result.end, word

    return find


def _badwords(words: Sequence[str]) -> Find:
    module = import_module("badwords")
    options = module.Options(
        match_mode="substring", split_on_punctuation=True, collapse_repeats=True, min_substring_len=2
    )
    product = module.ProfanityFilter()
    product.init([], options=options)
    product.add_words(list(words))
    pieces = re.compile(r"[^\s,.!?;:，。！？；：、~]+")
    # it counts bytes and reports one word for each piece between spaces, so it gets clause by clause
    return lambda text: (
        (piece.start(), piece.end(), match.word) for piece in pieces.finditer(text) for match in product.find(piece[0])
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
