"""Work on shop profiles: ``profile check FILE`` validates a shop.toml."""

from __future__ import annotations

import argparse
from pathlib import Path

from compliance.model import PLATFORMS
from compliance.profile import load_profile

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="validate a profile and show what it says")
    check.add_argument("file", type=Path, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Validate and summarise."""
    profile = load_profile(options.file)
    print(f"ok: {profile.name or options.file}")
    print(f"  platform: {PLATFORMS[profile.platform] if profile.platform else 'not set; name one with --platform'}")
    print(f"  domains: {', '.join(sorted(profile.domains)) or 'none'}; phones: {len(profile.phones)}")
    for name, value in sorted(profile.facts.items()):
        print(f"  shop.{name} = {str(value).lower()}")
    return 0
