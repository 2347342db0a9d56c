"""The JSON API: every operation, every refusal in one form, and never a password."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.mathesar import plans
from tests.mathesar.api.conftest import NAME, Ask
from tests.mathesar.connections.site_of_databases import OWNER_PASSWORD, READER, READER_PASSWORD, schemas
from tests.postgres import PostgresServer, free_port

UNKNOWN = "databases/00000000-0000-4000-8000-000000000000"


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return the problem document, having looked at what every one must be."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.content)
    assert (found["status"], found["code"]) == (status, code)
    assert found["detail"]
    assert found["fix"]
    assert found["errors"][0]["code"] == code
    assert OWNER_PASSWORD not in answer.content.decode()
    return found


def test_a_connection_from_beginning_to_end(ask: Ask, given: dict[str, Any], site: PostgresServer) -> None:
    assert (
        ask("POST", "databases/test", {k: v for k, v in given.items() if k != "name"}).json()["status"] == "connected"
    )
    made = ask("POST", "databases", given)
    assert made.status_code == 201, made.content
    row = made.json()
    assert made.headers["Location"].endswith(f"/api/v1/databases/{row['id']}")
    assert OWNER_PASSWORD not in made.content.decode()
    assert (row["source"], row["status"], row["mathesar_schema"]["state"]) == ("person", "connected", "current")
    assert row["place"]["dbname"] == NAME
    path = f"databases/{row['id']}"
    assert ask("GET", path).json() == row
    assert ask("GET", "databases").json() == {"databases": [row]}
    assert ask("POST", f"{path}/test").json()["mathesar_schema"] == "current"

    renamed = ask("PATCH", path, {"name": "Ledger", "version": 1})
    assert (renamed.json()["name"], renamed.json()["version"]) == ("Ledger", 2)
    problem(ask("PATCH", path, {"name": "Other", "version": 1}), 409, "MP710")
    problem(ask("PATCH", path, {"password": "wrong"}), 422, "MP605")

    site.psql("CREATE TABLE public.people (mail mathesar_types.email)", NAME)
    assert [each["column"] for each in ask("GET", f"{path}/dependents").json()["dependents"]] == ["mail"]
    problem(ask("DELETE", f"{path}?mathesar_schema=remove"), 409, "MP708")
    problem(ask("DELETE", f"{path}/schema"), 409, "MP708")
    assert ask("DELETE", f"{path}/schema?cascade=true").status_code == 204
    assert schemas(site, NAME) == set()
    assert ask("GET", path).json()["mathesar_schema"]["wanted"] is False
    assert ask("PUT", f"{path}/schema").json()["mathesar_schema"]["state"] == "current"
    assert ask("DELETE", f"{path}?mathesar_schema=remove").status_code == 204
    assert schemas(site, NAME) == set()
    problem(ask("GET", path), 404, "MP714")


@pytest.mark.parametrize(
    ("change", "code", "variable"),
    [
        ({"host": "no-such-host.invalid"}, "MP601", "host"),
        ({"password": "wrong"}, "MP605", "password"),
        ({"dbname": "nowhere"}, "MP606", "dbname"),
        ({"sslmode": "require"}, "MP604", "sslmode"),
        ({"host": "169.254.169.254"}, "MP609", "host"),
        ({"username": READER, "password": READER_PASSWORD}, "MP612", "schema"),
        ({"password": ""}, "MP704", "password"),
        ({"name": "a/b"}, None, "name"),
        ({"url": f"postgresql://a:{OWNER_PASSWORD}@b@c/d"}, None, "url"),
    ],
)
def test_the_codes_of_the_pages(
    ask: Ask, given: dict[str, Any], change: dict[str, str], code: str | None, variable: str
) -> None:
    answer = ask("POST", "databases", {**given, **change})
    found = problem(answer, 422, code or answer.json()["code"])
    assert found["variable"] == variable
    assert ask("GET", "databases").json() == {"databases": []}


def test_a_url_instead_of_the_fields(ask: Ask, given: dict[str, Any], site: PostgresServer) -> None:
    from tests.mathesar.connections.site_of_databases import OWNER

    url = site.url(NAME, user=OWNER, password=OWNER_PASSWORD)
    made = ask("POST", "databases", {"name": "Books", "url": url, "mathesar_schema": "none"})
    assert (made.status_code, made.json()["mathesar_schema"]["wanted"]) == (201, False)
    assert schemas(site, NAME) == set()


def test_entries_of_the_environment(use, ask: Ask, given: dict[str, Any], site: PostgresServer) -> None:
    use(plans.local_plan({"Sales": site.url(NAME)}))
    row = ask("GET", "databases").json()["databases"][0]
    assert (row["source"], row["variable"]) == ("environment", "MATHESAR_DATABASES")
    path = f"databases/{row['id']}"
    for method, more, body in (("PATCH", "", {"name": "Other"}), ("DELETE", "", None), ("POST", "/adopt", given)):
        if body is given:
            body = {name: value for name, value in given.items() if name != "name"}
        found = problem(ask(method, path + more, body), 409, "MP701")
        assert found["variable"] == "MATHESAR_DATABASES"
        assert "MATHESAR_DATABASES" in found["detail"] + found["fix"]
    use(plans.local_plan({"Other": site.url("postgres")}))
    adopted = ask("POST", f"{path}/adopt", {k: v for k, v in given.items() if k != "name"})
    assert (adopted.status_code, adopted.json()["id"], adopted.json()["source"]) == (200, row["id"], "person")


def test_who_may(ask: Ask, given: dict[str, Any]) -> None:
    row = ask("POST", "databases", given).json()
    path = f"databases/{row['id']}"
    assert ask("GET", path, who="ordinary").json() == {**row, "place": None}
    for method, where, body in (
        ("POST", "databases", given),
        ("POST", "databases", {"nonsense": OWNER_PASSWORD}),
        ("PATCH", path, {"name": "x"}),
        ("DELETE", path, None),
        ("POST", f"{path}/test", None),
        ("PUT", f"{path}/schema", None),
        ("GET", f"{path}/dependents", None),
    ):
        problem(ask(method, where, body, who="ordinary"), 403, "MP852")
        for nobody in ("", "mts_aaaaaaaa_" + "a" * 52, "x"):
            refused = ask(method, where, body, who=nobody)
            problem(refused, 401, "MP851")
            assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_the_same_before_anybody_claimed_the_install(plan: plans.Plan) -> None:
    answer = Client().get("/api/v1/databases")
    problem(answer, 401, "MP851")
    from django.contrib.auth.models import User

    User.objects.create_superuser("ada")
    after = Client().get("/api/v1/databases")
    assert (after.status_code, after.content) == (answer.status_code, answer.content)


def test_a_session_needs_its_csrf_token(ask: Ask, given: dict[str, Any]) -> None:
    from django.contrib.auth.models import User

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="ada"))
    assert client.get("/api/v1/databases").status_code == 200
    problem(client.post("/api/v1/databases", given, content_type="application/json"), 403, "MP852")
    page = client.get("/databases/add")
    token = page.context["csrf_token"]
    made = client.post("/api/v1/databases", given, content_type="application/json", headers={"X-CSRFToken": str(token)})
    assert made.status_code == 201
    stale = client.get("/api/v1/databases", headers={"Authorization": "Bearer x"})  # a header, so no session
    problem(stale, 401, "MP851")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "nowhere", None, 404, "MP853"),
        ("GET", "../nowhere", None, 404, "MP853"),
        ("GET", "databases/a%0Ab", None, 404, "MP853"),
        ("GET", UNKNOWN, None, 404, "MP714"),
        ("GET", "databases/not-an-id", None, 404, "MP853"),
        ("PUT", "databases", None, 405, "MP854"),
        ("POST", "databases", "{", 400, "MP855"),
        ("POST", "databases", b"\xff\xfe", 400, "MP855"),
        ("POST", "databases", [], 422, "MP705"),
        ("POST", "databases", {"name": "x", "hots": "typo"}, 422, "MP705"),
        ("POST", "databases", {"name": "x" * 2_000_000}, 400, "MP855"),
        ("POST", "databases", {"name": "x", "port": OWNER_PASSWORD}, 422, "MP705"),
        ("DELETE", f"{UNKNOWN}?mathesar_schema=maybe", None, 422, "MP705"),
        ("POST", "databases", {"name": "x", f"postgresql://u:{OWNER_PASSWORD}@h/d": "y"}, 422, "MP705"),
        ("POST", "databases", {"name": "x", "url": "postgresql://a:b12345@h/d", "host": "h"}, 422, "MP705"),
        ("GET", "", None, 404, "MP853"),
    ],
)
def test_requests_that_make_no_sense(ask: Ask, method: str, path: str, body: Any, status: int, code: str) -> None:
    answer = ask(method, path, body)
    problem(answer, status, code)
    if status == 405:
        assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


def test_only_json_is_read(ask: Ask, given: dict[str, Any]) -> None:
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.get(username="ada"))
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert client.generic("POST", "/api/v1/databases", json.dumps(given), content_type=kind).status_code == 415


def test_a_busy_server_leaves_the_row_as_it_was(ask: Ask, given: dict[str, Any]) -> None:
    from mathesar.connections.reaching import REQUESTS, _trying

    row = ask("POST", "databases", given).json()
    _trying.places[REQUESTS] += 99  # as if every request waited for a server
    try:
        answer = ask("POST", f"databases/{row['id']}/test")
    finally:
        _trying.places[REQUESTS] -= 99
    problem(answer, 503, "MP613")
    assert answer.headers["Retry-After"]
    assert ask("GET", f"databases/{row['id']}").json()["status"] == "connected"


def test_tries_have_a_pace(ask: Ask, given: dict[str, Any]) -> None:
    from mathesar.connections import pace

    tried = {**{k: v for k, v in given.items() if k != "name"}, "port": free_port()}
    statuses = [ask("POST", "databases/test", tried).status_code for _ in range(pace.MOST + 1)]
    assert statuses == [422] * pace.MOST + [429]
    answer = ask("POST", "databases", given)
    problem(answer, 429, "MP718")
    assert int(answer.headers["Retry-After"]) > 0


def test_the_document(ask: Ask) -> None:
    document = ask("GET", "openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/databases",
        "/api/v1/databases/test",
        "/api/v1/databases/{id}",
        "/api/v1/databases/{id}/test",
        "/api/v1/databases/{id}/adopt",
        "/api/v1/databases/{id}/schema",
        "/api/v1/databases/{id}/dependents",
    }
    for path in document["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["409"]["content"]
    problem(Client().get("/api/v1/openapi.json"), 401, "MP851")
