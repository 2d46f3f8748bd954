"""Whatever the OpenAPI document allows or forbids is answered as it says."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from compliance import Checker
from compliance.serve import create_app
from compliance.serve.engine import Serving, Shops
from compliance.serve.settings import Settings

schemathesis = pytest.importorskip("schemathesis")
positive_data_acceptance = import_module("schemathesis.specs.openapi.checks").positive_data_acceptance


@pytest.fixture
def document(checker: Checker, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("audits")
    chosen = Settings(watch=False, audits=folder, state=folder, max_batch_items=50)
    app = create_app(settings=chosen, serving=Serving.build(checker, Shops(checker.profile)))
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app)


_CALM = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_operation_keeps_its_contract(document: Any) -> None:
    tried = set()
    for found in document.get_all_operations():
        operation = found.ok()

        @_CALM
        @given(case=operation.as_strategy())
        def keeps_its_contract(case: Any) -> None:
            case.call_and_validate(excluded_checks=[positive_data_acceptance])  # shops are known at run time only

        keeps_its_contract()
        tried.add(operation.path)
    assert {"/v1/lint", "/v1/lint/batch", "/v1/rewrite", "/v1/rules/{code}", "/readyz"} <= tried
