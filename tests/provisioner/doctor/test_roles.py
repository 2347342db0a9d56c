"""What each kind of role may do, with the SQL that would change it; and nothing is left behind."""

from __future__ import annotations

import pytest

from tests.postgres import PASSWORD as SUPER
from tests.postgres import PostgresServer
from tests.provisioner.doctor.seeing import INTERNAL, PASSWORD, USER, holdings, seen

QUESTIONS = ("CREATE on database", "Mathesar schema", "internal tables", "tables in public", "new databases")


@pytest.mark.parametrize(
    ("user", "password", "expected"),
    [
        ("postgres", SUPER, (True, True, True, True, True)),
        ("doctor_owner", PASSWORD, (True, True, True, True, False)),
        ("doctor_creator", PASSWORD, (True, True, True, False, False)),
        ("doctor_plain", PASSWORD, (False, False, False, False, False)),
    ],
)
def test_each_kind(server: PostgresServer, shop: str, user: str, password: str, expected: tuple[bool, ...]) -> None:
    before = holdings(server, shop)
    found = seen(server.url(shop, user=user, password=password))
    assert tuple(found[name].holds for name in QUESTIONS) == expected
    assert found["extensions"].holds is expected[0]
    assert found["role"].words.startswith(f"{user}, ")
    assert found["version"].words == f"PostgreSQL {str(server.psql('SHOW server_version')[0][0]).split()[0]}"
    assert found["pooler"].outcome == "ok"
    assert found.outcome == {True: "ok", False: "error"}[expected[0]] if expected[3] or not expected[0] else "warning"
    assert holdings(server, shop) == before


def test_what_is_said_puts_it_right(server: PostgresServer, shop: str) -> None:
    address = server.url(shop, user="doctor_plain", password=PASSWORD)
    failing = [check for check in seen(address).checks if check.holds is False and check.statement]
    assert {check.name for check in failing} >= {
        "Mathesar schema",
        "internal tables",
        "tables in public",
        "new databases",
    }
    for check in failing:
        server.psql(str(check.statement), shop)
    found = seen(address)
    assert [check.name for check in found.checks if check.statement or check.outcome != "ok"] == []
    assert all(found[name].holds for name in (*QUESTIONS, "extensions"))


def test_names_that_need_quotes(server: PostgresServer) -> None:
    role, database = 'ro"le; DROP', 'my "shop"\n\\x'
    quoted_role, quoted_database = '"ro""le; DROP"', 'U&"my ""shop""\\+00000A\\\\x"'
    server.psql(f"CREATE ROLE {quoted_role} LOGIN PASSWORD 'p-0123-x'")
    server.psql(f"CREATE DATABASE {quoted_database}")
    try:
        from dataclasses import replace

        from provisioner.doctor import diagnose
        from provisioner.entries import DatabaseEntry
        from provisioner.secret import Secret
        from tests.provisioner.doctor.seeing import parsed

        url = replace(parsed(server.url()), user=role, dbname=database, password=Secret("p-0123-x"))
        check = diagnose(DatabaseEntry("odd", url))["Mathesar schema"]
        assert check.statement == f"GRANT CREATE ON DATABASE {quoted_database} TO {quoted_role};"
        assert check.holds is False
        server.psql(check.statement)
        assert diagnose(DatabaseEntry("odd", url))["Mathesar schema"].holds is True
    finally:
        server.psql(f"DROP DATABASE {quoted_database}")
        server.psql(f"DROP ROLE {quoted_role}")


def test_what_is_needed_depends_on_the_purpose(server: PostgresServer, shop: str) -> None:
    address = server.url(shop, user="doctor_plain", password=PASSWORD)
    internal, user = seen(address, INTERNAL), seen(address, USER)
    assert [each.kind for each in internal.findings] == ["doctor-no-internal"]
    assert [each.kind for each in user.findings] == ["live-no-create", "doctor-no-tables"]
    assert "Mathesar schema" not in internal.names
    assert "internal tables" not in user.names


def test_an_existing_internal_schema(server: PostgresServer, shop: str) -> None:
    server.psql("CREATE SCHEMA mathesar_internal", shop)
    for user in ("doctor_creator", "doctor_plain"):
        found = seen(server.url(shop, user=user, password=PASSWORD), INTERNAL)
        check = found["internal tables"]
        assert check.holds is False
        server.psql(str(check.statement), shop)
        assert seen(server.url(shop, user=user, password=PASSWORD), INTERNAL)["internal tables"].holds is True


def test_the_mathesar_schema_of_others(server: PostgresServer, shop: str) -> None:
    address = server.url(shop, user="doctor_creator", password=PASSWORD)
    server.psql("CREATE SCHEMA mathesar_types AUTHORIZATION doctor_owner", shop)
    assert [each.kind for each in seen(address, USER).findings] == ["schema-foreign", "doctor-no-tables"]
    server.psql("CREATE FUNCTION mathesar_types.installed() RETURNS text LANGUAGE sql AS 'SELECT 1::text'", shop)
    check = seen(address, USER)["Mathesar schema"]
    assert check.statement == 'GRANT "doctor_owner" TO "doctor_creator";'
    server.psql(check.statement)
    assert seen(address, USER)["Mathesar schema"].words == "installed"


def test_a_role_that_reads_only(server: PostgresServer, shop: str) -> None:
    server.psql("ALTER ROLE doctor_owner SET default_transaction_read_only = on")
    found = seen(server.url(shop, user="doctor_owner", password=PASSWORD))
    assert [each.kind for each in found.findings] == ["doctor-internal-read-only"]
    assert [found[name].holds for name in ("Mathesar schema", "internal tables", "tables in public")] == [False] * 3
    assert seen(server.url(shop, user="doctor_owner", password=PASSWORD), USER).outcome == "warning"


def test_the_first_superuser(server: PostgresServer, shop: str) -> None:
    address = server.url(shop, user="doctor_owner", password=PASSWORD)
    assert "first superuser" not in seen(address).names
    server.psql("CREATE SCHEMA mathesar_internal AUTHORIZATION doctor_owner", shop)
    server.psql("CREATE TABLE mathesar_internal.setup_installation AS SELECT NULL::timestamptz AS claimed_at", shop)
    server.psql("ALTER TABLE mathesar_internal.setup_installation OWNER TO doctor_owner", shop)
    assert [each.kind for each in seen(address).findings] == ["doctor-setup-open"]
    server.psql("UPDATE mathesar_internal.setup_installation SET claimed_at = now()", shop)
    assert seen(address)["first superuser"].outcome == "ok"
    assert "first superuser" not in seen(address, USER).names
