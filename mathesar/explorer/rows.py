"""A page of rows: the first one, and the next by keyset, so that the millionth row costs what the first does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from psycopg import sql

from mathesar.explorer.cells import Cell, Family, read_cell, room_for, text_of
from mathesar.explorer.columns import Column
from mathesar.explorer.names import identifier
from mathesar.explorer.relation import Relation
from mathesar.explorer.transaction import Question, Row

PAGE = 50
COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class Order:
    """What rows are put in order by: a key's columns, else where they are stored, else nothing.

    Without an order there is no next page: the same rows could come again, or never.
    """

    key: tuple[str, ...] = ()
    by_place: bool = False

    @property
    def columns(self) -> list[sql.Identifier]:
        """The columns, as they are named in the inner SELECT."""
        names = self.key or (("ctid",) if self.by_place else ())
        return [identifier("t", name) for name in names]


def order_of(relation: Relation, key: tuple[str, ...]) -> Order:
    """Return the order for a relation whose best key has these columns."""
    if key and relation.alone:
        return Order(key)
    return Order(by_place=relation.stored and relation.alone)


@dataclass(frozen=True)
class Page:
    """One page of rows; `keys` are each row's values of what they are ordered by, as texts.

    `after` are the last row's where another page follows. `more` tells that there are more rows, also where no order
    leads to them.
    """

    rows: list[tuple[Cell, ...]]
    more: bool
    after: tuple[str, ...] | None
    keys: tuple[tuple[str, ...], ...] = ()


def rows_question(
    relation: Relation, columns: Sequence[Column], order: Order, after: Sequence[str] | None = None
) -> Question:
    """Return the question whose answer `read_rows` takes; `columns` must be readable.

    The inner SELECT takes 50 rows, the outer one makes text of them: whatever a view computes, it does so once, and
    for these rows alone.
    """
    named = tuple((each.name, each.family) for each in columns)
    query = _rows_query(relation.schema, relation.name, named, order, after is not None)
    return Question(query, tuple(after or ()))


@lru_cache(maxsize=256)
def _rows_query(schema: str, name: str, columns: tuple[tuple[str, Family], ...], order: Order, after: bool) -> str:
    room = room_for(len(columns))
    by = order.columns
    inner = [
        sql.SQL("{} AS {}").format(identifier("t", column), _name("c", n)) for n, (column, _) in enumerate(columns)
    ]
    inner += [sql.SQL("{} AS {}").format(each, _name("k", n)) for n, each in enumerate(by)]
    outer = [text_of(family, _name("c", n), room) for n, (_, family) in enumerate(columns)]
    outer += [sql.SQL("{}::pg_catalog.text").format(_name("k", n)) for n in range(len(by))]
    parts = [
        sql.SQL("SELECT {} FROM (SELECT {} FROM {} AS t").format(
            sql.SQL(", ").join(outer), sql.SQL(", ").join(inner), identifier(schema, name)
        )
    ]
    if after:
        places = sql.SQL(", ").join([sql.SQL("%s")] * len(by))
        parts.append(sql.SQL("WHERE ({}) > ({})").format(sql.SQL(", ").join(by), places))
    if order.key:  # stored rows come in their order anyway, and would be sorted all of them if they were asked to
        parts.append(sql.SQL("ORDER BY {}").format(sql.SQL(", ").join(by)))
    parts.append(sql.SQL("LIMIT {}) AS p").format(sql.Literal(PAGE + 1)))
    return sql.SQL(" ").join(parts).as_string()


def read_rows(answer: list[Row], columns: Sequence[Column], order: Order) -> Page:
    """Make a page of the answer to `rows_question`."""
    width = len(columns)
    room = room_for(width)
    families = [each.family for each in columns]
    rows = [
        tuple([read_cell(family, text, room) for family, text in zip(families, row, strict=False)])
        for row in answer[:PAGE]
    ]
    more = len(answer) > PAGE
    keys = tuple([tuple(row[width:]) for row in answer[:PAGE]])
    return Page(rows, more, keys[-1] if more and order.columns else None, keys)


def count_question(relation: Relation) -> Question:
    """Return the question for the number of rows; it stops counting one after `COUNT_LIMIT`."""
    table = identifier(relation.schema, relation.name)
    inner = sql.SQL("SELECT FROM {} AS t LIMIT {}").format(table, sql.Literal(COUNT_LIMIT + 1))
    return Question(sql.SQL("SELECT pg_catalog.count(*) FROM ({}) AS p").format(inner).as_string())


def _name(letter: str, number: int) -> sql.Identifier:
    return sql.Identifier(f"{letter}{number}")
