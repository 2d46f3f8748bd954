"""Check messages: may they be sent, which words break which rule, what to send instead.

TEXT is one message; a FILE holds one message a line (UTF-8 or GBK); "-" reads standard input.
Exit code: 0 clean, 1 findings at the --fail-on threshold, 2 bad usage or unreadable input.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from compliance.checker import Checker
from compliance.cli.formats import FORMATS, Result, formatter
from compliance.cli.inputs import messages_from
from compliance.cli.options import add_checker_options, context_from, profile_from
from compliance.collector import keep_what_lives
from compliance.errors import InputError
from compliance.judge import Dropped
from compliance.lexicon.store import load_bundle
from compliance.model import Decision, platform_id

__all__ = ["add_arguments", "run"]

_RANK = {Decision.PASS: 0, Decision.WARN: 1, Decision.BLOCK: 2}
_THRESHOLD = {"warn": 1, "block": 2, "never": 3}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("text", nargs="*", metavar="TEXT|FILE|-", help="what to check")
    add_checker_options(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to show the result (default: text)")
    parser.add_argument("--fail-on", choices=sorted(_THRESHOLD), default="block", help="exit 1 from this decision on")
    parser.add_argument(
        "--jsonl",
        metavar="FILE",
        help='check JSON lines {"id", "text" | "messages", "platform", "context"}; one verdict a line, in order',
    )
    parser.add_argument("--fix", action="store_true", help="apply safe rewrites: files in place, the rest printed")
    parser.add_argument("--unsafe-fixes", action="store_true", help="apply all rewrites; read them before you send")
    parser.add_argument("--diff", action="store_true", help="show what --fix (or --unsafe-fixes) would change")
    parser.add_argument(
        "--explain-clean", action="store_true", help="also show what was considered and dropped, and why"
    )
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="colour the text form")


def run(options: argparse.Namespace) -> int:
    """Check and print; see the module for exit codes."""
    context = context_from(options.context)
    profile = profile_from(options.profile)
    if options.platform is not None:
        platform_id(options.platform)  # refuse a wrong name before anything is read
    if options.jsonl is not None:
        if options.text:
            raise InputError("give either --jsonl FILE or messages, not both")
        from compliance.cli.jsonl import check_lines  # noqa: PLC0415  only this mode needs it

        checker = Checker(load_bundle(options.lexicons), profile)
        keep_what_lives()
        return check_lines(options.jsonl, checker, options.platform, context, _THRESHOLD[options.fail_on])
    if not options.text:
        raise InputError('nothing to check: give a message, a file, or "-" for standard input')
    if options.platform is None and (profile is None or profile.platform is None):
        raise InputError("which platform? give --platform pdd, taobao, jd, douyin or kuaishou, or a --profile with one")
    checker = Checker(load_bundle(options.lexicons), profile)
    keep_what_lives()
    if options.fix or options.unsafe_fixes or options.diff:
        from compliance.cli.fix import fix_inputs  # noqa: PLC0415  only this mode needs it

        return fix_inputs(
            options.text,
            lambda text: checker.check(text, platform=options.platform, context=context),
            unsafe=options.unsafe_fixes,
            diff=options.diff,
            fails=lambda verdict: _RANK[verdict.decision] >= _THRESHOLD[options.fail_on],
        )
    worst = 0

    def dropped_from(text: str) -> tuple[Dropped, ...]:
        if not options.explain_clean:
            return ()
        where = platform_id(options.platform or checker.profile.platform or "")
        return checker.examine(text, where, checker.profile.complete(context)).dropped

    def results() -> Iterator[Result]:
        nonlocal worst
        for message in messages_from(options.text):
            verdict = checker.check(message.text, platform=options.platform, context=context)
            worst = max(worst, _RANK[verdict.decision])
            yield Result(message, verdict, dropped_from(message.text))

    colour = options.color == "always" or (options.color == "auto" and sys.stdout.isatty())
    for part in formatter(options.format, checker.bundle, colour)(results()):
        sys.stdout.write(part)
    return 1 if worst >= _THRESHOLD[options.fail_on] else 0
