"""Every built-in type, with the values that drivers stumble over: PostgreSQL makes the text, and nothing here fails."""

from __future__ import annotations

import pytest

from mathesar.explorer.cells import EMPTY, NULL, Cell
from mathesar.explorer.table import Request, look_at

VALUES = [
    ("boolean", "true", "true"),
    ("smallint", "-32768", "-32768"),
    ("bigint", "9223372036854775807", "9223372036854775807"),
    ("numeric", "'NaN'", "NaN"),
    ("numeric(1000, 0)", "'1e200'", "1" + "0" * 200),
    ("real", "'-Infinity'", "-Infinity"),
    ("double precision", "0.1::float8 + 0.2", "0.30000000000000004"),
    ("money", "12.5", "$12.50"),
    ("text", "''", EMPTY),
    ("text", "NULL", NULL),
    ("text", "E'a\\n<b>&\"''\\t🦊'", "a\n<b>&\"'\t🦊"),
    ("character(5)", "'ab'", "ab"),
    ("character varying(5)", "'ab'", "ab"),
    ('"char"', "'x'", "x"),
    ("name", "'a name'", "a name"),
    ("bytea", "''", Cell("", "bytes", 0)),
    ("bytea", "decode(repeat('ab', 40), 'hex')", Cell("ab" * 16, "bytes", 40)),
    ("date", "'infinity'", "infinity"),
    ("date", "'4713-01-01 BC'", "4713-01-01 BC"),
    ("date", "'5874897-12-31'", "5874897-12-31"),
    ("time", "'24:00:00'", "24:00:00"),
    ("time with time zone", "'24:00:00-15:59:59'", "24:00:00-15:59:59"),
    ("timestamp", "'-infinity'", "-infinity"),
    ("timestamp with time zone", "'294276-12-31 12:00 UTC'", "294276-12-31 12:00:00+00"),
    ("interval", "'-178000000 years 1 day -0.000001 s'", "-178000000 years +1 day -00:00:00.000001"),
    ("uuid", "'6f2f1d0e-0000-4000-8000-000000000000'", "6f2f1d0e-0000-4000-8000-000000000000"),
    ("json", "'{\"a\":  [1, null]}'", '{"a":  [1, null]}'),
    ("jsonb", '\'{"b": 1, "a": "é"}\'', '{"a": "é", "b": 1}'),
    ("jsonpath", "'$.a[*] ? (@ > 1)'", '$."a"[*]?(@ > 1)'),
    ("integer[]", "'{{1,NULL},{2,3}}'", "{{1,NULL},{2,3}}"),
    ("text[]", "ARRAY['a,b', '', NULL, 'q\"']", '{"a,b","",NULL,"q\\""}'),
    ("int4range", "'empty'", "empty"),
    ("numrange", "'(,1.5]'", "(,1.5]"),
    ("tstzrange", "'[-infinity,infinity)'", "[-infinity,infinity)"),
    ("int8multirange", "'{[1,3),[7,9)}'", "{[1,3),[7,9)}"),
    ("point", "'(1,NaN)'", "(1,NaN)"),
    ("line", "'{1,2,3}'", "{1,2,3}"),
    ("lseg", "'[(0,0),(1,1)]'", "[(0,0),(1,1)]"),
    ("box", "'(1,1),(0,0)'", "(1,1),(0,0)"),
    ("path", "'((0,0),(1,1))'", "((0,0),(1,1))"),
    ("polygon", "'((0,0),(1,1))'", "((0,0),(1,1))"),
    ("circle", "'<(0,0),1>'", "<(0,0),1>"),
    ("cidr", "'10.0.0.0/8'", "10.0.0.0/8"),
    ("inet", "'10.0.0.1'", "10.0.0.1"),
    ("inet", "'fe80::1/64'", "fe80::1/64"),
    ("macaddr", "'08:00:2b:01:02:03'", "08:00:2b:01:02:03"),
    ("macaddr8", "'08:00:2b:01:02:03:04:05'", "08:00:2b:01:02:03:04:05"),
    ("bit(3)", "B'101'", "101"),
    ("bit varying", "B''", EMPTY),
    ("tsvector", "'a:1 b:2A'", "'a':1 'b':2A"),
    ("tsquery", "'a & !b'", "'a' & !'b'"),
    ("oid", "4294967295", "4294967295"),
    ("regclass", "'pg_class'", "pg_class"),
    ("regtype", "'integer'", "integer"),
    ("regprocedure", "'lower(text)'", "lower(text)"),
    ("regrole", "'postgres'", "postgres"),
    ("pg_lsn", "'16/B374D848'", "16/B374D848"),
    ("pg_snapshot", "'10:20:10,14'", "10:20:10,14"),
    ("xid8", "'18446744073709551615'", "18446744073709551615"),
    ("tid", "'(1,2)'", "(1,2)"),
    ("aclitem", "'postgres=r/postgres'", "postgres=r/postgres"),
    ("mood", "'so-so'", "so-so"),
    ("pair", "'(1,\"a,b\")'", '(1,"a,b")'),
    ("pair[]", "ARRAY['(1,)'::pair]", '{"(1,)"}'),
    ("short", "'ab'", "ab"),
    ("shorter", "'a'", "a"),
    ("blob", "'\\x00ff'", Cell("00ff", "bytes", 2)),
]
TYPES = """
CREATE TYPE mood AS ENUM ('so-so', 'fine');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE DOMAIN shorter AS short NOT NULL;
CREATE DOMAIN blob AS bytea;
"""


def test_each_type(connection, run, oid) -> None:
    for statement in TYPES.strip().splitlines():
        run(statement)
    columns = ", ".join(f"c{n} {kind}" for n, (kind, _, _) in enumerate(VALUES))
    run(f"CREATE TABLE everything ({columns})")
    run(f"INSERT INTO everything SELECT {', '.join(f'{value}' for _, value, _ in VALUES)}")
    table = look_at(connection, Request(oid("everything")))
    assert table.problem is None
    (row,) = table.page.rows
    expected = [Cell(text) if isinstance(text, str) else text for _, _, text in VALUES]
    assert dict(enumerate(row)) == dict(enumerate(expected))
    run("INSERT INTO everything SELECT " + ", ".join("'a'" if kind == "shorter" else "NULL" for kind, _, _ in VALUES))
    _, nulls = look_at(connection, Request(oid("everything"))).page.rows
    assert [cell for cell in nulls if cell != NULL] == [Cell("a")]


def test_a_role_with_other_formats_sees_the_same(connection, run, oid) -> None:
    run("CREATE TABLE formats AS SELECT '2026-02-01'::date AS d, '1 day'::interval AS i, 0.1::float8 + 0.2 AS f")
    connection.execute("SET DateStyle = 'German'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits = -3")
    (row,) = look_at(connection, Request(oid("formats"))).page.rows
    assert [cell.text for cell in row] == ["2026-02-01", "1 day", "0.30000000000000004"]


def test_xml(connection, run, oid) -> None:
    import psycopg

    try:
        run("CREATE TABLE papers AS SELECT '<a>1</a>'::xml AS x")
    except psycopg.errors.FeatureNotSupported:
        pytest.skip("this server is built without libxml")
    (row,) = look_at(connection, Request(oid("papers"))).page.rows
    assert row == (Cell("<a>1</a>"),)


def test_types_of_the_catalog(connection, run, oid) -> None:
    """Views over the catalog have types that no table can have: pg_node_tree, pg_ndistinct, whole rows of tables."""
    run("CREATE VIEW rules AS SELECT ev_action, rulename FROM pg_catalog.pg_rewrite")
    run("CREATE VIEW whole AS SELECT c AS entry, ARRAY[c] AS entries, c.relacl, c.ctid FROM pg_catalog.pg_class AS c")
    run("CREATE TABLE things AS SELECT g AS a, g AS b FROM generate_series(1, 9) g")
    run("CREATE STATISTICS seen ON a, b FROM things")
    run("ANALYZE things")
    run("CREATE VIEW numbers AS SELECT stxdndistinct, stxddependencies FROM pg_catalog.pg_statistic_ext_data")
    for name in ("rules", "whole", "numbers"):
        table = look_at(connection, Request(oid(name)))
        assert table.problem is None, name
        assert table.page.rows, name


def test_texts_are_cut_and_large_values_left_where_they_are(connection, run, oid) -> None:
    run("CREATE TABLE big (t text, v varchar, j jsonb, a integer[])")
    run(
        "INSERT INTO big SELECT repeat('é', 1001), repeat('x', 1000), "
        "(SELECT jsonb_agg(md5(g::text)) FROM generate_series(1, 5000) g), "
        "ARRAY(SELECT g FROM generate_series(1, 900) g)"
    )
    (row,) = look_at(connection, Request(oid("big"))).page.rows
    assert row[0] == Cell("é" * 1000, "cut")
    assert row[1] == Cell("x" * 1000)
    assert (row[2].text, row[2].mark) == ("", "large")
    assert row[2].size > 64 * 1024
    assert row[3].mark == "cut"
    assert row[3].text.startswith("{1,2,3,")
