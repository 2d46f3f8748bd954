from __future__ import annotations

import os

import pytest
from hypothesis import settings

from compliance import Bundle, Checker, load_bundle
from compliance.collector import keep_what_lives

# The same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    bundle = load_bundle()
    keep_what_lives()
    return bundle


@pytest.fixture(scope="session")
def checker(bundle: Bundle) -> Checker:
    return Checker(bundle)
