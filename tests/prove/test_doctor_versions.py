"""On every PostgreSQL from 13 to 18: what the doctor predicts for a role is what happens when the role does it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.postgres import PASSWORD as SUPER
from tests.postgres import SUPERUSER, PostgresServer
from tests.postgres_versions import PACKAGES, WHY_SKIPPED, find_versions
from tests.provisioner.doctor.conftest import ROLES
from tests.provisioner.doctor.seeing import PASSWORD, holdings, seen

pytestmark = pytest.mark.prove
SHOP = "doctor_shop"
REALLY = {
    "Mathesar schema": [("CREATE SCHEMA mathesar_types", "DROP SCHEMA mathesar_types")],
    "internal tables": [
        ("CREATE SCHEMA mathesar_internal CREATE TABLE t (id integer)", "DROP SCHEMA mathesar_internal CASCADE")
    ],
    "tables in public": [("CREATE TABLE public.real (id integer)", "DROP TABLE public.real")],
    "new databases": [("CREATE DATABASE doctor_real", "DROP DATABASE doctor_real")],
    "extensions": [
        ("CREATE EXTENSION pg_trgm", "DROP EXTENSION pg_trgm"),
        ("CREATE EXTENSION citext", "DROP EXTENSION citext"),
    ],
}


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def old(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """Give a server of one version, with a database that doctor_owner owns and one role of each kind."""
    found = find_versions().get(request.param)
    if found is None:
        pytest.skip(WHY_SKIPPED)
    with PostgresServer(found) as running:
        for role in ROLES:
            running.create_role(role, PASSWORD)
        running.create_database(SHOP, owner="doctor_owner")
        running.psql(f"GRANT CREATE ON DATABASE {SHOP} TO doctor_creator")
        yield running


@pytest.mark.parametrize(
    ("role", "databases"), [(SUPERUSER, False), *((role, may) for role in ROLES for may in (False, True))]
)  # a superuser needs no CREATEDB
def test_predictions_come_true(old: PostgresServer, role: str, databases: bool) -> None:
    if role != SUPERUSER:
        old.psql(f"ALTER ROLE {role} {'CREATEDB' if databases else 'NOCREATEDB'}")
    password = SUPER if role == SUPERUSER else PASSWORD
    before = holdings(old, SHOP)
    found = seen(old.url(SHOP, user=role, password=password))
    assert holdings(old, SHOP) == before
    assert (found["version"].outcome, found["pooler"].outcome) == ("ok", "ok")

    with psycopg.connect(
        host="127.0.0.1", port=old.port, user=role, password=password, dbname=SHOP, sslmode="disable", autocommit=True
    ) as connection:
        happened = {name: all(_do(connection, *each) for each in pairs) for name, pairs in REALLY.items()}
    assert {name: found[name].holds for name in REALLY} == happened
    assert holdings(old, SHOP) == before


@pytest.mark.parametrize("role", ROLES)
def test_the_statements_are_enough(old: PostgresServer, role: str) -> None:
    """Run as a superuser what is said to be missing; then nothing is. It is taken back afterwards."""
    address = old.url(SHOP, user=role, password=PASSWORD)
    try:
        for statement in {check.statement for check in seen(address).checks if check.statement}:
            old.psql(statement, SHOP)
        found = seen(address)
        assert found.outcome == "ok"
        assert [check.name for check in found.checks if check.statement] == []
    finally:
        old.psql(f"ALTER ROLE {role} NOCREATEDB")
        old.psql(f"REVOKE ALL ON SCHEMA public FROM {role}", SHOP)
        if role == "doctor_plain":
            old.psql(f"REVOKE ALL ON DATABASE {SHOP} FROM {role}")


def _do(connection: psycopg.Connection, statement: str, undo: str) -> bool:
    """Run a statement, and undo it; was it permitted?"""
    try:
        connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    connection.execute(undo.encode())
    return True
