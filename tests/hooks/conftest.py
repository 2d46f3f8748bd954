from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hooks.service import Service


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A running service that the tests of one file share; it ends with them."""
    running = Service()
    running.start()
    yield running
    running.kill()
