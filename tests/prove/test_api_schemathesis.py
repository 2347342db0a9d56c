"""Requests made up from the API's own document, every answer held against it; a real PostgreSQL behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import make_database
from tests.postgres import PostgresServer

pytestmark = [
    pytest.mark.prove,
    # The threads of psycopg's pool draw from `random` too; Hypothesis cannot tell that from its own strategies.
    pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies"),
]
Api = tuple[Any, dict[str, str]]  # the document, and the headers of somebody who may do everything
EXAMPLES = 100
# What a document cannot say: whether a database answers at the place that a request names. 422 then is no fault.
CONNECTS = frozenset(
    {
        "POST /api/v1/databases",
        "POST /api/v1/databases/test",
        "PATCH /api/v1/databases/{id}",
        "POST /api/v1/databases/{id}/adopt",
    }
)


@pytest.fixture
def api_schema(plan: plans.Plan, site: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Give the document, served to a superuser's token, with one connection that ids may hit."""
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application

    from mathesar.accounts import tokens
    from mathesar.connections import opening, pace, service
    from mathesar.connections.credentials import read_fields

    monkeypatch.setattr(pace, "MOST", 10**9)
    row = service.add("Books", read_fields(make_database(site, "schemathesis")))
    token = tokens.create(User.objects.create_superuser("ada"), "t")[1].get_secret_value()
    headers = {"Authorization": f"Bearer {token}", "Host": "localhost", "X-Database": str(row.pk)}
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers=headers), headers
    opening.forget_all()


OPERATIONS = (
    "GET /api/v1/databases",
    "POST /api/v1/databases",
    "POST /api/v1/databases/test",
    "GET /api/v1/databases/{id}",
    "PATCH /api/v1/databases/{id}",
    "DELETE /api/v1/databases/{id}",
    "POST /api/v1/databases/{id}/test",
    "POST /api/v1/databases/{id}/adopt",
    "PUT /api/v1/databases/{id}/schema",
    "DELETE /api/v1/databases/{id}/schema",
    "GET /api/v1/databases/{id}/dependents",
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described(api_schema: Api, label: str, mode: GenerationMode) -> None:
    schema, headers = api_schema
    operations = {found.ok().label: found.ok() for found in schema.get_all_operations()}
    assert set(operations) == set(OPERATIONS)
    answers: Counter[int] = Counter()
    excluded = [positive_data_acceptance] if label in CONNECTS else []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        if mode is GenerationMode.POSITIVE and "{id}" in label and answers.total() % 2:
            case.path_parameters = {"id": headers["X-Database"]}  # one that is there
        answers[case.call_and_validate(headers=headers, excluded_checks=excluded).status_code] += 1

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("this operation takes nothing that could be wrong")
    assert answers.total() >= 1
    print(label, mode.value, dict(answers))
