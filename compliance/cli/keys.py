"""Make, list and withdraw API keys of the HTTP service.

The file holds digests only; a key is shown once, when it is made. A running service reads a changed file by itself.
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

from compliance.errors import InputError

__all__ = ["add_arguments", "run"]

_SCOPES = ("lint", "read", "audit", "metrics", "admin")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make a key")
    add.add_argument("name", help="who uses it")
    add.add_argument("--scope", action="append", choices=_SCOPES, help="may be repeated (default: lint and read)")
    add.add_argument("--rate", type=float, metavar="N", help="requests per second and worker")
    add.add_argument("--expires", type=date.fromisoformat, metavar="DAY", help="last day, such as 2027-01-31")
    actions.add_parser("list", help="list the keys")
    remove = actions.add_parser("remove", help="withdraw a key")
    remove.add_argument("id", help="its id, as listed")
    for action in actions.choices.values():
        action.add_argument("--file", type=Path, default=Path("keys.toml"), help="key file (default: keys.toml)")


def run(options: argparse.Namespace) -> int:
    """Do one of these."""
    from compliance.serve.keys import Keyring, load_keyring, new_key  # noqa: PLC0415  nothing else needs it

    ring = load_keyring(options.file) if options.file.exists() else Keyring()
    keys = list(ring.keys.values())
    if options.action == "add":
        if options.rate is not None and not options.rate > 0:
            raise InputError("--rate must be a positive number of requests per second")
        presented, key = new_key(options.name, options.scope or ["lint", "read"], options.rate, options.expires)
        _write(options.file, [*keys, key])
        print(presented)
    elif options.action == "remove":
        if options.id not in ring.keys:
            raise InputError(f"{options.file} has no key {options.id!r}")
        _write(options.file, [key for key in keys if key.id != options.id])
    else:
        for key in keys:
            until = f"  until {key.expires}" if key.expires else ""
            print(f"{key.id}  {','.join(sorted(key.scopes)):20}  {key.name}{until}")
    return 0


def _write(file: Path, keys: list) -> None:  # type: ignore[type-arg]
    """Replace the file at once; only its owner may read it."""
    from compliance.serve.keys import to_toml  # noqa: PLC0415

    new = file.with_name(f".{file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write("\n".join(map(to_toml, keys)))
    new.replace(file)
