"""Upgrading an older version whose types are in use: the columns and their data survive."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from mathesar import dbschema
from mathesar.dbschema import State, install, read_state
from mathesar.dbschema.record import Record
from mathesar.dbschema.state import read
from tests.mathesar.dbschema.databases import CREATOR, OLDER, OWNER, PLAIN, objects, run

PEOPLE = """
CREATE SCHEMA people;
CREATE TABLE people.one (
    id int PRIMARY KEY, mail mathesar_types.email UNIQUE, mails mathesar_types.email[],
    pay mathesar_types.mathesar_money, phone mathesar_types.phone
);
INSERT INTO people.one VALUES
    (1, 'ada@example.org', '{ada@example.org,@}', 12.50, '+1'), (2, 'not @ll right', NULL, NULL, NULL);
CREATE VIEW people.mails AS SELECT mail, mathesar_types.cast_to_email(mail) AS again FROM people.one;
"""


@pytest.fixture
def upgradable(opened):
    """Give a connection to a database with the older version, its types in use."""
    connection = opened(CREATOR)
    assert install(connection, sources=OLDER) == State("current", "0.9")
    run(connection, PEOPLE)
    assert read_state(connection) == State("outdated", "0.9")
    return connection


def test_the_data_survives(upgradable, opened):
    before = run(upgradable, "SELECT *, t.ctid, t.xmin FROM people.one t ORDER BY id")
    run(upgradable, "DROP VIEW people.mails")  # it needs a function whose argument has another name by now
    assert install(upgradable) == State("current", dbschema.VERSION)
    assert run(upgradable, "SELECT *, t.ctid, t.xmin FROM people.one t ORDER BY id") == before
    assert read_state(opened(PLAIN)) == State("current", dbschema.VERSION)
    assert run(upgradable, "SELECT msar.version()") == [(dbschema.VERSION,)]


def test_the_new_rules_hold_for_new_data_alone(upgradable):
    run(upgradable, "DROP VIEW people.mails")
    install(upgradable)
    run(upgradable, "UPDATE people.one SET pay = 3 WHERE id = 2")  # its address stays, right or not
    with pytest.raises(psycopg.errors.CheckViolation):
        run(upgradable, "INSERT INTO people.one (id, mail) VALUES (3, 'not @ll right either')")
    with pytest.raises(psycopg.errors.CheckViolation):
        run(upgradable, "UPDATE people.one SET mail = 'not @ll right either' WHERE id = 1")
    rules = "SELECT conname, convalidated FROM pg_constraint WHERE contypid = 'mathesar_types.{}'::regtype"
    assert run(upgradable, rules.format("email")) == [("email_check", False)]
    assert run(upgradable, rules.format("mathesar_money")) == [("mathesar_money_check", True)]  # nothing new in it


def test_what_is_gone_by_now_is_dropped_unless_it_is_used(upgradable):
    run(upgradable, "DROP VIEW people.mails")
    install(upgradable)
    found = read(upgradable)
    assert "function mathesar_types.forget(text)" not in found.objects
    assert "function mathesar_types.cast_to_phone(text)" not in found.objects
    assert "domain mathesar_types.phone" in found.objects
    assert isinstance(found.record, Record)
    assert "domain mathesar_types.phone" in found.record.objects
    used = {(each.table, each.column) for each in dbschema.dependents(upgradable)}
    assert used == {("one", "mail"), ("one", "mails"), ("one", "pay"), ("one", "phone")}
    run(upgradable, "DROP TABLE people.one")
    dbschema.uninstall(upgradable)
    assert run(upgradable, "SELECT 1 FROM pg_namespace WHERE nspname IN ('msar', 'mathesar_types')") == []


def test_where_a_view_is_in_the_way_nothing_changes_and_it_is_named(database, upgradable):
    before = objects(database)
    with pytest.raises(dbschema.InUse) as raised:
        install(upgradable)
    assert {(each.schema, each.table, each.kind) for each in raised.value.dependents} == {("people", "mails", "view")}
    assert objects(database) == before
    assert read_state(upgradable) == State("outdated", "0.9")


@pytest.mark.parametrize("role", [OWNER, PLAIN])
def test_another_role_changes_nothing(database, upgradable, opened, role):
    before = objects(database)
    with pytest.raises(dbschema.NotOwner) as raised:
        install(opened(role))
    assert raised.value.owner == CREATOR
    assert objects(database) == before


def test_types_only_stays_so(opened):
    connection = opened(CREATOR)
    install(connection, types_only=True, sources=OLDER)
    assert read_state(connection) == State("outdated", "0.9", types_only=True)
    assert install(connection, types_only=True) == State("current", dbschema.VERSION, types_only=True)
    assert run(connection, "SELECT 1 FROM pg_namespace WHERE nspname = 'msar'") == []


def test_types_only_upgrades_the_functions_that_are_there(opened):
    connection = opened(CREATOR)
    install(connection, sources=OLDER)
    assert install(connection, types_only=True) == State("current", dbschema.VERSION)
    assert run(connection, "SELECT msar.version()") == [(dbschema.VERSION,)]


def test_a_newer_version_is_left_alone(database, opened):
    connection = opened(CREATOR)
    install(connection, sources=replace(OLDER, version="1.10"))
    run(connection, "DROP FUNCTION mathesar_types.forget")  # what is damage there we cannot know
    before = objects(database)
    expected = State("current", "1.10", newer=True)
    assert read_state(connection) == expected
    assert install(connection) == expected
    assert objects(database) == before


def test_a_type_that_somebody_made_meanwhile_is_not_taken(database, opened):
    connection = opened(CREATOR)
    install(connection, sources=OLDER)
    for statement in (
        "CREATE DOMAIN mathesar_types.uri AS text",
        "CREATE TYPE mathesar_types.uri AS ENUM ('a')",
        "CREATE TABLE mathesar_types.uri (id int)",
    ):
        run(connection, statement)
        before = objects(database)
        with pytest.raises(dbschema.Foreign):
            install(connection)
        assert objects(database) == before
        kind = statement.split()[1]
        run(connection, f"DROP {kind} mathesar_types.uri")
    assert install(connection) == State("current", dbschema.VERSION)
