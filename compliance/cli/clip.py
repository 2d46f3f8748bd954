"""Check what is on the clipboard, for desktop chat clients that offer no hook: bind it to a hotkey.

Prints what is wrong and what to send instead; with --replace, the rewrite is put on the clipboard, ready to paste.
Reads standard input instead with "-". Needs the "clip" extra for the clipboard.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, Final

from compliance.cli.options import add_checker_options, facts_from, profile_from
from compliance.errors import InputError
from compliance.hooks import Guard, Policy, ServiceClient
from compliance.hooks.ruling import explain

__all__ = ["add_arguments", "run"]

_SIGNS: Final = {"pass": "✓ 可以发送", "warn": "! 请留意", "block": "✗ 不能发送"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("source", nargs="?", choices=["-"], help="read standard input instead of the clipboard")
    add_checker_options(parser)
    parser.add_argument(
        "--replace",
        choices=["never", "safe", "any"],
        default="never",
        help="put the rewrite on the clipboard (with '-': print it alone): one that keeps the meaning, or any",
    )
    parser.add_argument("--service", metavar="URL", help="ask a running service, which answers without a cold start")
    parser.add_argument("--key", help="API key of the service")


def run(options: argparse.Namespace) -> int:
    """Check once; 0 if the text may be sent as it is, 1 if not."""
    text = sys.stdin.read() if options.source == "-" else _clipboard().paste()
    if not text.strip():
        print("剪贴板里没有文字。" if options.source is None else "没有收到文字。", file=sys.stderr)
        return 2
    ruling = _guard(options)(text, context=facts_from(options.context))
    verdict = ruling.verdict
    if verdict is None:
        raise InputError(ruling.explanation)
    rewrite = verdict["rewrite"]
    wanted = rewrite is not None and options.replace in ("any", rewrite["tier"])
    if wanted and options.source == "-":
        print(rewrite["text"])
        return 0
    print(_SIGNS[verdict["decision"]])
    if told := explain(verdict):
        print(told)
    if wanted:
        _clipboard().copy(rewrite["text"])
        print("改写已放到剪贴板，可以直接粘贴。")
    return 0 if verdict["decision"] != "block" else 1


def _guard(options: argparse.Namespace) -> Guard:
    profile = profile_from(options.profile)
    if options.service:
        platform = options.platform or (profile.platform if profile else None)
        if platform is None:
            raise InputError("--service needs --platform, or a profile that names one")
        return Guard.service(ServiceClient(options.service, platform=platform, key=options.key))
    from compliance.checker import Checker  # noqa: PLC0415  not needed with a service
    from compliance.lexicon.store import load_bundle  # noqa: PLC0415

    return Guard.embedded(Checker(load_bundle(options.lexicons), profile), platform=options.platform, policy=Policy())


def _clipboard() -> Any:
    """Return a module with ``paste`` and ``copy`` that tells what is wrong where there is no clipboard."""
    try:
        import pyperclip  # noqa: PLC0415  an optional extra
    except ImportError:
        raise InputError('the clipboard needs pip install "compliance[clip]"; or pipe the text and give "-"') from None
    return _Told(pyperclip)


class _Told:
    def __init__(self, clipboard: Any) -> None:
        self._clipboard = clipboard

    def paste(self) -> str:
        return str(self._try(self._clipboard.paste))

    def copy(self, text: str) -> None:
        self._try(self._clipboard.copy, text)

    def _try(self, action: Callable[..., object], *arguments: str) -> object:
        try:
            return action(*arguments)
        except self._clipboard.PyperclipException:
            raise InputError("the clipboard cannot be used here; pipe the text and give '-'") from None
