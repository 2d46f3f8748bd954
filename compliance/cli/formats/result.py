"""What every format renders."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.cli.inputs import Located
from compliance.judge import Dropped
from compliance.model import Verdict

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """A message and its verdict."""

    message: Located
    verdict: Verdict
    dropped: tuple[Dropped, ...] = ()
