"""What is made before the first request: nobody waits for it, and it lies where others cannot write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compliance import Checker
from compliance.model import Action
from compliance.profile import Profile
from compliance.serve import engine
from compliance.serve.engine import Serving, Shops


@pytest.fixture(scope="module")
def warm(checker: Checker) -> Serving:
    serving = Serving.build(checker, Shops(Profile(platform="jd")))
    serving.warm_streams()
    return serving


@pytest.fixture
def _nothing_is_made(warm: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a request had to wait")

    monkeypatch.setattr(engine, "StreamRules", refuse)


@pytest.mark.usefixtures("_nothing_is_made")
def test_the_first_streamed_text_of_a_profile_s_platform_does_not_wait(warm: Serving) -> None:
    assert warm.stream_rules(None, None, Action.BLOCK).platform == "jd"


@pytest.mark.usefixtures("_nothing_is_made")
def test_after_a_change_of_profiles_streamed_texts_do_not_wait_again(warm: Serving) -> None:
    after = Serving.build(warm.checker, Shops(Profile(name="新店")))
    after.warm_streams(warm)
    assert after.stream_rules(None, "jd", Action.BLOCK).checker.profile.name == "新店"


@pytest.mark.skipif(sys.platform == "win32", reason="folders of others are told by their owner")
def test_without_a_private_folder_the_dictionary_is_not_cached_in_a_shared_one(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    open_to_all = tmp_path / "cache"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    code = "from compliance.segment import token_bounds; print(token_bounds('货到付款'))"
    environment = os.environ | {"TMPDIR": str(shared), "COMPLIANCE_CACHE_DIR": str(open_to_all)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[(0, 4)]\n"
    assert [*shared.iterdir(), *open_to_all.iterdir()] == []
