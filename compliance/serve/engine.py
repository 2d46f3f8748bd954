"""What is being served: one bundle and a checker for each shop profile, replaced as a whole."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compliance.checker import Checker
from compliance.errors import InputError, ProfileError
from compliance.lexicon.bundle import Bundle
from compliance.model import Action, platform_id
from compliance.profile import Profile, load_profile
from compliance.stream import StreamRules

__all__ = ["Engine", "Serving", "Shops", "read_shops", "warm_changes"]


@dataclass(frozen=True, slots=True)
class Shops:
    """The shop profiles of a service.

    Attributes:
        default: for requests that name none.
        by_id: file name without ``.toml`` -> profile.
        problems: files that could not be used, in words; the others are served all the same.
    """

    default: Profile = field(default_factory=Profile)
    by_id: Mapping[str, Profile] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """Checkers that share one bundle. Immutable: a request keeps the one that it began with."""

    checker: Checker
    shops: Shops
    checkers: Mapping[str, Checker]
    _rules: dict[Any, StreamRules] = field(default_factory=dict, repr=False, compare=False)
    _making: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @classmethod
    def build(cls, checker: Checker, shops: Shops) -> Serving:
        """Make a checker for each shop; they share the automaton of ``checker``."""
        default = checker.with_profile(shops.default)
        return cls(default, shops, {id_: checker.with_profile(shop) for id_, shop in shops.by_id.items()})

    @property
    def bundle(self) -> Bundle:
        """The bundle of all checkers."""
        return self.checker.bundle

    @property
    def version(self) -> str:
        """Version and hash, as sent with every answer."""
        return f"{self.bundle.version}+{self.bundle.hash}"

    def checker_of(self, shop: str | None) -> Checker:
        """Return the checker of a shop profile, or the default one.

        Raises:
            InputError: there is no such profile.
        """
        if shop is None:
            return self.checker
        found = self.checkers.get(shop)
        if found is None:
            raise InputError("there is no shop profile of this id; GET /v1/profiles lists them")
        return found

    def stream_rules(self, shop: str | None, platform: str | None, hold: Action) -> StreamRules:
        """Return what a streamed text is held back by; made at first use, about a second, and kept.

        Raises:
            InputError: an unknown shop or platform, or no platform.
        """
        checker = self.checker_of(shop)
        return self._held_by(checker, platform_id(platform or checker.profile.platform or ""), hold)

    def warm_streams(self, before: Serving | None = None) -> None:
        """Make this ahead for the platforms that profiles name and those that were asked for ``before`` a reload."""
        asked = {} if before is None else before._rules
        if before is not None and before.bundle is self.bundle:
            self._rules.update(asked)
        for checker in (self.checker, *self.checkers.values()):
            actions = frozenset(checker.profile.actions.items())
            wanted = {(where, hold) for where, hold, with_actions in asked if with_actions == actions}
            if checker.profile.platform:
                wanted.add((platform_id(checker.profile.platform), Action.BLOCK))
            for where, hold in wanted:
                self._held_by(checker, where, hold)

    def _held_by(self, checker: Checker, where: str, hold: Action) -> StreamRules:
        key = (where, hold, frozenset(checker.profile.actions.items()))
        with self._making:
            found = self._rules.get(key)
            if found is None:
                found = self._rules[key] = StreamRules(checker, where, hold)
        return found.with_checker(checker)


class Engine:
    """Holds what is being served; replacing it is one assignment."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving

    def checker(self, shop: str | None = None) -> Checker:
        """Return the current checker of a shop profile, as :meth:`Serving.checker_of`."""
        return self.serving.checker_of(shop)


def read_shops(default: Path | None, folder: Path | None, before: Shops | None = None) -> Shops:
    """Read all shop profiles.

    Args:
        default: profile for requests that name none.
        folder: its ``*.toml`` files are the others.
        before: a file that cannot be used keeps its last usable state from here.

    Raises:
        ProfileError: without ``before``, the first file that cannot be used.
    """
    problems: list[str] = []

    def read(file: Path, last: Profile | None) -> Profile | None:
        try:
            return load_profile(file)
        except ProfileError as error:
            if before is None:
                raise
            problems.append(str(error))
            return last

    chosen = read(default, before.default if before else None) if default else None
    by_id: dict[str, Profile] = {}
    for file in sorted(folder.glob("*.toml")) if folder else ():
        shop = read(file, before.by_id.get(file.stem) if before else None)
        if shop is not None:
            by_id[file.stem] = shop
    return Shops(chosen or Profile(), by_id, tuple(problems))


def warm_changes(checker: Checker, before: Bundle) -> None:
    """Compile the patterns that are new since ``before``, so that no request waits for them."""
    known = {entry.pattern.expression for entry in before.entries if entry.pattern}
    bundle = checker.bundle
    changed = {e.rule for e in bundle.entries if e.pattern and e.pattern.expression not in known}
    checker.warm_up(bundle.rules[number] for number in sorted(changed))
