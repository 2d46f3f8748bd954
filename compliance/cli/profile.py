"""Work on shop profiles.

profile check FILE                 validate a shop.toml and show what it says
profile check FILE --against FILE  also show which exceptions your own messages never need
profile schema                     print the JSON Schema of a shop.toml
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from compliance.errors import InputError
from compliance.lexicon.bundle import Bundle
from compliance.lexicon.store import load_bundle
from compliance.model import PLATFORMS, Context, platform_id
from compliance.profile import Profile, ShopException, read_profile

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="validate a profile and show what it says")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--against", metavar="FILE", help="messages, one a line: which exceptions do they need?")
    check.add_argument("--platform", help="platform of these messages (default: the profile's)")
    actions.add_parser("schema", help="print the JSON Schema of a profile")


def run(options: argparse.Namespace) -> int:
    """Validate and summarise; 1 if an exception is expired, unused or names no rule."""
    if options.action == "schema":
        from compliance.profile_schema import ProfileModel  # noqa: PLC0415  only for this

        print(json.dumps(ProfileModel.model_json_schema(), ensure_ascii=False, indent=1))
        return 0
    profile = read_profile(options.file)
    print("\n".join(_summary(profile, options.file)))
    bundle = load_bundle()
    used = _used(profile, bundle, options.against, options.platform) if options.against else None
    defects = [
        f"exceptions[{number}] {item.phrase!r}: {defect}"
        for number, item in enumerate(profile.exceptions)
        for defect in _defects(item, bundle, used)
    ]
    for defect in defects:
        print(f"  ! {defect}")
    return 1 if defects else 0


def _summary(profile: Profile, file: Path) -> Iterator[str]:
    yield f"ok: {profile.name or file}"
    yield f"  platform: {PLATFORMS[profile.platform] if profile.platform else 'not set; name one with --platform'}"
    yield f"  domains: {', '.join(sorted(profile.domains)) or 'none'}; phones: {len(profile.phones)}"
    yield f"  brands: {', '.join(sorted(profile.brands)) or 'none'}"
    for name, value in sorted(profile.facts.items()):
        yield f"  shop.{name} = {str(value).lower()}"
    for item in profile.exceptions:
        yield f"  exception {item.phrase!r} for {', '.join(sorted(item.rules))} until {item.expires}, {item.owner}"


def _defects(item: ShopException, bundle: Bundle, used: frozenset[str] | None) -> Iterator[str]:
    known = {rule.code for rule in bundle.rules} | {rule.category for rule in bundle.rules} | {"*"}
    for name in sorted(item.rules - known):
        yield f"there is no rule or category {name!r}"
    if item.expires is not None and item.expires < date.today():
        yield f"expired on {item.expires}; it is ignored"
    elif used is not None and item.phrase not in used:
        yield "no message needed it"


def _used(profile: Profile, bundle: Bundle, file: str, platform: str | None) -> frozenset[str]:
    """Return the phrases without which some message would have had another verdict."""
    from compliance.checker import Checker  # noqa: PLC0415  only where messages are checked
    from compliance.cli.inputs import messages_from  # noqa: PLC0415

    where = platform_id(platform or profile.platform or "")
    texts = [message.text for message in messages_from([file])]
    if not texts:
        raise InputError(f"{file}: holds no messages")
    facts = profile.complete(Context())

    def hits(exceptions: tuple[ShopException, ...]) -> list[tuple[str, int]]:
        checker = Checker(bundle, replace(profile, exceptions=exceptions))
        return [(k.rule.code, k.candidate.start) for text in texts for k in checker.examine(text, where, facts).kept]

    all_kept = hits(profile.exceptions)
    return frozenset(
        item.phrase
        for item in profile.exceptions
        if hits(tuple(other for other in profile.exceptions if other is not item)) != all_kept
    )
