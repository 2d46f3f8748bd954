"""Compile and prove a changed lexicon in a process of its own, so that no worker answers slower meanwhile.

Run as ``python -m compliance.serve.candidate DIR``: prints the defects as a JSON list; an empty one means that the
bundle is good and waits in the cache.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from compliance.errors import LexiconError
from compliance.lexicon.store import load_bundle

__all__ = ["defects"]

_LONGEST: Final = 600
"""Seconds after which a compilation is given up."""
_MOST: Final = 50
"""Defects that are told."""


def defects(folder: Path) -> list[str]:
    """Return the defects of a lexicon folder, in words, found by a child process."""
    command = [sys.executable, "-m", "compliance.serve.candidate", str(folder)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=_LONGEST, check=True, stdin=subprocess.DEVNULL)
        found: list[str] = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        return [f"compiling took more than {_LONGEST} s"]
    except (subprocess.CalledProcessError, ValueError) as error:
        return [f"compiling ended without a result ({type(error).__name__})"]
    return found


def main() -> int:
    """Compile, as told above."""
    with suppress(OSError, AttributeError):
        os.nice(5)
    try:
        load_bundle(Path(sys.argv[1]))
        found: list[str] = []
    except LexiconError as error:
        found = [str(problem) for problem in error.problems[:_MOST]]
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
