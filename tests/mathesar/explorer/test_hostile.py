"""Schemas as they should not be, and are: names of any characters, 1,600 columns, no columns, a cell of 50 MB."""

from __future__ import annotations

import time

import pytest
from psycopg import sql

from mathesar.explorer.catalog import Filter, overview_questions, read_overview
from mathesar.explorer.names import identifier, quoted, shown
from mathesar.explorer.table import Request, look_at
from mathesar.explorer.transaction import looking

NAMES = [
    "plain", "Two Words", 'a"b', "100%", "%s", "a%%b", "%(name)s", "{}", "{0}", "back\\slash", "new\nline", "tab\there",
    "'; DROP TABLE x; --", "🦊" * 15, "é" * 31 + "x", "x" * 63, "select", "t", "ctid2", "p", "c0", "k0", "\u202eevil",
    "<b>bold</b>", "&amp;", " ", ".", "a.b", "$1", "?", "nul␀l",
]  # fmt: skip


def everything(connection, chosen: Filter | None = None):
    with looking(connection) as look:
        return read_overview(look.ask(*overview_questions(chosen or Filter()), last=True))


def test_names_of_any_characters(connection) -> None:
    schema = 'Sch"ema %s\n'
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in NAMES)
    values = sql.SQL(", ").join(sql.Literal(name) for name in NAMES)
    for name in NAMES:
        table = sql.Identifier(schema, name)
        connection.execute(
            sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(table, columns, sql.Identifier(name))
        )
        connection.execute(sql.SQL("INSERT INTO {} SELECT {}").format(table, values))
    seen = everything(connection)
    assert sorted(entry.name for entry in seen.relations) == sorted(NAMES)
    for entry in seen.relations:
        table = look_at(connection, Request(entry.oid, count=True))
        assert table.problem is None, entry.name
        assert [column.name for column in table.columns] == NAMES
        assert [cell.text for cell in table.page.rows[0]] == NAMES
        assert table.count == 1
        later = look_at(connection, Request(entry.oid, after=lambda order: ("",) * len(order.columns)))
        assert [cell.text for cell in later.page.rows[0]] == NAMES
        (only,) = [each for each in everything(connection, Filter(text=entry.name)).relations if each == entry]
        assert only.schema == schema


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 64, "é" * 32])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        identifier("t", name)


def test_names_are_shown_as_what_they_are() -> None:
    assert shown("a\nb\u202ec\x7f") == "a␊b\ufffdc␡"
    assert shown("Größe 🦊 שלום") == "Größe 🦊 שלום"
    assert quoted('a"b', "c") == '"a""b"."c"'


def test_1600_columns_come_a_hundred_at_a_time(connection, run, oid) -> None:
    run(f"CREATE TABLE wide ({', '.join(f'column_{n} text' for n in range(1, 1601))})")
    run("ALTER TABLE wide DROP COLUMN column_7")
    run("INSERT INTO wide (column_101, column_8) VALUES (repeat('x', 1000), 'eight')")
    table = look_at(connection, Request(oid("wide")))
    assert table.relation.columns == 1599
    assert [len(table.columns), len(table.page.rows[0])] == [100, 100]
    assert table.page.rows[0][6].text == "eight"
    assert table.page.rows[0][99].text == "x" * 200  # where there are many, each gets less room
    last = look_at(connection, Request(oid("wide"), skip=1500))
    assert [column.name for column in last.columns][-1] == "column_1600"
    assert look_at(connection, Request(oid("wide"), skip=1600)).columns == ()


def test_a_key_beyond_the_columns_shown_orders_rows(connection, run, oid) -> None:
    run(f"CREATE TABLE wide ({', '.join(f'column_{n} text' for n in range(150))}, id serial PRIMARY KEY)")
    run("INSERT INTO wide (column_0) SELECT 120 - g FROM generate_series(1, 120) g")
    table = look_at(connection, Request(oid("wide")))
    assert table.order.key == ("id",)
    assert table.page.after == ("50",)


def test_no_columns(connection, run, oid) -> None:
    run("CREATE TABLE nothing ()")
    run("INSERT INTO nothing DEFAULT VALUES")
    table = look_at(connection, Request(oid("nothing"), count=True))
    assert (table.columns, table.page, table.problem) == ((), None, None)


@pytest.mark.parametrize("kind", ["text", "jsonb", "bytea", "text[]", "json"])
def test_cells_of_50_megabytes_are_not_fetched(kind: str, connection, run, oid) -> None:
    values = {
        "text": "repeat('0123456789', 5000000)",
        "jsonb": "to_jsonb(repeat('0123456789', 5000000))",
        "json": "to_json(repeat('0123456789', 5000000))",
        "bytea": "decode(repeat('00010203040506070809', 5000000), 'hex')",
        "text[]": "ARRAY[repeat('0123456789', 5000000)]",
    }
    for storage in ("EXTERNAL", "EXTENDED"):  # as it is, and compressed
        run("DROP TABLE IF EXISTS heavy")
        run(f"CREATE TABLE heavy (id int PRIMARY KEY, v {kind})")
        run(f"ALTER TABLE heavy ALTER COLUMN v SET STORAGE {storage}")
        run(f"INSERT INTO heavy SELECT 1, {values[kind]}")
        begun = time.perf_counter()
        table = look_at(connection, Request(oid("heavy")))
        assert time.perf_counter() - begun < 2
        cell = table.page.rows[0][1]
        assert cell.mark == {"text": "cut", "bytea": "bytes"}.get(kind, "large")
        assert len(cell.text) <= 1000


def test_views_compute_each_row_once_and_no_row_beyond_the_page(connection, run, oid) -> None:
    run("CREATE SEQUENCE calls")
    run("CREATE FUNCTION counted(n bigint) RETURNS jsonb LANGUAGE sql VOLATILE COST 10000 AS $$ SELECT to_jsonb(n) $$")
    run(
        "CREATE VIEW slow AS SELECT counted(pg_catalog.random()::bigint * 0 + g) AS v FROM generate_series(1, 100000) g"
    )
    begun = time.perf_counter()
    table = look_at(connection, Request(oid("slow")))
    assert time.perf_counter() - begun < 2
    assert [cell.text for (cell,) in table.page.rows] == [str(n) for n in range(1, 51)]
