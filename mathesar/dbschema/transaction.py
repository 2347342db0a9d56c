"""One transaction over the schema at a time in a database, with bounds on everything in it.

The lock is asked for, not waited for: a statement that waits would hold one of a pooler's server connections. It ends
with the transaction, whatever becomes of us.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from mathesar.dbschema.errors import Busy, Lost, SchemaError
from mathesar.dbschema.state import READ, Found, parse_found

LIMIT_SECONDS = 20.0
KEY = int.from_bytes(hashlib.sha256(b"mathesar schema").digest()[:8], "big", signed=True)
# READ COMMITTED whatever the database's default is: what is read after the lock must be what its last holder left.
BEGIN = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL statement_timeout = '30s';
SET LOCAL lock_timeout = '5s';
SET LOCAL idle_in_transaction_session_timeout = '60s';
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;
SET LOCAL quote_all_identifiers = off;
SET LOCAL check_function_bodies = off;
SET LOCAL client_min_messages = error;
SELECT pg_try_advisory_xact_lock({KEY});
"""
BUSY = frozenset({"55P03", "40P01", "57014", "42P06", "23505"})  # locks, time-outs, and somebody who was faster
LOST = frozenset({"57P01", "57P02", "57P03", "25P03", "25P04"})  # the server ended the session


@contextlib.contextmanager
def exclusive(connection: psycopg.Connection[Any], seconds: float = LIMIT_SECONDS) -> Iterator[tuple[Cursor, Found]]:
    """Begin, take the lock and read what there is; roll back in the end unless the body has committed.

    Raises:
        Busy, Lost, SchemaError: whatever psycopg's errors inside mean.
        ValueError: the connection is not an idle one in autocommit.
    """
    if not connection.autocommit or connection.info.transaction_status is not TransactionStatus.IDLE:
        raise ValueError("an idle connection in autocommit is needed")
    end = time.monotonic() + seconds
    try:
        with connection.cursor(row_factory=tuple_row) as cursor:
            try:
                while (found := _begin(cursor)) is None:
                    if time.monotonic() > end:
                        raise Busy
                    time.sleep(random.uniform(0.05, 0.25))  # noqa: S311
                yield cursor, found
            finally:
                _roll_back(connection)
    except psycopg.Error as error:
        raise _meaning(error, connection) from None


Cursor = psycopg.Cursor[tuple[Any, ...]]


def last_row(cursor: Cursor) -> tuple[Any, ...] | None:
    """Return the row of the last of several statements that were sent together."""
    while cursor.nextset():
        pass
    return cursor.fetchone()


def _begin(cursor: Cursor) -> Found | None:
    """Begin; return what there is, or None where another transaction has the lock."""
    cursor.execute(BEGIN + READ, prepare=False)
    locked = False
    while cursor.pgresult is not None:
        if cursor.description and cursor.description[0].name == "pg_try_advisory_xact_lock":
            locked = bool((cursor.fetchone() or (False,))[0])
        if not cursor.nextset():
            break
    if locked:
        return parse_found(cursor.fetchone())
    cursor.execute("ROLLBACK", prepare=False)
    return None


def _roll_back(connection: psycopg.Connection[Any]) -> None:
    """End a transaction that is still open; a connection that cannot is of no use to anybody."""
    if connection.closed or connection.info.transaction_status is TransactionStatus.IDLE:
        return
    try:
        connection.execute("ROLLBACK", prepare=False)
    except psycopg.Error:
        connection.close()


def _meaning(error: psycopg.Error, connection: psycopg.Connection[Any]) -> SchemaError:
    silent = isinstance(error, psycopg.OperationalError) and error.sqlstate is None  # the network, not the server
    if connection.closed or silent or error.sqlstate in LOST:
        return Lost()
    return Busy() if error.sqlstate in BUSY else SchemaError()
