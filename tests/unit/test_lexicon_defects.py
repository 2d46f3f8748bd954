"""Every defect of a lexicon is refused, with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from compliance import Checker, LexiconError
from compliance.lexicon.store import default_folder, load_bundle

RULE = """\
code: TST101
name: test-rule
title: 测试
category: style
severity: medium
message: 测试“{surface}”。
why: 测试。
source: []
entries:
  - terms: [芝麻糊]
rewrite:
  advice: 测试。
examples:
  hit: [来碗芝麻糊]
  pass: [来碗豆浆]
"""
PLACE = "rules/style/TST101-test.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small lexicon: the real folding tables and judgement, one rule of our own."""
    monkeypatch.setenv("COMPLIANCE_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "lexicons"
    for name in ("folding", "policies"):
        shutil.copytree(default_folder() / name, root / name)
    for name in ("judgement.yaml", "recognisers.yaml", "VERSION"):
        shutil.copy(default_folder() / name, root / name)
    (root / PLACE).parent.mkdir(parents=True)
    (root / PLACE).write_text(RULE, "utf-8")
    return root


def test_the_sound_rule_loads_and_works(folder: Path) -> None:
    checker = Checker(load_bundle(folder))
    assert [f.code for f in checker.check("芝麻糊", platform="pdd").findings] == ["TST101"]


def _edit(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    ("edit", "line", "says"),
    [
        (_edit("why: 测试。", "why: 测试。\nwho: me"), 8, "who"),
        (_edit("[芝麻糊]", "[]"), 10, "exactly one of"),
        (_edit("[芝麻糊]", "['']"), 10, "empty term"),
        (_edit("[芝麻糊]", "[芝麻糊, 芝麻糊]"), 10, "duplicate term"),
        (_edit("[芝麻糊]", "['，']"), 10, "can never match"),
        (_edit("来碗芝麻糊", "来碗黑豆浆"), 14, "misses its own hit example"),
        (_edit("来碗豆浆", "来碗芝麻糊吧"), 15, "fires on its own pass example"),
        (_edit("severity: medium", "severity: bad"), 5, "severity"),
        (_edit("severity: medium", "severity: {pdd: low}"), 5, "default"),
        (_edit("category: style", "category: fashion"), 4, "category"),
        (_edit("source: []", "source: []\ncite: [no-such-clause]"), 9, "unknown clause"),
        (_edit("[芝麻糊]", "[芝麻糊]\n    unless: [no_such_context]"), 11, "unknown context"),
        (_edit("terms: [芝麻糊]", "pattern: <no_such_set>"), 10, "no_such_set"),
        (_edit("terms: [芝麻糊]", "pattern: '[芝麻'"), 10, "one [ and one ]"),
        (_edit("terms: [芝麻糊]", "pattern: '芝麻]糊'"), 10, "without its other half"),
        (_edit("[芝麻糊]", "[芝麻糊]\n    unless: [{left: [豆浆], and: {within: 2}}]"), 11, "a context needs words"),
        (_edit("[芝麻糊]", "[芝麻糊]\n    protect: [豆浆]"), 11, "protects nothing"),
        (_edit("code: TST101", "code: [unclosed"), 1, ""),
    ],
)
def test_a_defect_is_refused_with_file_and_line(folder: Path, edit: Callable[[str], str], line: int, says: str) -> None:
    file = folder / PLACE
    changed = edit(file.read_text("utf-8"))
    assert changed != RULE
    file.write_text(changed, "utf-8")
    with pytest.raises(LexiconError) as refused:
        load_bundle(folder)
    problem = refused.value.problems[0]
    assert problem.file == PLACE
    assert says in problem.text
    assert abs(problem.line - line) <= 1


def test_a_code_is_used_once(folder: Path) -> None:
    (folder / "rules/style/TST102-twin.yaml").write_text(RULE, "utf-8")
    with pytest.raises(LexiconError, match="already used"):
        load_bundle(folder)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no 'rules' folder"):
        load_bundle(tmp_path)


def test_every_rule_of_the_product_has_examples_of_both_kinds() -> None:
    for file in sorted((default_folder() / "rules").rglob("*.yaml")):
        examples = yaml.safe_load(file.read_text("utf-8"))["examples"]
        assert len(examples["hit"]) >= 5, file.name
        assert len(examples["pass"]) >= 5, file.name
