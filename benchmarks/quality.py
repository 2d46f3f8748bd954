"""Measure what the checker sees and write the tables of the docs: ``make quality``.

Tables that need the shared evaluation corpus are left as they are where it is missing; the packages that the peers'
table compares come with the ``bench`` extra. ``python -m benchmarks.quality disguises`` writes that one only;
``--lexicons`` measures another folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks.disguises import disguises_page
from benchmarks.peers import peers_page
from benchmarks.posts import abuse_table, spam_table
from benchmarks.silence import SHARED, silence_table
from compliance import Checker, load_bundle

DOCS = Path(__file__).parents[1] / "docs"


def _disguises(checker: Checker) -> None:
    _write("disguises.md", disguises_page(checker))


def _peers(checker: Checker) -> None:
    _write("peers.md", peers_page(checker))


def _of_shared(name: str, table: Callable[[Checker], str]) -> Callable[[Checker], None]:
    def measure(checker: Checker) -> None:
        if SHARED.is_dir():
            _put("quality.md", name, table(checker))
        else:
            print(f"{name}: left as it is, the shared evaluation messages are not here")

    return measure


MEASUREMENTS: dict[str, Callable[[Checker], None]] = {
    "disguises": _disguises,
    "silence": _of_shared("silence", silence_table),
    "spam": _of_shared("spam", spam_table),
    "abuse": _of_shared("abuse", abuse_table),
    "peers": _peers,
}


def main() -> None:
    """Write all pages, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*", choices=[*MEASUREMENTS, []], help="what to measure (default: everything)")
    parser.add_argument("--lexicons", type=Path, metavar="DIR", help="use this lexicon folder")
    options = parser.parse_args()
    checker = Checker(load_bundle(options.lexicons))
    for name in options.name or MEASUREMENTS:
        MEASUREMENTS[name](checker)


def _write(name: str, page: str) -> None:
    (DOCS / name).write_text(page, "utf-8")
    print(f"docs/{name} written")


def _put(name: str, part: str, table: str) -> None:
    """Put a table between its marks in a page that is otherwise written by hand."""
    page = (DOCS / name).read_text("utf-8")
    begin, end = f"<!-- make quality: {part} -->\n", "<!-- end -->"
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    if not tail:
        raise SystemExit(f"docs/{name} has no marks for {part}")
    (DOCS / name).write_text(f"{head}{begin}{table}\n{end}{tail}", "utf-8")
    print(f"docs/{name}: {part} written")


if __name__ == "__main__":
    main()
