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


def test_a_row_of_another_version_does_not_break_the_list(client: Client, given: Fields) -> None:
    from mathesar.connections.models import Database

    row = add(given)
    for columns in (
        {"status": "unreachable", "status_code": "of-another-version"},
        {"status": "schema_missing", "schema": "missing", "schema_code": "of-another-version"},
    ):
        Database.objects.filter(pk=row.pk).update(**columns)
        page = client.get("/databases/")
        assert page.status_code == 200
        assert ("of-another-version" in page.content.decode()) == ("schema_code" in columns)
        assert client.get(f"/api/v1/databases/{row.pk}").status_code == 200


def test_whoever_installs_the_schema_again_is_not_removing_any_more(client: Client, given: Fields) -> None:
    from django.utils import timezone

    from mathesar.connections.models import Database

    row = add(given, schema=False)
    Database.objects.filter(pk=row.pk).update(removing_at=timezone.now())
    assert "Its removal was interrupted" in client.get("/databases/").content.decode()
    assert client.post(f"/databases/{row.pk}/schema").status_code == 302
    assert "Its removal was interrupted" not in client.get("/databases/").content.decode()


def test_a_locked_connection_is_renamed_alone(client: Client, given: Fields) -> None:
    from mathesar.connections.models import Database

    row = add(given)
    Database.objects.filter(pk=row.pk).update(sealed="v1.0.x")
    form = {"name": "Ledger", "port": "5432", "sslmode": "require", "schema": "install", "version": "1"}
    assert client.post(f"/databases/{row.pk}/edit", form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.sealed) == ("Ledger", "v1.0.x")


def test_editing_a_detached_entry_is_adopting_it(client: Client, use, given: Fields, site: PostgresServer) -> None:
    from mathesar.connections.models import Database

    use(plans.local_plan({"one": site.url("books")}))
    use(plans.local_plan({"two": site.url()}))
    row = Database.objects.get(name="one")
    assert client.get(f"/databases/{row.pk}/edit").headers["Location"] == f"/databases/{row.pk}/adopt"


def test_only_superusers_see_where_a_stored_connection_leads(client: Client, given: Fields) -> None:
    from django.contrib.auth.models import User

    add(given)
    ordinary = Client()
    ordinary.force_login(User.objects.create_user("lin"))
    place = f"127.0.0.1:{given['port']}"
    assert place in client.get("/databases/").content.decode()
    assert place not in ordinary.get("/databases/").content.decode()
