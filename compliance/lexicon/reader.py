"""The files of one lexicon folder: parsed against their schema, every defect kept with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from compliance.errors import Problem
from compliance.lexicon.source import Source, read_source

__all__ = ["Reader"]

_Model = TypeVar("_Model", bound=BaseModel)


class Reader:
    """Reads files below ``root`` and collects what is wrong with them in ``problems``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def report(self, source: Source, text: str, *path: str | int) -> None:
        """Add a defect at ``path`` of a file."""
        self.problems.append(source.problem(text, *path))

    def sources(self, folder: str) -> Iterator[Source]:
        """Yield the YAML files of a folder that could be parsed, in name order."""
        for file in sorted((self.root / folder).rglob("*.yaml")):
            source = read_source(file, self.root)
            self.problems.extend(source.problems)
            if source.data is not None:
                yield source

    def parse(self, source: Source, model: type[_Model], data: Any, *path: str | int) -> _Model | None:
        """Check ``data``, which stands at ``path``, against a schema."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for defect in error.errors():
                where = [part for part in defect["loc"] if not str(part).startswith("(")]  # the tag of a union
                text = f"{'.'.join(map(str, where)) or 'file'}: {defect['msg'].removeprefix('Value error, ')}"
                self.report(source, text, *path, *where)
            return None

    def files(self, folder: str, model: type[_Model]) -> Iterator[tuple[Source, _Model]]:
        """Yield the files of a folder that each hold one thing."""
        for source in self.sources(folder):
            parsed = self.parse(source, model, source.data)
            if parsed is not None:
                yield source, parsed

    def named(self, folder: str, model: type[_Model]) -> Iterator[tuple[Source, str, _Model]]:
        """Yield what the files of a folder define by name; a name is defined once over all files."""
        first: dict[str, str] = {}
        for source in self.sources(folder):
            if not isinstance(source.data, dict):
                self.report(source, "expected a mapping of names")
                continue
            for name, data in source.data.items():
                if name in first:
                    self.report(source, f"{name!r} is already defined in {first[name]}", name)
                    continue
                first[name] = source.name
                parsed = self.parse(source, model, data, name)
                if parsed is not None:
                    yield source, name, parsed

    def single(self, name: str, model: type[_Model]) -> tuple[Source, _Model] | None:
        """Read one file by its name; it must be there."""
        if not (self.root / name).is_file():
            self.problems.append(Problem(name, 1, "the file is missing"))
            return None
        source = read_source(self.root / name, self.root)
        self.problems.extend(source.problems)
        if source.data is None:
            return None
        parsed = self.parse(source, model, source.data)
        return None if parsed is None else (source, parsed)
