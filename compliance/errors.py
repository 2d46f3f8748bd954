"""The errors a caller may see.

::

    ComplianceError            anything this package raises on purpose
    ├── InputError             a request, file or option that cannot be used
    │   ├── UnknownPlatformError
    │   └── ContextError
    ├── ProfileError           a shop profile that cannot be used
    └── LexiconError           rule data that must not be loaded; holds every problem found
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "ComplianceError",
    "ContextError",
    "InputError",
    "LexiconError",
    "Problem",
    "ProfileError",
    "UnknownPlatformError",
]


class ComplianceError(Exception):
    """Base of all errors raised on purpose; its text is meant for people."""


class InputError(ComplianceError):
    """A request, file or option that cannot be used."""


class UnknownPlatformError(InputError):
    """A platform name that is none of the supported ones."""


class ContextError(InputError):
    """An order or shop fact with an unknown name or value."""


class ProfileError(ComplianceError):
    """A shop profile that cannot be used."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect in the lexicons: where it is and what to do about it."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class LexiconError(ComplianceError):
    """Rule data that must not be loaded.

    Attributes:
        problems: every defect found, in file order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
