"""One read-only transaction with limits, in as few round trips as there are questions that depend on each other.

`BEGIN` and the limits travel with the first question, `COMMIT` with the last one, in libpq's pipeline mode. Only
`SET LOCAL` is used (as `set_config(…, true)`): behind a transaction pooler a `SET` would reach other people.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from mathesar.explorer.errors import BrowsingProblem, Subject, problem, problem_of
from provisioner.connecting import cut_off

STATEMENT_SECONDS = 10
SILENCE_SECONDS = 25.0  # a server that says nothing for longer than all its limits together is cut off
SETTINGS = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "15s",
    "synchronize_seqscans": "off",  # a table without a key is paged in the order it is stored in
    "max_parallel_workers_per_gather": "0",
    "jit": "off",  # a page of rows is over before it pays
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "array_nulls": "on",  # else a NULL in an array that is written back becomes the text NULL
    "extra_float_digits": "1",  # a key must come back as the same number
}
BEGIN = b"BEGIN TRANSACTION READ ONLY"
LIMITS = (
    "SELECT " + ", ".join(f"pg_catalog.set_config('{key}', '{value}', true)" for key, value in SETTINGS.items())
).encode()
COMMIT = b"COMMIT"

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Question:
    """One SELECT with parameters, as `%s`."""

    query: str
    values: Sequence[Any] = ()


class Look:
    """One look into a database; `subject` is what errors are about at this moment."""

    def __init__(self, connection: psycopg.Connection[Any], begin: bytes = BEGIN) -> None:
        self._connection = connection
        self._begin = begin
        self._begun = False
        self.subject = Subject()

    def ask(self, *questions: Question, last: bool = False) -> list[list[Row]]:
        """Return the rows of each question; all of them take one round trip.

        `last` ends the transaction with them.

        Raises:
            psycopg.Error: only to `looking`, which makes a `BrowsingProblem` of it.
        """
        cursors = []
        with self._connection.pipeline():
            if not self._begun:
                self._begun = True
                self._connection.execute(self._begin)
                self._connection.execute(LIMITS)
            for question in questions:
                cursors.append(self._connection.cursor())
                cursors[-1].execute(question.query.encode(), tuple(question.values))
            if last:
                self._connection.execute(COMMIT)
        return [cursor.fetchall() for cursor in cursors]


@contextlib.contextmanager
def looking(connection: psycopg.Connection[Any]) -> Iterator[Look]:
    """Give a `Look`; the connection (idle, autocommit) is idle again afterwards, or closed.

    Raises:
        BrowsingProblem: the database refused something, or fell silent.
    """
    look = Look(connection)
    with limited(connection, look, lambda error, lost: problem_of(error, look.subject, lost=lost)):
        yield look


@contextlib.contextmanager
def limited(
    connection: psycopg.Connection[Any], look: Look, explain: Callable[[psycopg.Error, bool], BrowsingProblem]
) -> Iterator[None]:
    """Cut off a server that falls silent, and leave nothing open; `explain` makes problems of its errors.

    Raises:
        BrowsingProblem: what `explain` made; the second thing that it is told is whether the connection is lost.
    """
    try:
        with cut_off(connection, SILENCE_SECONDS):
            yield
    except psycopg.Error as error:
        raise explain(error, connection.broken or bool(connection.closed)) from None
    except UnicodeError:  # a database in SQL_ASCII holds whatever bytes somebody put there
        raise problem("browse-failed", look.subject, state="22021", what="its text is not in UTF-8") from None
    finally:
        with contextlib.suppress(psycopg.Error):
            _end(connection)


def _end(connection: psycopg.Connection[Any]) -> None:
    if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
        connection.rollback()
