"""One transaction that changes one row, or nothing: with the limits of looking, and nothing that a pooler would keep.

Everything that is named in a statement is named with its schema, the equality of a key as well, so that no object
of somebody else's on the search path takes part. The path itself stays the role's own: triggers rely on it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from mathesar.explorer.columns import KeyPart
from mathesar.explorer.errors import LOST, BrowsingProblem, problem, words_of
from mathesar.explorer.fields import Field
from mathesar.explorer.names import identifier
from mathesar.explorer.relation import Relation
from mathesar.explorer.transaction import COMMIT, Look, Question, Row, limited

BEGIN = b"BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED"  # not READ WRITE: a server set to read-only stays that
KINDS = {
    "42501": "edit-denied", "57014": "edit-slow", "55P03": "edit-busy", "40001": "edit-busy", "40P01": "edit-busy",
    "25006": "edit-read-only", "42P01": "browse-gone", "42703": "browse-gone", "3F000": "browse-gone",
}  # fmt: skip
# What servers and poolers answer a COMMIT with whose end they do not know.
UNKNOWN = frozenset({"08000", "08007", "08P01", "40003"})


@dataclass(frozen=True)
class Report:
    """What PostgreSQL says of a refusal that is safe to use: names of its objects, and no value."""

    state: str
    schema: str = ""
    table: str = ""
    column: str = ""
    constraint: str = ""


class WriteRefused(BrowsingProblem):
    """A change that PostgreSQL refused; `report` is what fields can be found by."""

    def __init__(self, made: BrowsingProblem, report: Report) -> None:
        super().__init__(made.finding, made.grant)
        self.report = report


class Writer(Look):
    """One change; `ending` tells that it was asked to be kept."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection, BEGIN)
        self.ending = False

    def change_one(
        self, question: Question, check: Callable[[list[Row]], bool], otherwise: str = "edit-not-one"
    ) -> bool:
        """Change exactly one row, and keep it where `check`, which gets what it answers, says so; tell whether it did.

        Raises:
            BrowsingProblem: it was none, or several; nothing is kept.
        """
        cursor = self._connection.execute(question.query.encode(), tuple(question.values))
        if cursor.rowcount != 1:
            raise problem(otherwise, self.subject)
        if not check(cursor.fetchall() if cursor.description is not None else []):
            return False
        self.ending = True
        self._connection.execute(COMMIT)
        return True


@contextlib.contextmanager
def writing(connection: psycopg.Connection[Any]) -> Iterator[Writer]:
    """Give a `Writer`; the connection (idle, autocommit) is idle again afterwards, or closed.

    Raises:
        BrowsingProblem: the database refused something, or fell silent.
    """
    writer = Writer(connection)
    with limited(connection, writer, lambda error, lost: _refusal(error, writer, lost)):
        yield writer


def row_question(
    relation: Relation, key: Sequence[KeyPart], values: Sequence[str | None], expressions: Sequence[sql.Composable],
    lock: str = "", given: Sequence[str | None] = (),
) -> Question:  # fmt: skip
    """Return the question for expressions of one row; `given` are their parameters, `lock` is "" or FOR …."""
    query = sql.SQL("SELECT {} FROM {} AS t WHERE {} LIMIT 2 {}").format(
        sql.SQL(", ").join(expressions),
        identifier(relation.schema, relation.name), _found_by(key), sql.SQL(lock),
    )  # fmt: skip
    return Question(query.as_string(), (*given, *values))


def key_texts(key: Sequence[KeyPart]) -> list[sql.Composable]:
    """Return the expressions for a row's key, as a link has it."""
    return [sql.SQL("{}::pg_catalog.text").format(identifier("t", part.name)) for part in key]


def update_question(
    relation: Relation, key: Sequence[KeyPart], values: Sequence[str], changes: Mapping[Field, str | None],
    returned: Sequence[sql.Composable],
) -> Question:  # fmt: skip
    """Return the statement that changes these columns of the row with this key, and answers with expressions of it."""
    query = sql.SQL("UPDATE {} AS t SET {} WHERE {}").format(
        identifier(relation.schema, relation.name),
        sql.SQL(", ").join([sql.SQL("{} = {}").format(identifier(each.name), each.value) for each in changes]),
        _found_by(key),
    ) + _returning(returned)
    return Question(query.as_string(), (*changes.values(), *values))


def insert_question(
    relation: Relation, values: Mapping[Field, str | None], returned: Sequence[sql.Composable],
    given: Sequence[str | None] = (),
) -> Question:  # fmt: skip
    """Return the statement that adds a row; columns that are not named get their defaults.

    It answers with expressions of the row, whose parameters are `given`.
    """
    table = identifier(relation.schema, relation.name)
    if not values:
        query = sql.SQL("INSERT INTO {} AS t DEFAULT VALUES").format(table) + _returning(returned)
        return Question(query.as_string(), tuple(given))
    query = sql.SQL("INSERT INTO {} AS t ({}) VALUES ({})").format(
        table,
        sql.SQL(", ").join([identifier(each.name) for each in values]),
        sql.SQL(", ").join([each.value for each in values]),
    ) + _returning(returned)
    return Question(query.as_string(), (*values.values(), *given))


def delete_question(
    relation: Relation, key: Sequence[KeyPart], values: Sequence[str], returned: Sequence[sql.Composable] = ()
) -> Question:
    """Return the statement that deletes the row with this key, and answers with expressions of it."""
    table = identifier(relation.schema, relation.name)
    query = sql.SQL("DELETE FROM {} AS t WHERE {}").format(table, _found_by(key)) + _returning(returned)
    return Question(query.as_string(), tuple(values))


def _returning(expressions: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(" RETURNING {}").format(sql.SQL(", ").join(expressions)) if expressions else sql.Composed([])


def _found_by(key: Sequence[KeyPart]) -> sql.Composed:
    """Return the condition of a key; operators have no quotes, and are made of a few signs alone."""
    parts = []
    for part in key:
        schema, operator = part.equals
        if not operator or set(operator) - set("+-*/<>=~!@#%^&|`?"):
            raise ValueError("not an operator that PostgreSQL can have")
        signs = sql.SQL(operator.replace("%", "%%"))
        column, value = identifier("t", part.name), identifier(*part.type)
        parts.append(sql.SQL("{} OPERATOR({}.{}) %s::{}").format(column, identifier(schema), signs, value))
    return sql.SQL(" AND ").join(parts)


def _refusal(error: psycopg.Error, writer: Writer, lost: bool) -> BrowsingProblem:
    state = error.sqlstate or ""
    if isinstance(error, psycopg.DataError) and not state:
        state = "22021"  # the driver itself: a text with a zero character
    if writer.ending and (lost or not state or state in UNKNOWN or state in LOST):
        return problem("edit-unknown", writer.subject)
    if lost or state in LOST:
        return problem("live-lost", writer.subject)
    diag = error.diag
    report = Report(
        state, diag.schema_name or "", diag.table_name or "", diag.column_name or "", diag.constraint_name or ""
    )
    kind = KINDS.get(state, "edit-failed")
    return WriteRefused(problem(kind, writer.subject, state=state or "unknown", what=words_of(state)), report)
