"""What is remembered of a table holds only as long as nothing of it changed."""

from __future__ import annotations

from uuid import UUID

import pytest

from mathesar.explorer.shapes import MOST, Shape, Shapes
from mathesar.explorer.table import Request, look_again, look_at

CHANGES = [
    "ALTER TABLE things ADD COLUMN more int",
    "ALTER TABLE things DROP COLUMN b",
    "ALTER TABLE things RENAME COLUMN b TO c",
    "ALTER TABLE things ALTER COLUMN b TYPE bytea USING '\\x00'",
    "ALTER TABLE things RENAME TO others",
    "ALTER TABLE things SET SCHEMA elsewhere",
    "ALTER SCHEMA public RENAME TO private",
    "ALTER TABLE things DROP CONSTRAINT things_pkey",
    "CREATE UNIQUE INDEX ON things (b)",
    "CREATE TABLE heir () INHERITS (things)",
    "DROP TABLE things",
]


@pytest.fixture
def shape(connection, run, oid) -> Shape:
    run("CREATE SCHEMA elsewhere")
    run("CREATE TABLE things AS SELECT g AS a, 'b' || g AS b FROM generate_series(1, 120) g")
    run("ALTER TABLE things ADD PRIMARY KEY (a)")
    return look_at(connection, Request(oid("things"))).shape


def next_rows(shape: Shape) -> Request:
    return Request(shape.relation.oid, after=lambda order: ("50",) * len(order.columns), brief=True)


def test_the_same_rows_as_anew(connection, shape: Shape) -> None:
    again, anew = look_again(connection, next_rows(shape), shape), look_at(connection, next_rows(shape))
    assert again.page == anew.page
    assert again.page.rows[0][0].text == "51"


def test_rows_that_change_do_not_matter(connection, shape: Shape, run) -> None:
    run("UPDATE things SET b = 'x'")
    run("VACUUM ANALYZE things")
    assert look_again(connection, next_rows(shape), shape).page.rows[0][1].text == "x"


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_the_table_is_noticed(change: str, connection, shape: Shape, run) -> None:
    run(change)
    assert look_again(connection, next_rows(shape), shape) is None
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_names_that_changed_places(connection, shape: Shape, run) -> None:
    run("ALTER TABLE things RENAME COLUMN a TO was_a")
    run("ALTER TABLE things RENAME COLUMN b TO a")
    run("ALTER TABLE things RENAME COLUMN was_a TO b")
    assert look_again(connection, next_rows(shape), shape) is None


def test_a_right_that_was_taken_away(reader, shape: Shape, run) -> None:
    run("GRANT SELECT ON things TO explorer_reader")
    seen = look_at(reader, next_rows(shape)).shape
    assert look_again(reader, next_rows(seen), seen).page.rows
    run("REVOKE SELECT ON things FROM explorer_reader")
    assert look_again(reader, next_rows(seen), seen) is None


def test_the_oldest_is_forgotten(shape: Shape) -> None:
    shapes, row = Shapes(), UUID(int=1)
    for number in range(MOST + 1):
        shapes.put((row, 1, number, 0), shape)
        assert shapes.get((row, 1, 0, 0)) is shape
    assert shapes.get((row, 1, 1, 0)) is None
    assert shapes.get((row, 1, MOST, 0)) is shape
