"""The form and the list of connections over HTTP: odd versions, odd names, what is sent back and what is not."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import READER, READER_PASSWORD
from tests.mathesar.connections.test_service import add, given
from tests.postgres import PostgresServer

__all__ = ["given"]
WRONG = "wr0ng-pass-77"
Fields = dict[str, object]


@pytest.fixture
def client(plan: plans.Plan) -> Client:
    from django.contrib.auth.models import User

    made = Client()
    made.force_login(User.objects.create_superuser("ada"))
    return made


def typed(given: Fields, **more: str) -> dict[str, str]:
    return {**{name: str(value) for name, value in given.items()}, "name": "Books", **more}


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", ""])
def test_a_version_that_is_none_is_no_fault(client: Client, given: Fields, version: str) -> None:
    row = add(given)
    form = typed(given, password="", name="Ledger", version=version)
    assert client.post(f"/databases/{row.pk}/edit", form).status_code == 302


def test_a_test_needs_no_name(client: Client, given: Fields) -> None:
    response = client.post("/databases/add", typed(given, name="", test="1"))
    assert response.status_code == 200
    assert "It works." in response.content.decode()


def test_filling_gives_no_password_back(client: Client) -> None:
    response = client.post("/databases/fill", {"url": f"postgresql://me:{WRONG}@db.example.org/sales"})
    assert response.json()["fields"]["username"] == "me"
    assert WRONG not in response.content.decode()


def test_without_script_a_url_leaves_its_fields(client: Client, given: Fields, site: PostgresServer) -> None:
    url = site.url("books", user="nobody-known", password=WRONG)
    page = client.post("/databases/add", {"name": "Books", "url": url}).content.decode()
    assert "MP605" in page
    assert 'value="nobody-known"' in page
    assert WRONG not in page


def test_the_statement_is_whole_whatever_the_name(plan: plans.Plan) -> None:
    from mathesar.connections.views_form import Shown
    from provisioner.findings import finding

    grant = 'GRANT CREATE ON DATABASE "a;b" TO "c; d";'
    shown = Shown(finding("live-no-create", "schema", grant=grant))
    assert shown.statement == grant
    assert shown.before == "As the database's owner run:"
    assert shown.after.startswith("Or connect without")


def test_the_list_keeps_the_statement(client: Client, given: Fields) -> None:
    row = add({**given, "username": READER, "password": READER_PASSWORD}, schema=False)
    assert client.post(f"/databases/{row.pk}/schema").status_code == 409
    page = client.get("/databases/").content.decode()
    assert "GRANT CREATE ON DATABASE &quot;books&quot; TO &quot;reader&quot;;" in page


def test_the_owner_of_the_schema_is_another_role(client: Client, given: Fields) -> None:
    from mathesar.connections.models import Database

    row = add(given)
    Database.objects.filter(pk=row.pk).update(schema="outdated", schema_code="schema-not-owner")
    page = client.get("/databases/").content.decode()
    assert "Another role, not this one, installed the Mathesar schema." in page
