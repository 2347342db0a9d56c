"""Pages of rows: each row comes once, whatever tells the rows apart."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from mathesar.explorer.rows import Order
from mathesar.explorer.table import Request, Table, look_at

TABLES = {
    "by a number": ("(id integer PRIMARY KEY)", "SELECT g * 7 FROM generate_series(1, 173) g", Order(("id",))),
    "by two columns": (
        "(a text, b date, PRIMARY KEY (b, a))",
        "SELECT chr(65 + g % 5), '2020-01-01'::date + g / 5 FROM generate_series(1, 173) g",
        Order(("b", "a")),
    ),
    "by a float": (
        "(f float8 PRIMARY KEY)",
        "SELECT g / 3.0::float8 FROM generate_series(1, 170) g "
        "UNION VALUES ('NaN'::float8), ('Infinity'), ('-Infinity')",
        Order(("f",)),
    ),
    "by a time": (
        "(t timestamptz PRIMARY KEY)",
        "SELECT '2020-01-01'::timestamptz + g * '1.000001 s'::interval FROM generate_series(1, 171) g "
        "UNION VALUES ('infinity'::timestamptz), ('0044-03-15 BC')",
        Order(("t",)),
    ),
    "by a text": ("(t text PRIMARY KEY)", "SELECT E'\\'\\\\%s' || g FROM generate_series(1, 173) g", Order(("t",))),
    "by a char": ("(t char(9) PRIMARY KEY)", "SELECT g::text FROM generate_series(1, 173) g", Order(("t",))),
    "by an enum, unique and not null": (
        "(m color NOT NULL, n int NOT NULL, UNIQUE (m, n))",
        "SELECT m, g FROM generate_series(1, 87) g, unnest('{red,green}'::color[]) m LIMIT 173",
        Order(("m", "n")),
    ),
    "by an array": ("(a int[] PRIMARY KEY)", "SELECT ARRAY[g, NULL] FROM generate_series(1, 173) g", Order(("a",))),
    "by place": ("(t text)", "SELECT 'same' FROM generate_series(1, 173)", Order(by_place=True)),
    "unique but null": ("(n int UNIQUE)", "SELECT nullif(g % 99, g) FROM generate_series(100, 198) g UNION ALL "
                        "SELECT NULL FROM generate_series(1, 74)", Order(by_place=True)),
    "deferrable": (
        "(n int NOT NULL, UNIQUE (n) DEFERRABLE)", "SELECT generate_series(1, 173)", Order(by_place=True)
    ),
    "partitioned": (
        "(n int PRIMARY KEY) PARTITION BY HASH (n)", "SELECT generate_series(1, 173)", Order(("n",))
    ),
}  # fmt: skip


def pages(connection: psycopg.Connection, oid: int) -> tuple[list[tuple[str, ...]], Table]:
    """Follow the pages to the end; return all rows' texts and the last page."""
    found: list[tuple[str, ...]] = []
    after = None
    while True:
        table = look_at(connection, Request(oid, after=None if after is None else lambda _, after=after: after))
        assert table.problem is None
        found += [tuple(cell.text for cell in row) for row in table.page.rows]
        if table.page.after is None:
            return found, table
        assert len(table.page.rows) == 50
        after = table.page.after


@pytest.mark.parametrize("kind", TABLES)
def test_each_row_comes_once(kind: str, connection, run, oid: Callable[[str], int]) -> None:
    definition, rows, order = TABLES[kind]
    run("CREATE TYPE color AS ENUM ('red', 'green')")
    run(f"CREATE TABLE things {definition}")
    if kind == "partitioned":
        for part in range(3):
            run(f"CREATE TABLE part{part} PARTITION OF things FOR VALUES WITH (MODULUS 3, REMAINDER {part})")
    run(f"INSERT INTO things {rows}")
    found, last = pages(connection, oid("things"))
    assert last.order == order
    assert len(found) == 173
    columns = [each.name for each in last.columns]
    text = ", ".join(f"{name}::text" for name in columns)
    key = ", ".join(f"things.{name}" for name in order.key or ("ctid",))
    stored = connection.execute(f"SELECT {text} FROM things ORDER BY {key}").fetchall()
    strip = [tuple((text or "").rstrip() if kind == "by a char" else text or "" for text in row) for row in stored]
    assert found == strip


def test_what_has_no_key_ends_after_a_page_and_says_so(connection, run, oid) -> None:
    run("CREATE VIEW numbers AS SELECT generate_series(1, 51) AS n")
    table = look_at(connection, Request(oid("numbers")))
    assert table.order == Order()
    assert (len(table.page.rows), table.page.more, table.page.after) == (50, True, None)


def test_an_inherited_table_has_no_key_of_all_its_rows(connection, run, oid) -> None:
    run("CREATE TABLE parent (id int PRIMARY KEY)")
    run("CREATE TABLE child () INHERITS (parent)")
    run("INSERT INTO parent VALUES (1)")
    run("INSERT INTO child VALUES (1)")
    table = look_at(connection, Request(oid("parent")))
    assert table.order == Order()
    assert len(table.page.rows) == 2


def test_a_materialized_view_is_paged_by_place(connection, run, oid) -> None:
    run("CREATE MATERIALIZED VIEW numbers AS SELECT generate_series(1, 120) AS n")
    found, last = pages(connection, oid("numbers"))
    assert found == [(str(n),) for n in range(1, 121)]
    assert last.order == Order(by_place=True)


def test_rows_that_arrive_meanwhile_move_nothing(connection, run, oid) -> None:
    run("CREATE TABLE things (id int PRIMARY KEY)")
    run("INSERT INTO things SELECT g FROM generate_series(1000, 1100) g")
    first = look_at(connection, Request(oid("things"))).page
    run("INSERT INTO things SELECT g FROM generate_series(1, 60) g")
    run("DELETE FROM things WHERE id = 1049")
    second = look_at(connection, Request(oid("things"), after=lambda _: first.after)).page
    assert second.rows[0][0].text == "1050"


def test_counting_stops_at_its_limit(connection, run, oid) -> None:
    run("CREATE TABLE few AS SELECT generate_series(1, 70) AS n")
    run("CREATE TABLE many AS SELECT generate_series(1, 12000) AS n")
    assert look_at(connection, Request(oid("few"))).count is None
    assert look_at(connection, Request(oid("few"), count=True)).count == 70
    assert look_at(connection, Request(oid("many"), count=True)).count == 10_001
