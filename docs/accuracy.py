"""The accuracy page: what the checker finds and wrongly flags of the labelled corpus, category by category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.corpus import Line, Score

__all__ = ["accuracy_page"]


def accuracy_page(score: Score) -> str:
    """Return the page as Markdown."""
    return "\n".join(_page(score)) + "\n"


def _page(score: Score) -> Iterator[str]:
    yield "# Accuracy on the labelled corpus\n"
    blind = score.where(_blind)
    yield "Written by `make docs` from `tests/corpus`. Rules were written with the open lines at hand." + (
        " Nobody who wrote rules has read the blind lines: they tell what to expect of messages not seen yet.\n"
        if blind.outcomes
        else " Of messages not seen yet less is found: [quality.md](quality.md) tells how much less.\n"
    )
    yield "| | labels | recall | exact span | ordinary lines | false alarms |\n|---|---|---|---|---|---|"
    if blind.outcomes:
        yield _row("all", score)
        yield _row("blind", blind)
    yield _row("open", score.where(_open))
    yield "\n## By category\n"
    yield "| category | labels | recall | exact span |" + (" blind recall |" if blind.outcomes else "")
    yield "|---|---|---|---|" + ("---|" if blind.outcomes else "")
    for category, mine in _by_category(score):
        told = f" {_share(mine.where(_blind).recall)} |" if blind.outcomes else ""
        yield f"| {category} | {len(mine.outcomes)} | {_share(mine.recall)} | {_share(mine.exact)} |{told}"
    yield "\n## By disguise\n"
    yield "| written | labels | recall |\n|---|---|---|"
    for disguise in sorted({outcome.line.disguise for outcome in score.outcomes}):
        met = [outcome.found for outcome in score.outcomes if outcome.line.disguise == disguise]
        yield f"| {disguise} | {len(met)} | {_share(sum(met) / len(met))} |"
    yield "\n## False alarms\n"
    yield "Open ordinary lines that are flagged, and by what. They were written to look dangerous.\n"
    seen = score.where(_open)
    yield from (f"- {line.platform}: {line.text.replace(chr(10), ' ')} ({why})" for line, why in seen.flagged)
    if blind.ordinary:
        yield "\nOf the blind lines only the rules are told, so that they stay unread: " + _rules(blind)


def _rules(score: Score) -> str:
    """List the rules that flag, most often first, each once a line."""
    codes = Counter(code for _, why in score.flagged for code in {alarm.split()[0] for alarm in why.split("、")})
    return (
        ", ".join(f"{code} {count}" for code, count in sorted(codes.items(), key=lambda item: (-item[1], item[0])))
        + "."
    )


def _open(line: Line) -> bool:
    return not line.blind


def _blind(line: Line) -> bool:
    return line.blind


def _by_category(score: Score) -> Iterator[tuple[str, Score]]:
    for category in sorted({outcome.label.categories[0] for outcome in score.outcomes}):
        mine = tuple(outcome for outcome in score.outcomes if outcome.label.categories[0] == category)
        yield category, Score(mine, (), ())


def _row(name: str, score: Score) -> str:
    return (
        f"| {name} | {len(score.outcomes)} | {_share(score.recall)} | {_share(score.exact)} | {len(score.ordinary)} | "
        f"{len(score.flagged)} ({_share(score.false_alarms)}) |"
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
