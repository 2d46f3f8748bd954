"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from compliance.errors import ContextError
from compliance.model import Context
from compliance.profile import Profile, load_profile

__all__ = ["add_checker_options", "context_from", "facts_from", "profile_from"]


def add_checker_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--platform``, ``--profile``, ``--context`` and ``--lexicons``."""
    parser.add_argument(
        "--platform", help="pdd, taobao, jd, douyin or kuaishou; a Chinese name such as 拼多多 works too"
    )
    parser.add_argument("--profile", type=Path, metavar="FILE", help="shop profile (shop.toml)")
    parser.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a fact about order or shop, such as order_status=paid or shop.cod=false; may be repeated",
    )
    parser.add_argument("--lexicons", type=Path, metavar="DIR", help="use this lexicon folder")


def profile_from(file: Path | None) -> Profile | None:
    """Load the profile, if one is named."""
    return None if file is None else load_profile(file)


def context_from(pairs: Sequence[str]) -> Context:
    """Build the context from ``KEY=VALUE`` words.

    Raises:
        ContextError: a word without ``=``, an unknown key or a bad value.
    """
    return Context.parse(facts_from(pairs))


def facts_from(pairs: Sequence[str]) -> dict[str, str]:
    """Take ``KEY=VALUE`` words apart.

    Raises:
        ContextError: a word without ``=``.
    """
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ContextError(f"--context {pair!r}: write it as KEY=VALUE, for example order_status=paid")
        values[key.strip()] = value.strip()
    return values
