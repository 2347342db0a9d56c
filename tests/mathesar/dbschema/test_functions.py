"""The functions of `msar`: what they say about schemas, tables and columns with any name."""

from __future__ import annotations

import pytest

from mathesar.dbschema import install
from tests.mathesar.dbschema.databases import PLAIN, run

ODD = "%s \"odd\" 'name' \\ ☃"


@pytest.fixture
def connection(opened):
    made = opened()
    install(made)
    run(made, "CREATE SCHEMA {}", ODD)
    run(
        made,
        "CREATE TABLE {}.{} (id int PRIMARY KEY, {} text DEFAULT 'a' NOT NULL, mail mathesar_types.email)",
        ODD,
        ODD,
        ODD,
    )
    run(made, "COMMENT ON TABLE {}.{} IS 'of people'", ODD, ODD)
    run(made, "CREATE VIEW {}.view AS SELECT id FROM {}.{}", ODD, ODD, ODD)
    return made


def test_names_are_quoted(connection):
    query = "SELECT msar.qualified_name(oid) FROM pg_class WHERE relname = %s"
    (name,) = connection.execute(query, [ODD]).fetchone()
    assert run(connection, f"SELECT count(*) FROM {name}") == [(0,)]
    assert run(connection, "SELECT msar.qualified_name(1)") == [(None,)]


def test_schemas_are_described(connection, opened):
    for reader, may in ((connection, True), (opened(PLAIN), False)):
        ((schemas,),) = run(reader, "SELECT msar.schemas()")
        by_name = {each["name"]: each for each in schemas}
        assert set(by_name) == {"public", ODD}
        assert (by_name[ODD]["may_use"], by_name[ODD]["tables"], by_name[ODD]["views"]) == (may, 1, 1)


def test_tables_are_described(connection, opened):
    query = "SELECT msar.tables(oid) FROM pg_namespace WHERE nspname = %s"
    for reader, may in ((connection, True), (opened(PLAIN), False)):
        (tables,) = reader.execute(query, [ODD]).fetchone()
        assert [(each["name"], each["kind"]) for each in tables] == [(ODD, "table"), ("view", "view")]
        assert tables[0]["description"] == "of people"
        assert tables[0]["rows_estimate"] is None  # nobody has counted
        assert [each["may_select"] for each in tables] == [may, may]
    run(connection, "ANALYZE {}.{}", ODD, ODD)
    run(connection, "INSERT INTO {}.{} VALUES (1)", ODD, ODD)
    run(connection, "ANALYZE {}.{}", ODD, ODD)
    assert connection.execute(query, [ODD]).fetchone()[0][0]["rows_estimate"] == 1


def test_columns_and_constraints_are_described(connection):
    query = "SELECT msar.columns(oid), msar.constraints(oid) FROM pg_class WHERE relname = %s"
    columns, constraints = connection.execute(query, [ODD]).fetchone()
    assert [
        (each["name"], each["type"], each["nullable"], each["primary_key"], each["default"]) for each in columns
    ] == [
        ("id", "integer", False, True, None),
        (ODD, "text", False, False, "'a'::text"),
        ("mail", "mathesar_types.email", True, False, None),
    ]
    kinds = {each["kind"]: each["columns"] for each in constraints}
    assert kinds["primary key"] == [1]


def test_what_is_not_there_has_nothing(connection):
    assert run(connection, "SELECT msar.tables(1), msar.columns(1), msar.constraints(1)") == [([], [], [])]
