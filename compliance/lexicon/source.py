"""YAML with line numbers, so that every defect can be named by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from compliance.errors import Problem

__all__ = ["Source", "read_source"]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is not everywhere

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One parsed file.

    Attributes:
        name: path relative to the lexicon folder, for messages.
        data: plain Python data.
        lines: path of keys and indices -> line number (1-based).
        problems: what is wrong with the YAML itself.
    """

    name: str
    data: Any
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, *path: str | int) -> int:
        """Return the line of the nearest known ancestor of ``path``."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, text: str, *path: str | int) -> Problem:
        """Describe a defect at ``path``."""
        return Problem(self.name, self.line(*path), text)


def read_source(file: Path, root: Path) -> Source:
    """Read one YAML file; syntax errors and duplicate keys become problems instead of exceptions."""
    name = file.relative_to(root).as_posix()
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        return Source(name, None, problems=(Problem(name, 1, f"not UTF-8: byte {error.start} cannot be read"),))
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        return Source(name, None, problems=(Problem(name, mark.line + 1 if mark else 1, f"YAML: {what}"),))
    if node is None:
        return Source(name, None, problems=(Problem(name, 1, "the file is empty"),))
    lines: dict[Path_, int] = {}
    problems: list[Problem] = []
    constructor = _Loader("")
    for path, child in _walk(node, ()):
        lines[path] = child.start_mark.line + 1
        if isinstance(child, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in child.value:
                if key.value in seen:
                    problems.append(Problem(name, key.start_mark.line + 1, f"duplicate key {key.value!r}"))
                seen.add(key.value)
    data = constructor.construct_document(node)
    return Source(name, data, lines, tuple(problems))


def _walk(node: yaml.Node, path: Path_) -> Iterator[tuple[Path_, yaml.Node]]:
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*path, index))
