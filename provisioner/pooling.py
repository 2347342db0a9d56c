"""Is there a pooler in transaction mode between us and the server?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg


def is_transaction_pooler(
    connection: psycopg.Connection[Any], connect_again: Callable[[], psycopg.Connection[Any]]
) -> bool:
    """Tell whether `connection` (idle, autocommit) goes through a pooler that shares servers by transaction.

    A pooler gives a process id of its own when connecting; the server's differs. Then two clients that are both
    connected are served by one server process only where it is shared between transactions. `connect_again` makes
    the second connection, and is not called where there is no pooler.
    """
    mine = _backend(connection)
    if mine == connection.info.backend_pid:
        return False
    with connect_again() as second:
        return _backend(second) == mine or _backend(connection) != mine


def _backend(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return int(row[0]) if row else 0
