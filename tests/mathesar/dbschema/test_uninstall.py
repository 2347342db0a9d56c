"""Removing the Mathesar schema leaves a database as it was."""

from __future__ import annotations

import pytest

from mathesar.dbschema import Remains, State, install, read_state, uninstall
from tests.mathesar.dbschema.databases import CREATOR, MEMBER, OLDER, OWNER, PLAIN, objects, run
from tests.postgres import SUPERUSER

PEOPLE = """
CREATE SCHEMA people;
CREATE TABLE people.one (id int PRIMARY KEY, mail mathesar_types.email, pay mathesar_types.multicurrency_money);
INSERT INTO people.one VALUES (1, 'ada@example.org', '(1,EUR)')
"""


@pytest.mark.parametrize("types_only", [False, True])
@pytest.mark.parametrize("sources", [None, OLDER])
@pytest.mark.parametrize("role", [CREATOR, SUPERUSER, MEMBER])
def test_nothing_of_it_remains(database, opened, role, sources, types_only):
    run(opened(), f"GRANT {CREATOR} TO {MEMBER}")
    before = objects(database)
    install(opened(CREATOR), types_only=types_only, sources=sources)
    assert objects(database) != before
    uninstall(opened(role))
    assert objects(database) == before
    assert read_state(opened(PLAIN)) == State("missing")
    uninstall(opened(role))  # nothing to do


def test_the_uses_go_along_where_that_is_wanted(opened):
    install(opened(CREATOR))
    run(opened(OWNER), PEOPLE)  # another's table
    uninstall(opened(CREATOR), cascade=True)
    assert run(opened(), "SELECT * FROM people.one") == [(1,)]
    assert read_state(opened(PLAIN)) == State("missing")


@pytest.mark.parametrize("cascade", [False, True])
def test_what_others_put_inside_keeps_all_of_it(database, opened, cascade):
    connection = opened(CREATOR)
    install(connection)
    run(connection, "CREATE TABLE msar.notes (note text)")
    run(connection, "CREATE FUNCTION mathesar_types.theirs(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    before = objects(database)
    with pytest.raises(Remains) as raised:
        uninstall(connection, cascade=cascade)
    assert raised.value.names == ["function mathesar_types.theirs(integer)", "table msar.notes"]
    assert objects(database) == before
    run(connection, "DROP TABLE msar.notes; DROP FUNCTION mathesar_types.theirs")
    uninstall(connection)
    assert read_state(connection) == State("missing")


def test_what_is_damaged_can_be_removed(opened):
    connection = opened(CREATOR)
    install(connection)
    run(connection, "DROP SCHEMA msar CASCADE; DROP FUNCTION mathesar_types.cast_to_uri")
    uninstall(connection)
    assert read_state(connection) == State("missing")


def test_a_table_that_is_locked_makes_it_give_up(database, opened):
    from mathesar.dbschema import Busy

    install(opened(CREATOR))
    run(opened(), PEOPLE)
    before = objects(database)
    holder = opened()
    with holder.transaction():
        run(holder, "SELECT * FROM people.one")
        with pytest.raises(Busy):
            uninstall(opened(CREATOR), cascade=True)
    assert objects(database) == before
