"""A connection to the internal database whose every statement sees the schema `mathesar_internal`.

A direct connection gets the search path as a startup option. PgBouncer in transaction mode refuses such
options ("unsupported startup parameter"), others drop them silently, and a `SET` would leak to the pooler's
next client. There the path is set with SET LOCAL as the first statement of every transaction. `ALTER ROLE …
SET search_path` is never used: it would hide people's own tables from their own psql.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import psycopg
from django.db.backends.postgresql.base import Cursor
from psycopg.pq import TransactionStatus

from mathesar import current
from provisioner.authority import with_authority
from provisioner.failure_codes import failure_code

SCHEMA = "mathesar_internal"
STARTUP_OPTION = f"-c search_path={SCHEMA}"
SET_LOCAL = f"SET LOCAL search_path = {SCHEMA}; SET LOCAL TimeZone = 'UTC'"


class InternalConnection(psycopg.Connection[Any]):
    """Connects with what the plan says at that moment; nothing else holds the password."""

    sets_path_locally = False
    opened_at = 0.0  # on time.monotonic()'s clock

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> InternalConnection:  # type: ignore[override]
        """Connect directly, or as a transaction pooler permits.

        Raises:
            psycopg.OperationalError: with text of our own that holds no secret, and nothing chained to it.
        """
        connection, failure = cls._attempt(STARTUP_OPTION, kwargs)
        if connection is not None and not connection._has_path():
            connection.sets_path_locally = True
        elif connection is None and refuses_options(failure):
            connection, failure = cls._attempt("", kwargs)
            if connection is not None:
                connection.sets_path_locally = True
        if connection is None:
            raise psycopg.OperationalError(describe(failure))
        connection.opened_at = time.monotonic()
        return connection

    @classmethod
    def _attempt(cls, options: str, kwargs: dict[str, Any]) -> tuple[InternalConnection | None, str]:
        try:
            return super().connect(**{**_keywords(), **kwargs, "options": options}), ""
        except psycopg.Error as error:
            return None, str(error)

    def _has_path(self) -> bool:
        """Tell whether the startup option arrived: one query for each new connection."""
        with psycopg.ClientCursor(self) as cursor:
            row = cursor.execute("SELECT current_setting('search_path')").fetchone()
        if not self.autocommit:
            self.rollback()
        return row is not None and row[0] == SCHEMA


class InternalCursor(Cursor):
    """Sets the search path first wherever a new transaction begins on a connection that needs it."""

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> Any:
        """Run one statement; in autocommit mode inside a transaction of its own."""
        return self._with_path(super().execute, query, params, **kwargs)

    def executemany(self, query: Any, params_seq: Iterable[Any], **kwargs: Any) -> Any:
        """Run one statement for each set of parameters; in autocommit mode inside one transaction."""
        return self._with_path(super().executemany, query, params_seq, **kwargs)

    def _with_path(self, run: Any, *arguments: Any, **kwargs: Any) -> Any:
        connection = self.connection
        begins = (
            getattr(connection, "sets_path_locally", False)
            and connection.info.transaction_status == TransactionStatus.IDLE
        )
        if not begins:
            return run(*arguments, **kwargs)
        if connection.autocommit:
            with connection.transaction():
                _set_local(connection)
                return run(*arguments, **kwargs)
        _set_local(connection)
        return run(*arguments, **kwargs)


def _set_local(connection: psycopg.Connection[Any]) -> None:
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(SET_LOCAL)


def _keywords() -> dict[str, Any]:
    """Return libpq's keywords from the plan."""
    plan = current.get_plan()
    if plan.internal is None:
        raise psycopg.OperationalError("The plan names no internal PostgreSQL database.")
    defaults = {"keepalives_idle": "30", "tcp_user_timeout": "15000", "application_name": "mathesar"}
    return with_authority({**defaults, **plan.internal.url.conninfo()}, plan.ca_certificate)


def refuses_options(failure: str) -> bool:
    """Tell whether a pooler refused the startup option and would take us without it."""
    text = failure.lower()
    return "startup parameter" in text and "options" in text


def describe(failure: str) -> str:
    """Return a sentence of our own for libpq's failure text, which may name hosts and users."""
    return f"Cannot connect to the internal database ({failure_code(failure)})."
