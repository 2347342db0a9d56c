"""Adding and editing connections on real servers: tried first, stored after, each refusal told apart."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from provisioner.secret import Secret
from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import (
    READER,
    READER_PASSWORD,
    make_database,
    schemas,
    superuser,
)
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.postgres import PostgresServer, free_port

NAME = "books"


@pytest.fixture
def given(plan: plans.Plan, site: PostgresServer) -> Iterator[dict[str, object]]:
    """Give the fields of a fresh user database."""
    from mathesar.connections import opening
    from mathesar.connections.models import Database

    yield make_database(site, NAME)
    for row in Database.objects.all():
        opening.forget(row.pk)


def add(given: dict[str, object], name: str = "Books", **wish: bool):
    from mathesar.connections import service
    from mathesar.connections.credentials import read_fields
    from mathesar.connections.trial import Wish

    return service.add(name, read_fields(given), Wish(**wish))


def refused(given: dict[str, object], name: str = "Books", **wish: bool):
    """Return the finding that adding is refused with, having made sure that nothing is stored."""
    from mathesar.connections.errors import ConnectionProblem
    from mathesar.connections.models import Database

    before = set(Database.objects.values_list("pk", flat=True))
    with pytest.raises(ConnectionProblem) as problem:
        add(given, name, **wish)
    assert set(Database.objects.values_list("pk", flat=True)) == before
    assert str(given["password"]) not in str(problem.value)
    return problem.value.finding


def test_add_installs_the_schema(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import keyring
    from mathesar.connections.opening import opened

    row = add(given)
    assert schemas(site, NAME) == {"msar", "mathesar_types"}
    assert (row.status, row.schema, row.source, row.wants_schema) == ("connected", "current", "ui", True)
    assert row.server_version
    assert keyring.open_row(row).password.get_secret_value() == given["password"]
    with opened(row) as connection:
        assert connection.execute("SELECT current_user::text, current_database()::text").fetchone() == ("owner+1", NAME)


def test_types_only_and_nothing(given: dict[str, object], site: PostgresServer) -> None:
    assert add(given, types_only=True).types_only
    assert schemas(site, NAME) == {"mathesar_types"}
    make_database(site, "plain")
    row = add({**given, "dbname": "plain"}, "Plain", schema=False)
    assert (schemas(site, "plain"), row.status, row.schema) == (set(), "connected", "missing")


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"host": "no-such-host.invalid"}, "live-dns", "host"),
        ({"password": "wrong"}, "live-auth", "password"),
        ({"username": "nobody-there"}, "live-auth", "password"),
        ({"dbname": "nowhere"}, "live-no-database", "dbname"),
        ({"sslmode": "require"}, "live-tls", "sslmode"),
        ({"host": "169.254.169.254"}, "live-host-blocked", "host"),
    ],
)
def test_failures_are_told_apart(given: dict[str, object], change: dict[str, str], kind: str, field: str) -> None:
    found = refused({**given, **change}) if kind != "live-host-blocked" else refused_field({**given, **change})
    assert (found.kind, found.variable) == (kind, field)
    assert found.hint


def refused_field(given: dict[str, object]):
    from mathesar.connections.credentials import read_fields
    from mathesar.connections.errors import InvalidFields

    with pytest.raises(InvalidFields) as problem:
        read_fields(given)
    return problem.value.finding


def test_nobody_listens_and_nobody_answers(given: dict[str, object]) -> None:
    from mathesar.connections.trial import in_container

    refusal = "live-container" if in_container() else "live-refused"
    assert refused({**given, "port": free_port()}).kind == refusal
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        assert refused({**given, "port": silent.getsockname()[1]}).kind == "live-timeout"


def test_a_role_that_may_not_create(given: dict[str, object], site: PostgresServer) -> None:
    reader = {**given, "username": READER, "password": READER_PASSWORD}
    found = refused(reader)
    assert found.kind == "live-no-create"
    assert f"GRANT CREATE ON DATABASE {NAME} TO {READER};" in found.hint.replace('"', "")
    row = add(reader, "Without", schema=False)
    assert (row.status, row.schema) == ("connected", "missing")
    row.delete()
    site.psql(f'GRANT CREATE ON DATABASE "{NAME}" TO "{READER}"')
    assert add(reader).schema == "current"


def test_a_schema_of_somebody_else(given: dict[str, object], site: PostgresServer) -> None:
    site.psql("CREATE SCHEMA msar; CREATE TABLE msar.theirs (id int)", NAME)
    assert refused(given).kind == "schema-foreign"
    assert site.psql("SELECT count(*) FROM msar.theirs", NAME) == [(0,)]
    assert add(given, schema=False).schema == "foreign"


def test_already_here(given: dict[str, object], site: PostgresServer) -> None:
    add(given)
    make_database(site, "other")
    assert refused({**given, "dbname": "other"}, "BOOKS").kind == "connection-name-taken"
    assert refused(given, "Again").kind == "connection-same-target"
    assert add(superuser(site, NAME), "As superuser").status == "connected"


def test_already_in_the_environment(use, given: dict[str, object], site: PostgresServer) -> None:
    use(plans.local_plan({"Sales": site.url(NAME)}))
    assert refused(given, "sales").kind == "connection-name-taken"
    assert refused(superuser(site, NAME), "Again").kind == "connection-same-target"


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_pooler(given: dict[str, object], site: PostgresServer, mode: str) -> None:
    if find_pgbouncer() is None:
        pytest.skip(ABSENT)
    with PgBouncer(site, pool_mode=mode, users={str(given["username"]): str(given["password"])}) as pooler:
        through = {**given, "port": pooler.port}
        if mode == "transaction":
            assert refused(through).kind == "live-pooler"
        row = add(through, pooler=mode == "transaction")
        assert row.schema == "current"


def test_two_people_add_the_same_name(given: dict[str, object], site: PostgresServer) -> None:
    from django.db import connection

    from mathesar.connections.errors import Conflict

    make_database(site, "other")
    outcome: list[str] = []
    start = threading.Barrier(2)

    def run(dbname: str) -> None:
        start.wait()
        try:
            add({**given, "dbname": dbname}, "Twice")
            outcome.append("added")
        except Conflict as conflict:
            outcome.append(conflict.finding.kind)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(dbname,)) for dbname in (NAME, "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["added", "connection-name-taken"]


def test_edit_swaps_credentials_after_trying_them(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import keyring, service
    from mathesar.connections.credentials import read_fields
    from mathesar.connections.errors import TestFailed
    from mathesar.connections.opening import opened

    row = add(given)
    with opened(row):
        pass
    stored = row.sealed
    with pytest.raises(TestFailed):
        service.edit(row, credentials=read_fields({"password": "wrong"}, keyring.open_row(row)))
    row.refresh_from_db()
    assert (row.sealed, row.version) == (stored, 1)
    site.psql("ALTER ROLE \"owner+1\" PASSWORD 'n€w'")
    edited = service.edit(row, name="Ledger", credentials=read_fields({"password": "n€w"}, keyring.open_row(row)))
    assert (edited.pk, edited.name, edited.version) == (row.pk, "Ledger", 2)
    with opened(edited) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_edit_from_an_old_form(given: dict[str, object]) -> None:
    from mathesar.connections import service
    from mathesar.connections.errors import Conflict

    row = add(given)
    service.edit(row, name="First", version=1)
    with pytest.raises(Conflict) as conflict:
        service.edit(row, name="Second", version=1)
    assert conflict.value.finding.kind == "connection-changed"


def test_edit_when_the_old_secret_cannot_be_read(given: dict[str, object], plan: plans.Plan) -> None:
    from mathesar import current
    from mathesar.connections import keyring, service, status
    from mathesar.connections.credentials import read_fields

    row = add(given)
    current.set_plan(plan, Secret("another-key-0123456789-another-key-0123456789-xyz"))
    status.start_check(row)
    row.refresh_from_db()
    assert (row.status, row.status_code) == ("locked", "connection-locked")
    edited = service.edit(row, credentials=read_fields(given))
    assert (edited.status, keyring.open_row(edited)) == ("connected", read_fields(given))


def test_a_connection_is_kept_and_given_back_clean(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections.opening import opened

    row = add(given)
    pid = "SELECT pg_backend_pid()"
    with opened(row) as first:
        used = first.execute(pid).fetchone()
        first.execute("BEGIN")
        first.execute("SET LOCAL statement_timeout = '1s'")
    with opened(row) as second:
        assert second.execute(pid).fetchone() == used
        assert second.execute("SHOW statement_timeout").fetchone() == ("0",)
    site.psql(f"SELECT pg_terminate_backend({used[0]})")  # as a server that restarts would
    for _ in range(100):
        if not site.psql(f"SELECT 1 FROM pg_stat_activity WHERE pid = {used[0]}"):
            break
    with opened(row) as third:
        assert third.execute(pid).fetchone() != used


def test_no_more_than_two_at_once(given: dict[str, object]) -> None:
    from mathesar.connections.errors import ConnectionRefused
    from mathesar.connections.opening import opened

    row = add(given)
    with opened(row), opened(row), pytest.raises(ConnectionRefused) as busy, opened(row):
        pass
    assert busy.value.finding.kind == "live-busy"
    with opened(row) as free:
        assert free.execute("SELECT 1").fetchone() == (1,)
