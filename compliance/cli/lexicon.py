"""Work on lexicons.

lexicon test [DIR]                 validate the folder and run every example
lexicon test [DIR] --against FILE  also show what it newly flags or releases in your own messages
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from compliance.checker import Checker
from compliance.cli.inputs import messages_from
from compliance.errors import LexiconError
from compliance.lexicon.bundle import Bundle
from compliance.lexicon.store import default_folder, lexicon_hash, load_bundle
from compliance.model import Action, platform_id

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    test = actions.add_parser("test", help="validate a lexicon folder and run its examples")
    test.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="default: the lexicons in use")
    test.add_argument("--against", metavar="FILE", help="messages, one a line, to compare with the lexicons in use")
    test.add_argument("--platform", default="pdd", help="platform of these messages (default: pdd)")


def run(options: argparse.Namespace) -> int:
    """Test a folder; 0 sound, 1 something failed or changed decisions, 2 cannot be tested."""
    folder = options.folder or default_folder()
    platform = platform_id(options.platform)
    if not folder.is_dir():
        print(f"compliance: {folder}: is no folder", file=sys.stderr)
        return 2
    try:
        bundle = load_bundle(folder)
    except LexiconError as error:
        print(error)
        print(f"{len(error.problems)} problems")
        return 1
    counts = Counter(example.kind for rule in bundle.rules for example in rule.examples)
    print(
        f"ok: {len(bundle.rules)} rules, {len(bundle.entries)} entries; examples proven: "
        f"{counts['hit']} hit, {counts['pass']} pass, {counts['fix']} fix; hash {lexicon_hash(folder)}"
    )
    return _compare(bundle, options.against, platform) if options.against else 0


def _compare(bundle: Bundle, file: str, platform: str) -> int:
    """Show each message whose findings differ between the lexicons in use and the tested ones."""
    old, new = Checker(), Checker(bundle)
    total = changed = 0
    for message in messages_from([file]):
        total += 1
        before, after = (
            {
                (finding.code, finding.surface)
                for finding in checker.check(message.text, platform=platform).findings
                if finding.action is not Action.NOTE
            }
            for checker in (old, new)
        )
        if before == after:
            continue
        changed += 1
        print(f"{message.origin}:{message.line}: {message.text}")
        for sign, found in (("+", after - before), ("-", before - after)):
            for code, surface in sorted(found):
                print(f"  {sign} {code} “{surface}”")
    print(f"{total} messages compared, {changed} judged differently")
    return 1 if changed else 0
