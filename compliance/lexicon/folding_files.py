"""Read the tables under ``lexicons/folding``; their formats are described in the README beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from compliance.errors import Problem
from compliance.fold.tables import FoldingData

__all__ = ["read_folding"]

_CODE_POINT = re.compile(r"U\+([0-9A-Fa-f]{4,6})")
_NOISE_CLASSES = {"invisible", "space", "newline", "clause", "sentence", "symbol", "emoji"}


class _Reader:
    def __init__(self, folder: Path, root: Path, problems: list[Problem]) -> None:
        self.folder, self.root, self.problems = folder, root, problems

    def rows(self, name: str, columns: int) -> Iterator[tuple[int, list[str]]]:
        """Yield (line number, fields) of a tab-separated file without comments; report short rows."""
        file = self.folder / name
        if not file.is_file():
            self.problem(name, 1, "the file is missing")
            return
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) < columns or not all(fields[:columns]):
                self.problem(name, number, f"expected {columns} tab-separated fields")
                continue
            yield number, fields

    def problem(self, name: str, line: int, text: str) -> None:
        self.problems.append(Problem((self.folder / name).relative_to(self.root).as_posix(), line, text))

    def char(self, name: str, line: int, text: str) -> str | None:
        """Read one character, written as itself or as U+XXXX."""
        if match := _CODE_POINT.fullmatch(text):
            return chr(int(match[1], 16))
        if len(text) == 1:
            return text
        self.problem(name, line, f"{text!r} is not one character")
        return None

    def pairs(self, name: str, check: Callable[[str], bool] = lambda _: True) -> dict[str, str]:
        """Read 'character<TAB>character'."""
        table: dict[str, str] = {}
        for line, fields in self.rows(name, 2):
            source, target = self.char(name, line, fields[0]), self.char(name, line, fields[1])
            if source is None or target is None:
                continue
            if not check(target):
                self.problem(name, line, f"{target!r} is not allowed as a target here")
            elif source in table:
                self.problem(name, line, f"{source!r} stands twice")
            elif source != target:
                table[source] = target
        return table


def read_folding(root: Path, problems: list[Problem]) -> FoldingData:
    """Read all folding files below ``root``; defects are added to ``problems``."""
    reader = _Reader(root / "folding", root, problems)
    return FoldingData(
        traditional=reader.pairs("traditional.txt"),
        letters=reader.pairs("lookalike_letters.txt", lambda c: c.isascii() and c.islower()),
        digits=reader.pairs("lookalike_digits.txt", lambda c: c.isascii() and c.isdigit()),
        digit_words={
            char: (fields[1], int(fields[2]))
            for line, fields in reader.rows("digit_words.txt", 3)
            if (char := reader.char("digit_words.txt", line, fields[0]))
        },
        noise=tuple(_noise(reader)),
        emoji_words=reader.pairs("emoji_words.txt"),
        emoji_phrases={
            char: fields[1]
            for line, fields in reader.rows("emoji_phrases.txt", 2)
            if (char := reader.char("emoji_phrases.txt", line, fields[0]))
        },
        pinyin={
            char: fields[1]
            for line, fields in reader.rows("pinyin.txt", 2)
            if (char := reader.char("pinyin.txt", line, fields[0]))
        },
        lookalikes=tuple(_groups(reader)),
        splits=_splits(reader),
        particles=tuple(
            char
            for line, fields in reader.rows("particles.txt", 1)
            if (char := reader.char("particles.txt", line, fields[0]))
        ),
    )


def _noise(reader: _Reader) -> Iterator[tuple[int, int, str]]:
    name = "noise.txt"
    for line, fields in reader.rows(name, 2):
        first, _, last = fields[0].partition("-") if fields[0].startswith("U+") else (fields[0], "", "")
        start, end = reader.char(name, line, first), reader.char(name, line, last or first)
        if fields[1] not in _NOISE_CLASSES:
            reader.problem(name, line, f"unknown class {fields[1]!r}; use one of {', '.join(sorted(_NOISE_CLASSES))}")
        elif start and end:
            yield ord(start), ord(end), fields[1]


def _groups(reader: _Reader) -> Iterator[tuple[str, ...]]:
    name, seen = "lookalike_hanzi.txt", set[str]()
    for line, fields in reader.rows(name, 1):
        group = tuple(fields[0].split())
        for char in group:
            if len(char) != 1:
                reader.problem(name, line, f"{char!r} is not one character")
            elif char in seen:
                reader.problem(name, line, f"{char!r} stands in two groups")
            seen.add(char)
        yield group


def _splits(reader: _Reader) -> dict[str, tuple[str, ...]]:
    splits: dict[str, list[str]] = {}
    for line, fields in reader.rows("split_glyphs.txt", 2):
        if char := reader.char("split_glyphs.txt", line, fields[0]):
            splits.setdefault(char, []).extend(part for field in fields[1:] for part in field.split() if part)
    return {char: tuple(parts) for char, parts in splits.items()}
