"""A database of its own for each test of the Mathesar schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from tests.mathesar.dbschema.databases import NAME, connect, make_database, make_roles
from tests.postgres import PostgresServer

Open = Callable[..., psycopg.Connection[Any]]


@pytest.fixture
def database(server: PostgresServer) -> Iterator[PostgresServer]:
    """Give the server, with an empty database for this test."""
    make_roles(server)
    make_database(server)
    yield server
    server.psql(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.fixture
def opened(database: PostgresServer) -> Iterator[Open]:
    """Give a function that opens a connection as a role."""
    with ExitStack() as stack:

        def open_as(*role: str, **more: Any) -> psycopg.Connection[Any]:
            connection = connect(database, *role, **more)
            stack.callback(connection.close)
            return connection

        yield open_as
