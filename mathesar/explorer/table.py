"""One look at one table or view: what it is, its columns and a page of its rows, in two round trips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from mathesar.explorer.columns import Column, columns_question, key_question, read_columns, read_key
from mathesar.explorer.errors import BrowsingProblem, problem
from mathesar.explorer.relation import Relation, read_relation, relation_question
from mathesar.explorer.rows import Order, Page, count_question, order_of, read_rows, rows_question
from mathesar.explorer.shapes import Shape, stamp_question
from mathesar.explorer.transaction import Look, looking


@dataclass(frozen=True)
class Request:
    """What is asked for: columns after the first `skip`; rows after what `after` finds out for an order.

    `brief` leaves out what only the columns' panel shows; `count` has the rows counted, up to a limit.
    """

    oid: int
    skip: int = 0
    after: Callable[[Order], tuple[str, ...] | None] | None = None
    brief: bool = False
    count: bool = False


@dataclass
class Table:
    """What was seen; `problem` says why there are no rows."""

    relation: Relation
    columns: tuple[Column, ...]
    order: Order
    page: Page | None = None
    count: int | None = None
    problem: BrowsingProblem | None = None
    stamp: str = ""

    @property
    def shape(self) -> Shape:
        """What of it is worth remembering."""
        return Shape(self.relation, self.columns, self.order, self.stamp)

    @property
    def readable(self) -> list[Column]:
        """The columns that the role may select."""
        return [each for each in self.columns if each.readable]


def look_at(connection: psycopg.Connection[Any], request: Request) -> Table:
    """Return the table or view with this OID, and a page of its rows where they can be read.

    Raises:
        BrowsingProblem: not even what it is could be found out.
    """
    table: Table | None = None
    try:
        with looking(connection) as look:
            table = _describe(look, request)
            if table.readable:
                _read(look, request, table)
            elif table.columns:
                table.problem = problem("browse-denied", table.relation.subject)
    except BrowsingProblem as refused:
        if table is None:
            raise
        table.problem = refused
    return table


def look_again(connection: psycopg.Connection[Any], request: Request, shape: Shape) -> Table | None:
    """Return the same in one round trip, by what is remembered; None where that does not hold any more."""
    table = Table(shape.relation, shape.columns, shape.order, stamp=shape.stamp)
    try:
        with looking(connection) as look:
            _read(look, request, table)
    except BrowsingProblem:
        return None  # it was dropped, renamed, is no longer allowed …: look at it anew to say what it is
    return table if table.stamp == shape.stamp and table.page is not None else None


def _describe(look: Look, request: Request) -> Table:
    stamp, facts, columns, key = look.ask(
        stamp_question(request.oid),  # first: what changes after it is noticed the next time
        relation_question(request.oid),
        columns_question(request.oid, request.skip, brief=request.brief),
        key_question(request.oid),
    )
    relation = read_relation(facts)
    look.subject = relation.subject
    return Table(relation, read_columns(columns), order_of(relation, read_key(key)), stamp=stamp[0][0])


def _read(look: Look, request: Request, table: Table) -> None:
    after = request.after(table.order) if request.after else None
    if request.after and after is None:
        raise problem("browse-cursor", table.relation.subject)
    columns = table.readable
    questions = [rows_question(table.relation, columns, table.order, after), stamp_question(request.oid)]
    if request.count:
        questions.append(count_question(table.relation))
    answers = look.ask(*questions, last=True)
    table.page = read_rows(answers[0], columns, table.order)
    table.stamp = table.stamp if answers[1] == [(table.stamp,)] else ""
    table.count = answers[2][0][0] if request.count else None
