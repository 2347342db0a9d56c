"""What uses the Mathesar schema: all that would go with it, and nothing else."""

from __future__ import annotations

import pytest

from mathesar.dbschema import Dependent, InUse, dependents, install, uninstall
from tests.mathesar.dbschema.databases import CREATOR, PLAIN, objects, run

EMAIL = "mathesar_types.email"
MONEY = "mathesar_types.multicurrency_money"
USES = [
    ("CREATE TABLE p.t (id int, mail {e})", Dependent("p", "t", "mail", EMAIL, "table")),
    ("CREATE TABLE p.t (mails {e}[])", Dependent("p", "t", "mails", EMAIL + "[]", "table")),
    ("CREATE TABLE p.t (pay {m}) PARTITION BY LIST ((pay IS NULL))", Dependent("p", "t", "pay", MONEY, "table")),
    ("CREATE TABLE p.t OF mathesar_types.multicurrency", Dependent("p", "t", "", "", "table")),
    ("CREATE VIEW p.v AS SELECT 'a@b'::{e} AS mail", Dependent("p", "v", "mail", EMAIL, "view")),
    ("CREATE VIEW p.v AS SELECT ('a@b'::{e})::text AS t", Dependent("p", "v", "", "", "view")),
    (
        "CREATE MATERIALIZED VIEW p.v AS SELECT 'a@b'::{e} AS mail",
        Dependent("p", "v", "mail", EMAIL, "materialized view"),
    ),
    ("CREATE DOMAIN p.d AS {e}", Dependent("p", "d", "", EMAIL, "domain")),
    ("CREATE TYPE p.c AS (mail {e})", Dependent("p", "c", "mail", EMAIL, "type")),
    ("CREATE TYPE p.r AS RANGE (subtype = mathesar_types.mathesar_money)", Dependent("p", "r", "", "", "type")),
    (
        "CREATE FUNCTION p.f(a {e}) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        Dependent("p", "f", "", "integer", "function"),
    ),
    (
        "CREATE FUNCTION p.f() RETURNS SETOF {e}[] LANGUAGE sql AS 'SELECT NULL::{e}[]'",
        Dependent("p", "f", "", EMAIL + "[]", "function"),
    ),
    (
        "CREATE TABLE p.t (a text CONSTRAINT good CHECK (mathesar_types.cast_to_email(a) IS NOT NULL))",
        Dependent("p", "t", "good", "", "constraint"),
    ),
    (
        "CREATE TABLE p.t (a text DEFAULT ('a@b'::{e})::text)",
        Dependent("p", "t", "a", "text", "default"),
    ),
    (
        "CREATE TABLE p.t (a text, b text GENERATED ALWAYS AS (mathesar_types.cast_to_email(a)::text) STORED)",
        Dependent("p", "t", "b", "text", "default"),
    ),
    (
        "CREATE TABLE p.t (a text); ALTER TABLE p.t ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY q ON p.t USING (mathesar_types.cast_to_email(a) IS NULL)",
        Dependent("p", "t", "q", "", "policy"),
    ),
    (
        "CREATE TABLE p.t (a text); CREATE RULE q AS ON INSERT TO p.t WHERE ''::{e} IS NULL DO INSTEAD NOTHING",
        Dependent("p", "t", "q", "", "rule"),
    ),
    (
        "CREATE OPERATOR p.@@ (FUNCTION = mathesar_types.cast_to_email, RIGHTARG = text)",
        Dependent("p", "p.@@(NONE,pg_catalog.text)", "", "", "operator"),
    ),
    (
        "CREATE TABLE p.t (a text); CREATE INDEX i ON p.t ((mathesar_types.cast_to_uri(a)::text))",
        Dependent("p", "t", "i", "", "index"),
    ),
    (
        "CREATE FUNCTION msar.theirs(a {e}) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        Dependent("msar", "theirs", "", "integer", "function"),
    ),
    (
        'CREATE SCHEMA "%s ""odd"""; CREATE TABLE "%s ""odd""".t ("{{}} ☃" {e})',
        Dependent('%s "odd"', "t", "{} ☃", EMAIL, "table"),
    ),
]


@pytest.mark.parametrize(("statement", "expected"), USES)
def test_each_use_is_found_and_keeps_the_schema(database, opened, statement, expected):
    connection = opened(CREATOR)
    install(connection)
    run(opened(), "CREATE SCHEMA p; " + statement.format(e=EMAIL, m=MONEY))
    before = objects(database)
    assert dependents(opened(PLAIN)) == [expected]
    with pytest.raises(InUse) as raised:
        uninstall(connection)
    assert raised.value.dependents == [expected]
    assert objects(database) == before


def test_what_uses_a_use_is_found_too(opened):
    connection = opened()
    install(connection)
    run(
        connection,
        """
        CREATE SCHEMA p;
        CREATE DOMAIN p.work AS mathesar_types.email;
        CREATE TABLE p.a (id int, mail p.work UNIQUE, plain text);
        CREATE TABLE p.b (mail p.work REFERENCES p.a (mail));
        CREATE VIEW p.v AS SELECT id, mail::text AS mail FROM p.a;
        CREATE VIEW p.w AS SELECT id FROM p.v;
        CREATE VIEW p.untouched AS SELECT id, plain FROM p.a;
        """,
    )
    assert dependents(connection) == [
        Dependent("p", "a", "mail", "p.work", "table"),
        Dependent("p", "b", "b_mail_fkey", "", "constraint"),
        Dependent("p", "b", "mail", "p.work", "table"),
        Dependent("p", "v", "", "", "view"),
        Dependent("p", "w", "", "", "view"),
        Dependent("p", "work", "", EMAIL, "domain"),
    ]
    uninstall(connection, cascade=True)
    assert run(connection, "SELECT relname FROM pg_class WHERE relnamespace = 'p'::regnamespace ORDER BY 1") == [
        ("a",),
        ("b",),
        ("untouched",),
    ]
    columns = "SELECT attname FROM pg_attribute WHERE attrelid = 'p.a'::regclass AND attnum > 0 AND NOT attisdropped"
    assert run(connection, columns) == [("id",), ("plain",)]


def test_nothing_uses_what_is_not_there(opened):
    connection = opened(CREATOR)
    assert dependents(connection) == []
    install(connection)
    assert dependents(connection) == []
