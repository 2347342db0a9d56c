"""A database of one's own for each module, a connection to it, and somebody signed in who opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.mathesar import plans
from tests.postgres import PostgresServer

Run = Callable[[str], None]


@pytest.fixture
def dbname(site: PostgresServer, request: pytest.FixtureRequest) -> str:
    """Give the name of a new, empty database."""
    name = f"explored_{request.module.__name__.rpartition('.')[2]}"
    site.create_database(name)
    return name


@pytest.fixture
def run(site: PostgresServer, dbname: str) -> Run:
    """Give a function that runs statements in it as superuser."""

    def execute(statements: str) -> None:
        site.psql(statements, dbname)

    return execute


@pytest.fixture
def connection(site: PostgresServer, dbname: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection as rooms are given one."""
    with psycopg.connect(site.url(dbname), autocommit=True, prepare_threshold=None) as made:
        yield made


@pytest.fixture
def reader(site: PostgresServer, dbname: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection as a role that may read what it was granted alone."""
    site.create_role("explorer_reader", "reads-only")
    with psycopg.connect(
        site.url(dbname, user="explorer_reader", password="reads-only"), autocommit=True, prepare_threshold=None
    ) as made:
        yield made


@pytest.fixture
def oid(site: PostgresServer, dbname: str) -> Callable[[str], int]:
    """Give a function that finds a table's OID by its name in SQL."""

    def find(name: str) -> int:
        (row,) = site.psql(f"SELECT '{name.replace(chr(39), chr(39) * 2)}'::regclass::oid::bigint", dbname)
        return int(str(row[0]))

    return find


@pytest.fixture
def browse(use, site: PostgresServer, dbname: str):
    """Give a function that gets a page of the database as a signed-in person."""
    from django.contrib.auth.models import User
    from django.test import Client

    from mathesar.connections.models import Database

    use(plans.local_plan({"explored": site.url(dbname)}))
    database = Database.objects.get(name="explored")
    client = Client()
    User.objects.create_superuser("the owner")
    client.force_login(User.objects.create_user("ada"))

    def get(path: str = "", **query: str):
        return client.get(f"/databases/{database.pk}/browse/{path}", query)

    yield get
    from mathesar.connections.opening import forget

    forget(database.pk)
