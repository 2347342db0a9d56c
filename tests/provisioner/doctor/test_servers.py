"""Servers that are too old, too new, standing by, or arranged to mislead."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from provisioner.doctor import Circumstances, Subject
from provisioner.doctor.facts import read_facts
from provisioner.doctor.server import version
from provisioner.entries import DatabaseEntry
from tests.postgres import PASSWORD as SUPER
from tests.postgres import SUPERUSER, PostgresServer
from tests.provisioner.doctor.seeing import INTERNAL, PASSWORD, USER, holdings, parsed, seen


@pytest.mark.parametrize(
    ("major", "outcome", "kind"),
    [
        (12, "error", "doctor-version-old"),
        (13, "ok", None),
        (18, "ok", None),
        (19, "warning", "doctor-version-new"),
    ],
)
def test_versions(server: PostgresServer, major: int, outcome: str, kind: str | None) -> None:
    subject = Subject(DatabaseEntry("shop", parsed(server.url())), USER, Circumstances())
    with psycopg.connect(
        host=str(server.folder), port=server.port, user=SUPERUSER, password=SUPER, dbname="postgres", autocommit=True
    ) as connection:
        facts = read_facts(connection, internal=False)
    check = version(replace(facts, major=major, version=f"{major}.4 (Debian {major}.4-1)"), subject)
    assert check.outcome == outcome
    assert check.words.startswith(f"PostgreSQL {major}.4")
    assert (check.finding.kind if check.finding else None) == kind


def test_a_standby_takes_no_changes() -> None:
    with PostgresServer() as standby:
        standby.create_database("shop")
        standby.halt()
        signal = standby.folder / "data" / "standby.signal"
        signal.touch()
        signal.chmod(0o666)
        standby.launch()
        user, internal = (seen(standby.url("shop"), purposes) for purposes in (USER, INTERNAL))
    assert (user.outcome, internal.outcome) == ("warning", "error")
    assert [each.kind for each in user.findings] == ["doctor-read-only"]
    assert [each.kind for each in internal.findings] == ["doctor-internal-read-only"]
    assert "standby" in user["changes"].words
    assert {user[name].holds for name in ("Mathesar schema", "tables in public", "new databases", "extensions")} == {
        False
    }


def test_functions_before_postgresqls_own_mislead_nobody(server: PostgresServer, shop: str) -> None:
    server.psql("CREATE SCHEMA evil", shop)
    server.psql("GRANT USAGE ON SCHEMA evil TO PUBLIC", shop)
    for name in ("has_database_privilege(oid, text)", "has_schema_privilege(oid, text)"):
        server.psql(f"CREATE FUNCTION evil.{name} RETURNS boolean LANGUAGE sql AS 'SELECT true'", shop)
    server.psql("ALTER ROLE doctor_plain SET search_path = evil, pg_catalog, public")
    found = seen(server.url(shop, user="doctor_plain", password=PASSWORD))
    assert found["CREATE on database"].holds is False
    assert found["Mathesar schema"].words == "cannot be installed (tried)"


def test_what_a_server_forbids_beyond_privileges(server: PostgresServer, shop: str) -> None:
    """An event trigger refuses, as managed servers' own do; trying finds out what privileges do not say."""
    server.psql(
        "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'not here: hunter2'; END $$",
        shop,
    )
    server.psql(
        "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION refuse()", shop
    )
    before = holdings(server, shop)
    found = seen(server.url(shop, user="doctor_owner", password=PASSWORD))
    assert found["CREATE on database"].holds is True
    assert [each.kind for each in found.findings] == ["doctor-refused", "doctor-refused"]
    assert [found[name].holds for name in ("Mathesar schema", "internal tables", "tables in public")] == [
        False,
        False,
        True,
    ]
    assert "hunter2" not in repr(found)
    assert holdings(server, shop) == before


def test_a_lock_is_not_waited_for_long(server: PostgresServer, shop: str) -> None:
    """Somebody is creating the same extension; then privileges alone count."""
    with psycopg.connect(
        host=str(server.folder), port=server.port, user=SUPERUSER, password=SUPER, dbname=shop
    ) as other:
        other.execute("CREATE EXTENSION citext")
        found = seen(server.url(shop, user="doctor_owner", password=PASSWORD))
        other.rollback()
    assert found["connection"].outcome == "ok"
    assert "session" not in found.names
    assert found["extensions"].words == "can be created: citext, pg_trgm"
