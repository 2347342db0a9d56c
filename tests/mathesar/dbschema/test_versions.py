"""Every PostgreSQL that people run, and every kind of role: what is predicted is what happens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mathesar import dbschema
from mathesar.dbschema import Dependent, State, install, read_state, uninstall
from mathesar.dbschema.state import read
from tests.mathesar.dbschema.databases import (
    CREATOR,
    OLDER,
    OWNER,
    PLAIN,
    connect,
    make_database,
    make_roles,
    objects,
    run,
)
from tests.postgres import SUPERUSER, PostgresServer
from tests.postgres_versions import PACKAGES, WHY_SKIPPED, find_versions

pytestmark = pytest.mark.prove

# The checksum over all definitions, as every version has to give it: a dump that is read into a newer PostgreSQL is
# not damaged.
checksums: dict[str, int] = {}


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def running(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    binaries = find_versions().get(request.param)
    if binaries is None:
        pytest.skip(WHY_SKIPPED)
    with PostgresServer(binaries) as server:
        make_roles(server)
        yield server


@pytest.mark.parametrize("role", [SUPERUSER, OWNER, CREATOR])
def test_a_role_that_may_create_does_everything(running: PostgresServer, role: str) -> None:
    make_database(running)
    empty = objects(running)
    with connect(running, role) as connection:
        assert dbschema.may_install(connection)
        assert install(connection, sources=OLDER) == State("current", "0.9")
        run(connection, "CREATE SCHEMA people; CREATE TABLE people.one (mail mathesar_types.email)")
        run(connection, "INSERT INTO people.one VALUES ('not @ll right')")
        assert read_state(connection) == State("outdated", "0.9")
        assert install(connection) == State("current", dbschema.VERSION)
        assert run(connection, "SELECT mail FROM people.one") == [("not @ll right",)]
        used = [Dependent("people", "one", "mail", "mathesar_types.email", "table")]
        assert dbschema.dependents(connection) == used
        with pytest.raises(dbschema.InUse) as raised:
            uninstall(connection)
        assert raised.value.dependents == used
        uninstall(connection, cascade=True)
        assert read_state(connection) == State("missing")
        run(connection, "DROP SCHEMA people CASCADE")
    assert objects(running) == empty


@pytest.mark.parametrize("role", [OWNER, PLAIN])
def test_a_role_that_may_not_changes_nothing(running: PostgresServer, role: str) -> None:
    make_database(running)
    with connect(running, PLAIN) as connection:
        empty = objects(running)
        assert read_state(connection) == State("missing")
        assert not dbschema.may_install(connection)
        with pytest.raises(dbschema.NoCreate):
            install(connection)
        assert objects(running) == empty
    with connect(running, CREATOR) as connection:
        install(connection, sources=OLDER)
    before = objects(running)
    with connect(running, role) as connection:
        assert read_state(connection) == State("outdated", "0.9")
        assert dbschema.dependents(connection) == []
        for change in (install, uninstall):
            with pytest.raises(dbschema.NotOwner):
                change(connection)
    assert objects(running) == before


def test_the_types_and_functions_work(running: PostgresServer) -> None:
    make_database(running)
    with connect(running, CREATOR) as connection:
        install(connection)
        assert run(connection, "SELECT mathesar_types.cast_to_multicurrency_money('€ 1.234,50')::text") == [
            ("(1234.50,EUR)",)
        ]
        assert run(connection, "SELECT CAST('5 EUR'::text AS mathesar_types.multicurrency)::text") == [("(5,EUR)",)]
        query = """
            SELECT msar.version(), msar.schemas(), msar.tables(c.relnamespace), msar.columns(c.oid),
                msar.constraints(c.oid), msar.qualified_name(c.oid)
            FROM pg_class c WHERE c.oid = 'pg_class'::regclass
        """
        assert None not in run(connection, query)[0]


def test_the_checksum_is_the_same_on_all(running: PostgresServer) -> None:
    make_database(running)
    with connect(running, CREATOR) as connection:
        install(connection)
        record = read(connection).record
        version = connection.info.server_version // 10000
    assert record is not None
    checksums.setdefault(record.checksum, version)
    assert len(checksums) == 1
