"""Recall of disguised words, technique by technique and in pairs: ``docs/disguises.md``.

The disguises are made by :mod:`tests.disguise` out of the hit examples of all rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from compliance import Checker
from tests.disguise.recall import Attempt, attempts, plain_hits
from tests.disguise.techniques import PAIRS, TECHNIQUES

__all__ = ["disguises_page"]

_PER_RULE, _PER_PAIR = 3, 60
_WORST, _LEAST = 20, 10


def disguises_page(checker: Checker) -> str:
    """Measure and return the page as Markdown."""
    hits = list(plain_hits(checker))
    singles = [list(attempts(checker, hits, (technique,), per_rule=_PER_RULE)) for technique in TECHNIQUES]
    pairs = [list(attempts(checker, hits, pair, per_rule=1, most=_PER_PAIR)) for pair in PAIRS]
    return "\n".join(_page(len(hits), singles, pairs)) + "\n"


def _page(count: int, singles: Sequence[Sequence[Attempt]], pairs: Sequence[Sequence[Attempt]]) -> Iterator[str]:
    yield "# Recall of disguised words\n"
    yield (
        f"Written by `make quality`. The {count} hit examples of the rules that are written plainly are disguised by "
        "`tests/disguise`, which knows nothing of `lexicons/folding`: it is built from Unicode data, opencc, pypinyin "
        "and lists of its own. Only the matched words are changed, and only where it makes sense: digits where there "
        "are five or more, reversal and whole pinyin for up to four characters (two neighbours of longer words). "
        "Found means a finding of the same category over the disguised words.\n"
    )
    yield (
        "*Promised* counts the examples whose entry declares the tolerance that the technique needs (`sound`, `look`, "
        "`pinyin`, `split`, `initials`, `reverse`): an entry that declares nothing asks for the words themselves, "
        "because a homophone of an everyday word is most often another everyday word. *All* counts every example, "
        "also those. Techniques that need no declaration have one number.\n"
    )
    yield f"## One technique, up to {_PER_RULE} examples of every rule\n"
    yield "| technique | tolerance | examples | recall, all | promised | recall, promised |\n|---|---|---|---|---|---|"
    for technique, tried in zip(TECHNIQUES, singles, strict=True):
        yield _row(technique.name, technique.tolerance or "", tried)
    yield _row("together", "", list(chain(*singles)))
    yield f"\n## Two techniques, up to {_PER_PAIR} examples of every pair\n"
    yield "Each technique with all others; a pair counts in the rows of both.\n"
    yield "| technique | | examples | recall, all | promised | recall, promised |\n|---|---|---|---|---|---|"
    for technique in TECHNIQUES:
        yield _row(technique.name, "", [a for tried in pairs for a in tried if technique in a.techniques])
    yield _row("all pairs", "", list(chain(*pairs)))
    yield f"\nThe {_WORST} pairs with the lowest recall of what is promised, at least {_LEAST} examples:\n"
    yield "| pair | promised | recall |\n|---|---|---|"
    promised = [[a for a in tried if a.promised] for tried in pairs]
    ranked = sorted((tried for tried in promised if len(tried) >= _LEAST), key=_share)
    for tried in ranked[:_WORST]:
        yield f"| {' + '.join(t.name for t in tried[0].techniques)} | {len(tried)} | {_percent(tried)} |"


def _row(name: str, tolerance: str, tried: Sequence[Attempt]) -> str:
    promised = [attempt for attempt in tried if attempt.promised]
    return f"| {name} | {tolerance} | {len(tried)} | {_percent(tried)} | " + (
        "| |" if len(promised) == len(tried) else f"{len(promised)} | {_percent(promised)} |"
    )


def _share(tried: Sequence[Attempt]) -> float:
    return sum(attempt.found for attempt in tried) / max(1, len(tried))


def _percent(tried: Sequence[Attempt]) -> str:
    return f"{100 * _share(tried):.1f} %" if tried else "–"
