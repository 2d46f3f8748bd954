from __future__ import annotations

import pytest

from compliance import Bundle, Checker, load_bundle


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return load_bundle()


@pytest.fixture(scope="session")
def checker(bundle: Bundle) -> Checker:
    return Checker(bundle)
