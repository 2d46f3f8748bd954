"""The first screen of both READMEs shows what the command really prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from compliance.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readme_shows_what_the_command_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```console\n\$ compliance (check .*)\n([\s\S]*?)\n```", (ROOT / name).read_text("utf-8"))
    assert shown is not None
    assert main(shlex.split(shown[1])) == 1
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.rstrip().splitlines())
    assert printed == shown[2]
