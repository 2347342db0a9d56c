"""Installing the Mathesar schema: with CREATE alone, whole or not at all, and nothing but what is ours."""

from __future__ import annotations

import threading

import psycopg
import pytest

from mathesar import dbschema
from mathesar.dbschema import State, install, read_state
from mathesar.dbschema.transaction import KEY
from tests.mathesar.dbschema.databases import CREATOR, MEMBER, NAME, OWNER, PLAIN, connect, make_database, objects, run
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.postgres import PASSWORD, SUPERUSER

CURRENT = State("current", dbschema.VERSION)


@pytest.mark.parametrize("role", [SUPERUSER, OWNER, CREATOR])
def test_each_role_that_may_create_installs_it(database, opened, role):
    connection = opened(role)
    assert read_state(connection) == State("missing")
    assert dbschema.may_install(connection)
    assert install(connection) == CURRENT
    for other in (SUPERUSER, OWNER, CREATOR, PLAIN):
        assert read_state(opened(other)) == CURRENT


def test_once_more_changes_nothing(database, opened):
    install(opened(CREATOR))
    before = objects(database)
    for role in (CREATOR, OWNER, PLAIN):
        assert install(opened(role)) == CURRENT
    assert objects(database) == before


def test_types_only_leaves_the_functions_out_until_they_are_wanted(database, opened):
    connection = opened(CREATOR)
    assert install(connection, types_only=True) == State("current", dbschema.VERSION, types_only=True)
    assert run(connection, "SELECT 1 FROM pg_namespace WHERE nspname = 'msar'") == []
    assert install(connection) == CURRENT
    assert run(connection, "SELECT msar.version()") == [(dbschema.VERSION,)]
    assert install(connection, types_only=True) == CURRENT  # removes nothing
    assert run(connection, "SELECT msar.version()") == [(dbschema.VERSION,)]


def test_without_create_it_says_the_statement_that_helps_and_the_statement_helps(database, opened):
    role = 'odd "role" %s'
    database.create_role(role, PASSWORD)
    connection = opened(role)
    before = objects(database)
    assert not dbschema.may_install(connection)
    with pytest.raises(dbschema.NoCreate) as raised:
        install(connection)
    assert objects(database) == before
    assert raised.value.grant == dbschema.grant_statement(connection)
    assert raised.value.grant == f'GRANT CREATE ON DATABASE "{NAME}" TO "odd ""role"" %s";'
    run(opened(OWNER), raised.value.grant)
    assert install(connection) == CURRENT
    dbschema.uninstall(connection)
    run(opened(OWNER), raised.value.grant.replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
    run(opened(), "DROP ROLE {}", role)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SCHEMA mathesar_types",
        "CREATE SCHEMA msar",
        "CREATE SCHEMA mathesar_types; CREATE FUNCTION mathesar_types.installed() RETURNS jsonb"
        " LANGUAGE sql AS $$SELECT '{\"mathesar_schema\": 1}'::jsonb$$",
        "CREATE SCHEMA mathesar_types; CREATE TABLE mathesar_types.installed (version text)",
    ],
)
def test_a_schema_that_we_did_not_make_is_left_alone(database, opened, statement):
    connection = opened()
    run(connection, statement)
    before = objects(database)
    assert read_state(connection) == State("foreign")
    for change in (install, dbschema.uninstall):
        with pytest.raises(dbschema.Foreign):
            change(connection)
    assert dbschema.dependents(connection) == []
    assert objects(database) == before


def test_anothers_functions_beside_our_types_are_left_alone(database, opened):
    connection = opened()
    install(connection, types_only=True)
    run(connection, "CREATE SCHEMA msar")
    before = objects(database)
    assert read_state(connection) == State("foreign")
    with pytest.raises(dbschema.Foreign):
        install(connection)
    assert objects(database) == before


def test_another_role_cannot_upgrade_and_is_told_whose_it_is(database, opened):
    install(opened(CREATOR))
    run(opened(CREATOR), "COMMENT ON SCHEMA msar IS 'ours'; DROP FUNCTION msar.schemas()")
    before = objects(database)
    for role in (OWNER, PLAIN):
        with pytest.raises(dbschema.NotOwner) as raised:
            install(opened(role))
        assert raised.value.owner == CREATOR
        with pytest.raises(dbschema.NotOwner):
            dbschema.uninstall(opened(role))
    assert objects(database) == before


@pytest.mark.parametrize("role", [MEMBER, SUPERUSER])
def test_what_a_member_repairs_still_belongs_to_the_owner(database, opened, role):
    run(opened(), f"GRANT {CREATOR} TO {MEMBER}")
    install(opened(CREATOR), types_only=True)
    run(opened(), f"GRANT CREATE ON DATABASE {NAME} TO {MEMBER}")
    assert install(opened(role)) == CURRENT
    owners = (
        "SELECT proowner::regrole::text FROM pg_proc WHERE pronamespace IN ('msar'::regnamespace, {n}::regnamespace)"
    )
    owners = owners.format(n="'mathesar_types'") + " UNION SELECT nspowner::regrole::text FROM pg_namespace"
    assert run(opened(), owners + " WHERE nspname IN ('msar', 'mathesar_types')") == [(CREATOR,)]
    dbschema.uninstall(opened(CREATOR))


@pytest.mark.parametrize(
    "damage",
    [
        "DROP FUNCTION mathesar_types.cast_to_uri",
        "DROP SCHEMA msar CASCADE",
        "DROP DOMAIN mathesar_types.uri CASCADE",
        "DROP CAST (text AS mathesar_types.multicurrency)",
        "ALTER DOMAIN mathesar_types.uri DROP CONSTRAINT uri_check",
        "ALTER DOMAIN mathesar_types.uri DROP CONSTRAINT uri_check;"
        "ALTER DOMAIN mathesar_types.uri ADD CONSTRAINT uri_check CHECK (VALUE <> '')",
        "ALTER FUNCTION msar.version() SECURITY DEFINER",
        "ALTER FUNCTION msar.version() RESET search_path",
        "CREATE OR REPLACE FUNCTION msar.version() RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$",
        "DROP FUNCTION msar.version(); CREATE FUNCTION msar.version() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        "DROP FUNCTION msar.tables(oid);"
        "CREATE FUNCTION msar.tables(n oid) RETURNS jsonb LANGUAGE sql AS $$SELECT null::jsonb$$",
    ],
)
def test_what_was_damaged_is_seen_and_repaired(database, opened, damage):
    connection = opened(CREATOR)
    install(connection)
    before = [row[:3] for row in objects(database)]
    run(connection, damage)
    assert read_state(opened(PLAIN)) == State("outdated", dbschema.VERSION, damaged=True)
    assert install(connection) == CURRENT
    assert read_state(connection) == CURRENT
    assert [row[:3] for row in objects(database)] == before
    assert run(connection, "SELECT msar.version(), mathesar_types.cast_to_uri('a:b')") == [(dbschema.VERSION, "a:b")]


def test_what_people_added_to_our_schemas_stays(database, opened):
    connection = opened(CREATOR)
    install(connection)
    run(connection, "CREATE TABLE msar.notes (note text)")
    run(connection, "CREATE FUNCTION mathesar_types.cast_to_email(int) RETURNS text LANGUAGE sql AS $$SELECT ''$$")
    run(connection, "ALTER DOMAIN mathesar_types.uri ADD CONSTRAINT https CHECK (VALUE ~ '^https:')")
    assert read_state(connection) == CURRENT
    run(connection, "DROP FUNCTION msar.schemas")
    assert install(connection) == CURRENT
    assert run(connection, "SELECT count(*), mathesar_types.cast_to_email(1) FROM msar.notes") == [(0, "")]
    with pytest.raises(psycopg.errors.CheckViolation):
        run(connection, "SELECT 'http://a'::mathesar_types.uri")


def test_many_at_once_install_it_once(database):
    states: list[object] = []
    start = threading.Barrier(8)

    def run_one() -> None:
        with connect(database, CREATOR) as connection:
            start.wait(30)
            states.append(install(connection))

    threads = [threading.Thread(target=run_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert states == [CURRENT] * 8


def test_whoever_finds_the_lock_taken_does_not_wait_for_ever(opened):
    holder, connection = opened(PLAIN), opened(CREATOR)
    with holder.transaction():
        run(holder, f"SELECT pg_advisory_xact_lock({KEY})")
        with pytest.raises(dbschema.Busy):
            install(connection, seconds=0.5)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert install(connection) == CURRENT


def test_a_connection_that_is_lost_is_said_to_be_lost(database, opened):
    connection = opened(CREATOR)
    run(opened(), f"SELECT pg_terminate_backend({connection.info.backend_pid})")
    with pytest.raises(dbschema.Lost) as raised:
        install(connection)
    assert str(raised.value) == "lost"
    assert raised.value.__suppress_context__
    assert read_state(opened(PLAIN)) == State("missing")


def test_a_transaction_of_somebody_elses_is_not_taken_over(opened):
    connection = opened(CREATOR)
    with connection.transaction(), pytest.raises(ValueError, match="idle"):
        install(connection)


def test_the_state_is_read_inside_a_transaction_too(opened):
    connection = opened(PLAIN)
    with connection.transaction():
        assert read_state(connection) == State("missing")
        assert run(connection, "SELECT 1") == [(1,)]


@pytest.mark.parametrize(
    "setting",
    [
        "search_path=hostile",
        "standard_conforming_strings=off",
        "default_transaction_isolation=serializable",
        "default_transaction_read_only=on",
        "quote_all_identifiers=on",
        "client_encoding=LATIN1",
    ],
)
def test_the_settings_of_a_session_do_not_matter(database, opened, setting):
    run(opened(OWNER), "CREATE SCHEMA hostile")
    run(opened(OWNER), "CREATE DOMAIN hostile.text AS bytea; CREATE TABLE hostile.pg_namespace ()")
    run(opened(OWNER), "GRANT USAGE ON SCHEMA hostile TO PUBLIC")
    connection = opened(CREATOR, options=f"-c {setting}")
    assert install(connection) == CURRENT
    assert read_state(opened(PLAIN)) == CURRENT
    run(connection, "SELECT mathesar_types.cast_to_mathesar_money('1.234,50'), mathesar_types.cast_to_uri('a.org')")


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "EUC_JP"])
def test_a_database_in_any_encoding_takes_it(database, encoding):
    name = f"dbschema_{encoding.lower()}"
    template = f"TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
    make_database(database, name, template=template)
    try:
        with connect(database, CREATOR, name) as connection:
            assert install(connection) == CURRENT
            assert read_state(connection) == CURRENT
            amount = run(connection, "SELECT mathesar_types.cast_to_multicurrency_money('12.50 EUR')::text::bytea")
            assert amount == [(b"(12.50,EUR)",)]
            dbschema.uninstall(connection)
    finally:
        database.psql(f"DROP DATABASE {name} WITH (FORCE)")


def test_any_way_to_read_rows_will_do(opened):
    connection = opened(CREATOR)
    connection.row_factory = psycopg.rows.dict_row
    assert install(connection) == CURRENT
    assert read_state(connection) == CURRENT
    assert dbschema.dependents(connection) == []
    dbschema.uninstall(connection)
    assert read_state(connection) == State("missing")


@pytest.mark.skipif(find_pgbouncer() is None, reason=ABSENT)
def test_a_transaction_pooler_with_one_server_connection_will_do(database):
    states: list[object] = []

    def run_one(url: str) -> None:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            states.append(install(connection))
            states.append(read_state(connection))

    with PgBouncer(database, pool_size=1, users={CREATOR: PASSWORD}) as pooler:
        url = database.url(NAME, user=CREATOR, password=PASSWORD, port=pooler.port)
        threads = [threading.Thread(target=run_one, args=[url]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert states == [CURRENT] * 8
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            dbschema.uninstall(connection)
            assert read_state(connection) == State("missing")
