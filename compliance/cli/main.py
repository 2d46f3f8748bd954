"""Arguments of the command, and the one place where errors become exit codes.

Exit codes: 0 clean, 1 findings at the threshold, 2 bad usage or input that cannot be read.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from compliance.errors import ComplianceError, LexiconError

__all__ = ["main"]

COMMANDS: Final = ("audit", "check", "clip", "explain", "rules", "lexicon", "profile", "serve", "keys")
"""Each is a module of this package with ``add_arguments(parser)`` and ``run(arguments) -> exit code``."""

_MOST_PROBLEMS: Final = 20
"""So many defects of a lexicon are shown where something else was asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser(words)
    options = parser.parse_args(words)
    try:
        code: int = import_module(f"compliance.cli.{options.command}").run(options)
        sys.stdout.flush()
    except LexiconError as error:
        shown = "\n".join(map(str, error.problems[:_MOST_PROBLEMS]))
        more = len(error.problems) - _MOST_PROBLEMS
        print(f"compliance: the lexicons cannot be used:\n{shown}", file=sys.stderr)
        if more > 0:
            print(f"... and {more} more; `compliance lexicon test` shows all", file=sys.stderr)
        return 2
    except ComplianceError as error:
        print(f"compliance: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compliance", description="Check customer-service chat messages before they are sent."
    )
    parser.add_argument("--version", action="version", version=_version() if "--version" in words else "")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = next((word for word in words if word in COMMANDS), None)
    for name in COMMANDS if wanted is None else (wanted,):
        module = import_module(f"compliance.cli.{name}")
        description = (module.__doc__ or "").strip()
        command = commands.add_parser(
            name,
            help=description.partition("\n")[0],
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
    return parser


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  slow, and needed only here

    return f"compliance {version('compliance')}"


if __name__ == "__main__":
    sys.exit(main())
