"""Named word sets and contexts, which rules share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from compliance.fold import FoldTables
from compliance.lexicon.bundle import ContextSpec
from compliance.lexicon.patterns import WordSet
from compliance.lexicon.reader import Reader
from compliance.lexicon.schema import ContextModel, ContextRef, WordSetModel
from compliance.lexicon.source import Source
from compliance.lexicon.words import Words

__all__ = ["Vocabulary"]

_PLACES = {"left": "前面", "right": "后面", "near": "附近", "clause": "句中", "message": "全文", "span": "其中"}
_INCLUDE = re.compile(r"<([a-z0-9_]+)>")


class Vocabulary:
    """The word sets (``lexicons/words``) and contexts (``lexicons/contexts``) of a folder, soft-folded."""

    def __init__(self, reader: Reader, tables: FoldTables) -> None:
        self._reader, self._tables = reader, tables
        self.sets: dict[str, WordSet] = {}
        models = {name: (source, model) for source, name, model in reader.named("words", WordSetModel)}
        for name in models:
            self._resolve(name, models, ())
        self._contexts = {
            name: self.context(source, model, (name,)) for source, name, model in reader.named("contexts", ContextModel)
        }

    def _resolve(
        self, name: str, models: Mapping[str, tuple[Source, WordSetModel]], above: tuple[str, ...]
    ) -> WordSet | None:
        if name in self.sets:
            return self.sets[name]
        source, model = models[name]
        if name in above:
            self._reader.report(source, f"word set {name!r} includes itself", name)
            return None
        words: dict[str, None] = {}
        tolerance: frozenset[str] = frozenset(model.tolerance)
        for index, word in enumerate(model.words):
            include = _INCLUDE.fullmatch(word)
            if include is None:
                words[self._tables.soften(word)] = None
            elif include[1] not in models:
                self._reader.report(source, f"unknown word set <{include[1]}>", name, "words", index)
            elif inner := self._resolve(include[1], models, (*above, name)):
                words.update(dict.fromkeys(inner.words))
                tolerance |= inner.tolerance
        self.sets[name] = WordSet(tuple(words), tolerance)
        return self.sets[name]

    def context(self, source: Source, model: ContextModel, path: tuple[str | int, ...]) -> ContextSpec:
        """Compile a context that stands at ``path`` of a file."""

        def words(key: str) -> Words | None:
            found: dict[str, None] = {}
            for index, word in enumerate(getattr(model, key)):
                include = _INCLUDE.fullmatch(word)
                if include is None:
                    found[self._tables.soften(word)] = None
                elif include[1] in self.sets:
                    found.update(dict.fromkeys(self.sets[include[1]].words))
                else:
                    self._reader.report(source, f"unknown word set <{include[1]}>", *path, key, index)
            return Words(tuple(found), model.affirmed) if found else None

        return ContextSpec(
            model.about or _in_words(model),
            **{place: words(place) for place in _PLACES},
            within=model.within,
            cross=model.cross,
            also=None if model.and_ is None else self.context(source, model.and_, (*path, "and")),
        )

    def contexts(
        self, source: Source, refs: Iterable[ContextRef], path: tuple[str | int, ...]
    ) -> tuple[ContextSpec, ...]:
        """Return the contexts that a rule or entry names or describes."""
        specs = []
        for index, ref in enumerate(refs):
            if isinstance(ref, ContextModel):
                specs.append(self.context(source, ref, (*path, index)))
            elif ref in self._contexts:
                specs.append(self._contexts[ref])
            else:
                self._reader.report(source, f"unknown context {ref!r}", *path, index)
        return tuple(specs)


def _in_words(model: ContextModel) -> str:
    """Describe a context that has no ``about``: where it looks, and for which words."""
    parts = []
    for place, label in _PLACES.items():
        words = [word for word in getattr(model, place) if not _INCLUDE.fullmatch(word)][:3]
        if getattr(model, place):
            parts.append(f"{label}有" + ("、".join(f"“{word}”" for word in words) + "等" if words else "相关用语"))
    told = "或".join(parts)
    return told if model.and_ is None else f"{told}，并且{model.and_.about or _in_words(model.and_)}"
