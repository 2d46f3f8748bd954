"""Every named word set and context decides something: a list that nothing reads would only mislead who tends it."""

import re
from pathlib import Path

import pytest
import yaml

from compliance.lexicon.store import default_folder

FOLDER = default_folder()


def _texts(*parts: str) -> str:
    return "\n".join(file.read_text("utf-8") for part in parts for file in sorted(FOLDER.glob(part)))


def _names(kind: str) -> set[str]:
    return {name for file in sorted((FOLDER / kind).glob("*.yaml")) for name in yaml.safe_load(file.read_text("utf-8"))}


@pytest.mark.parametrize(("kind", "reference"), [("words", r"<{}>"), ("contexts", r"(?<![\w<]){}(?![\w>:])")])
def test_each_name_is_read_somewhere(kind: str, reference: str) -> None:
    readers = _texts("rules/*/*.yaml", "platforms/*.yaml", "contexts/*.yaml", "words/*.yaml", "*.yaml")
    names = _names(kind) - {"everyday"}  # counted for how rare an anchor is, read by the compiler itself
    assert names, Path(kind)
    assert [name for name in sorted(names) if not re.search(reference.format(name), readers, re.ASCII)] == []
