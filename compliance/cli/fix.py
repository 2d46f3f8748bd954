"""Apply rewrites to messages: ``check --fix``, ``--unsafe-fixes`` and ``--diff``."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from compliance.cli.inputs import decoded_lines, names_file
from compliance.encodings import NotTextError, decode
from compliance.errors import InputError
from compliance.model import Tier, Verdict

__all__ = ["fix_inputs"]


def fix_inputs(
    arguments: Sequence[str],
    check: Callable[[str], Verdict],
    *,
    unsafe: bool,
    diff: bool,
    fails: Callable[[Verdict], bool],
) -> int:
    """Rewrite what may be rewritten; return 1 if a message remains that ``fails``, else 0.

    A file is rewritten in place, in its own encoding; other input goes to standard output. With ``diff`` nothing is
    written and the changes are shown instead.

    Raises:
        InputError: a file that cannot be read or written.
    """
    tiers = {Tier.SAFE, Tier.UNSAFE} if unsafe else {Tier.SAFE}
    failed = False

    def fixed(line: str) -> str:
        nonlocal failed
        body = line.rstrip("\r\n")
        verdict = check(body) if body.strip() else None
        if verdict and verdict.rewrite and verdict.rewrite.tier in tiers:
            return verdict.rewrite.text + line[len(body) :]
        failed = failed or bool(verdict and fails(verdict))
        return line

    for argument in arguments:
        if argument != "-" and names_file(argument):
            lines, encoding = _read(Path(argument))
            result = [fixed(line) for line in lines]
            if diff:
                sys.stdout.writelines(_diff(lines, result, argument))
            elif result != lines:
                _write(Path(argument), "".join(result).encode(encoding))
        else:
            lines = list(decoded_lines("<stdin>", sys.stdin.buffer)) if argument == "-" else [f"{argument}\n"]
            result = [fixed(line) for line in lines]
            sys.stdout.writelines(_diff(lines, result, argument[:20]) if diff else result)
    return 1 if failed else 0


def _diff(before: list[str], after: list[str], name: str) -> list[str]:
    return [
        line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(before, after, name, name, n=0)
    ]


def _read(file: Path) -> tuple[list[str], str]:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    try:
        text, encoding = decode(raw)
    except NotTextError:
        raise InputError(f"{file}: is neither UTF-8 nor GBK text; save it again as UTF-8") from None
    return text.splitlines(keepends=True), encoding


def _write(file: Path, content: bytes) -> None:
    """Replace the file at once, so that a crash leaves the old one."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.chmod(file.stat().st_mode)
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"{file}: cannot be written: {error.strerror}") from None
