"""A process that is killed at any moment leaves the Mathesar schema whole: as it was, or done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from mathesar import dbschema
from mathesar.dbschema import State, install, read_state, uninstall
from tests.kill_points import kill_points
from tests.mathesar.dbschema.databases import CREATOR, OLDER, connect, make_database, make_roles, objects, run
from tests.mathesar.site import shared_server
from tests.postgres import PASSWORD, PostgresServer, find_binaries

pytestmark = pytest.mark.prove

NAME = "dbschema_kills"
CODE = """
import os, psycopg
from mathesar import dbschema
with psycopg.connect(os.environ["TARGET"], autocommit=True, prepare_threshold=None) as connection:
    dbschema.{call}
"""
DJANGO = """
import os, django
from django.conf import settings
from tests.kill_points import count_from_here
settings.configure(DATABASES={{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": os.environ["NAME"], "USER": os.environ["ROLE"],
    "PASSWORD": os.environ["SECRET"], "HOST": "127.0.0.1", "PORT": os.environ["AT"],
}}}})
django.setup()
from contextlib import nullcontext
from django.db import connection, transaction
connection.ensure_connection()
count_from_here()
with {around}:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO pairs VALUES (%s)", [1])
        cursor.execute("INSERT INTO pairs VALUES (%s)", [2])
"""
DATA = """
CREATE SCHEMA people;
CREATE TABLE people.one (mail mathesar_types.email, pay mathesar_types.mathesar_money);
INSERT INTO people.one VALUES ('not @ll right', 12.50)
"""
MISSING, CURRENT, OLD = State("missing"), State("current", dbschema.VERSION), State("outdated", OLDER.version)
Connection = psycopg.Connection


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    running = shared_server()
    make_roles(running)
    yield running
    running.psql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def nothing(connection: Connection) -> None:
    """Leave the new database empty."""


def installed(connection: Connection) -> None:
    install(connection)


def installed_and_used(connection: Connection) -> None:
    install(connection)
    run(connection, DATA.replace("not @ll right", "ada@example.org"))


def older_and_used(connection: Connection) -> None:
    install(connection, sources=OLDER)
    run(connection, DATA)


def damaged(connection: Connection) -> None:
    install(connection)
    run(connection, "DROP FUNCTION msar.tables; ALTER DOMAIN mathesar_types.uri DROP CONSTRAINT uri_check")


def types_only(connection: Connection) -> None:
    install(connection, types_only=True)


@pytest.mark.parametrize(
    ("call", "start", "before", "after"),
    [
        ("install(connection)", nothing, MISSING, CURRENT),
        ("install(connection)", older_and_used, OLD, CURRENT),
        ("install(connection)", damaged, State("outdated", dbschema.VERSION, damaged=True), CURRENT),
        ("install(connection)", types_only, State("current", dbschema.VERSION, types_only=True), CURRENT),
        ("uninstall(connection)", installed, CURRENT, MISSING),
        ("uninstall(connection, cascade=True)", installed_and_used, CURRENT, MISSING),
    ],
    ids=["install", "upgrade", "repair", "types and functions", "uninstall", "uninstall with uses"],
)
def test_it_is_whole_after_every_kill(
    server: PostgresServer, call: str, start: Callable[[Connection], None], before: State, after: State
) -> None:
    whole: dict[State, list[tuple[object, ...]]] = {}

    def prepare() -> None:
        make_database(server, NAME)
        with connect(server, CREATOR, NAME) as connection:
            start(connection)
            assert read_state(connection) == before
        whole.setdefault(before, objects(server, NAME))

    def check() -> None:
        with connect(server, CREATOR, NAME) as connection:
            state = read_state(connection)
        assert state in (before, after)
        there = objects(server, NAME)
        assert whole.setdefault(state, there) == there  # the same to the last right and comment, whenever it is reached

    environ = {"TARGET": server.url(NAME, user=CREATOR, password=PASSWORD)}
    statements = kill_points(CODE.format(call=call), environ, check, prepare=prepare)
    assert statements >= 3
    assert set(whole) == {before, after}


def test_uninstalled_is_as_before(server: PostgresServer) -> None:
    make_database(server, NAME)
    empty = objects(server, NAME)
    with connect(server, CREATOR, NAME) as connection:
        install(connection)
        uninstall(connection)
    assert objects(server, NAME) == empty


@pytest.mark.parametrize(("around", "whole"), [("transaction.atomic()", True), ("nullcontext()", False)])
def test_the_kills_fall_between_djangos_statements_too(server: PostgresServer, around: str, whole: bool) -> None:
    def prepare() -> None:
        make_database(server, NAME)
        with connect(server, CREATOR, NAME) as connection:
            run(connection, f"CREATE SCHEMA {CREATOR} CREATE TABLE pairs (n int)")

    def check() -> None:
        (count,) = server.psql(f"SELECT count(*) FROM {CREATOR}.pairs", NAME)[0]
        assert count in (0, 2, 4), "half of a pair"

    environ = {"NAME": NAME, "ROLE": CREATOR, "SECRET": PASSWORD, "AT": str(server.port)}
    code = DJANGO.format(around=around)
    if whole:
        assert kill_points(code, environ, check, prepare=prepare) == 4  # BEGIN, INSERT, INSERT, COMMIT
    else:
        with pytest.raises(AssertionError, match="half of a pair"):
            kill_points(code, environ, check, prepare=prepare)
