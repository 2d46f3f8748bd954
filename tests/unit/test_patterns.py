"""The language of sentence patterns and contexts, one table row for each thing it can say."""

from __future__ import annotations

import shutil

import pytest
import yaml

from compliance import Checker, Context
from compliance.lexicon.compiler import compile_lexicon
from compliance.lexicon.store import default_folder

TABLE: list[tuple[str, str, str | None]] = [
    # pattern, text, what is underlined
    ("不(开|给)发票", "亲，我们不开发票哦", "不开发票"),
    ("不(开|给)?发票", "亲，我们不发票哦", "不发票"),
    ("不..3发票", "我们不能再开发票了", "不能再开发票"),
    ("不..2发票", "我们不能再开发票了", None),
    ("发票..6没有", "发票我们没有", "发票我们没有"),
    ("发票..6没有", "发票，我们没有", None),
    ("发票~6没有", "发票，我们没有", "发票，我们没有"),
    ("发票~6没有", "发票。我们没有", None),
    ("^没有发票", "您好，没有发票", "没有发票"),
    ("^没有发票", "我们没有发票", None),
    ("没有发票$", "没有发票，抱歉", "没有发票"),
    ("没有发票$", "没有发票抬头", None),
    # numbers
    ("加<num>个点", "开票加6个点", "加6个点"),
    ("加<num>个点", "开票加六个点", "加六个点"),
    ("满<num>(元)?<num>包邮", "满68包邮", None),
    ("满<num>(元)?<num>包邮", "满6元8包邮", "满6元8包邮"),
    ("群号<num><num><num><num><num>", "群号8765", None),
    ("群号<num><num><num><num><num>", "群号87654", "群号87654"),
    # what is underlined
    ("(发票|票据)~9[(开不了|不能开)]", "发票我问过了，开不了的", "开不了"),
    ("[(发票|票据)]~9(开不了|不能开)", "发票我问过了，开不了的", "发票"),
    ("(亲|您)?[发票(我们)?(开不了)](呢|哦)", "亲发票开不了哦", "发票开不了"),
    ("(亲)..2[(呢)?](开不了)", "亲开不了", "亲开不了"),
    # of two beginnings the one in the nearer clause counts
    ("(您|你)~12补差价", "您好，您补差价就行", "您补差价"),
    ("(您|你)~12补差价", "您看您补差价行吗", "您看您补差价"),
]
CONTEXTS = [
    # condition, text, whether 测试词 counts
    ({"left": ["我们"]}, "我们测试词", True),
    ({"left": ["我们"], "and": {"message": ["发票"]}}, "我们测试词", False),
    ({"left": ["我们"], "and": {"message": ["发票"]}}, "发票？我们测试词", True),
    ({"left": ["我们"], "and": {"message": ["发票"]}}, "发票？测试词", False),
    ({"clause": ["可以"], "affirmed": True}, "可以测试词", True),
    ({"clause": ["可以"], "affirmed": True}, "不可以测试词", False),
]


def _rule(number: int, entry: dict[str, object]) -> dict[str, object]:
    head = {
        "name": "test",
        "title": "测试",
        "category": "style",
        "severity": "medium",
        "message": "测试",
        "why": "测试",
    }
    examples = {"hit": ["任意"], "pass": ["任意"]}
    return {"code": f"TST{number:03}", **head, "source": [], "entries": [entry], "examples": examples}


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    root = tmp_path_factory.mktemp("lexicons")
    for name in ("folding", "policies"):
        shutil.copytree(default_folder() / name, root / name)
    for name in ("judgement.yaml", "recognisers.yaml", "VERSION"):
        shutil.copy(default_folder() / name, root / name)
    entries: list[dict[str, object]] = [{"pattern": pattern, "boundary": "none"} for pattern, *_ in TABLE]
    entries += [{"terms": ["测试词"], "requires": [condition]} for condition, *_ in CONTEXTS]
    (root / "rules" / "style").mkdir(parents=True)
    for number, entry in enumerate(entries):
        text = yaml.safe_dump(_rule(number, entry), allow_unicode=True, sort_keys=False)
        (root / "rules" / "style" / f"TST{number:03}-test.yaml").write_text(text, "utf-8")
    return Checker(compile_lexicon(root, "test"))


def _underlined(checker: Checker, number: int, text: str) -> list[str]:
    kept = checker.weigh(text, "pdd", Context()).kept
    return [text[k.candidate.start : k.candidate.end] for k in kept if k.rule.code == f"TST{number:03}"]


@pytest.mark.parametrize(("number", "row"), list(enumerate(TABLE)), ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_a_pattern_finds_and_underlines(checker: Checker, number: int, row: tuple[str, str, str | None]) -> None:
    _, text, underlined = row
    assert _underlined(checker, number, text) == ([] if underlined is None else [underlined])


@pytest.mark.parametrize(("number", "row"), list(enumerate(CONTEXTS, len(TABLE))))
def test_a_context_holds(checker: Checker, number: int, row: tuple[object, str, bool]) -> None:
    _, text, holds = row
    assert _underlined(checker, number, text) == (["测试词"] if holds else [])
