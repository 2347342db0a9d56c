"""User databases on the shared server, and the fields that connect them."""

from __future__ import annotations

from typing import Any

from tests.postgres import PASSWORD, SUPERUSER, PostgresServer

OWNER, OWNER_PASSWORD = "owner+1", "own er%/@:0123"
READER, READER_PASSWORD = "reader", "read-0nly-9876"


def make_database(server: PostgresServer, name: str) -> dict[str, Any]:
    """Make a database of an ordinary owner, with a role that may only read; return the owner's fields."""
    server.create_role(OWNER, OWNER_PASSWORD)
    server.create_role(READER, READER_PASSWORD)
    server.create_database(name, owner=OWNER)
    return fields(server, name)


def fields(server: PostgresServer, dbname: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a form that connects one database as its owner."""
    given = {
        "host": "127.0.0.1", "port": server.port, "dbname": dbname, "username": OWNER, "password": OWNER_PASSWORD,
        "sslmode": "disable",
    }  # fmt: skip
    return {**given, **changes}


def superuser(server: PostgresServer, dbname: str) -> dict[str, Any]:
    """Return the fields that connect as the server's superuser."""
    return fields(server, dbname, username=SUPERUSER, password=PASSWORD)


def schemas(server: PostgresServer, dbname: str) -> set[str]:
    """Return which of the Mathesar schemas are there."""
    found = server.psql("SELECT nspname FROM pg_namespace WHERE nspname IN ('msar', 'mathesar_types')", dbname)
    return {str(name) for (name,) in found}
