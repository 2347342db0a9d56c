"""Reaching the internal database, and being alone in it."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import psycopg
import pytest

from mathesar.boot import wait
from mathesar.boot.lock import AdvisoryLock, FileLock
from mathesar.boot.messages import BootError, LockLost
from mathesar.boot.store import BootRow, Store, postgres_store, sqlite_store
from provisioner.dsn import parse_database_url
from provisioner.entries import DatabaseEntry
from provisioner.failure_codes import failure_code
from tests.postgres import PostgresServer, free_port

FAILURES = [
    ('could not translate host name "ssl.example" to address: Name or service not known', "dns"),
    ('connection to server at "password.example" (192.0.2.7), port 5432 failed: Connection refused', "refused"),
    ('connection to server at "db" (10.0.0.1), port 5432 failed: timeout expired', "timeout"),
    ('connection to server at "ssl.db" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user '
     '"ssl"', "auth"),
    ('connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  database "ssl_password" does not exist',
     "no-database"),
    ('connection to server at "db" (10.0.0.1), port 5432 failed: server does not support SSL, but SSL was required',
     "tls"),
    ('connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  sorry, too many clients already', "too-many"),
    ('connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  the database system is starting up', "other"),
]  # fmt: skip


def entry(url: str) -> DatabaseEntry:
    parsed = parse_database_url(url, profile="local")
    assert parsed is not None
    return DatabaseEntry("internal", parsed, variable="DATABASE_URL")


@pytest.mark.parametrize(("text", "code"), FAILURES)
def test_failure_code(text: str, code: str) -> None:
    assert failure_code(text) == code


def test_nothing_listens() -> None:
    lines: list[str] = []
    with pytest.raises(BootError) as caught:
        wait.connect(entry(f"postgresql://u:s3cret-word@127.0.0.1:{free_port()}/d"), limit=1.5, log=lines.append)
    finding = caught.value.findings[0]
    assert (finding.kind, finding.variable) == ("internal-refused", "DATABASE_URL")
    assert lines
    assert "s3cret-word" not in "".join(lines) + str(caught.value) + finding.hint


@pytest.mark.parametrize(
    ("parts", "kind"),
    [({"password": "wrong-one"}, "internal-auth"), ({"dbname": "nowhere"}, "internal-no-database")],
)  # fmt: skip
def test_what_does_not_pass_is_said_after_a_few_tries(server: PostgresServer, parts: dict[str, str], kind: str) -> None:
    begun = time.monotonic()
    with pytest.raises(BootError) as caught:
        wait.connect(entry(server.url(**parts)), log=lambda _: None)
    assert caught.value.findings[0].kind == kind
    assert time.monotonic() - begun < wait.LIMIT  # it did not wait to the end


def test_server_without_tls(server: PostgresServer) -> None:
    with pytest.raises(BootError) as caught:
        wait.connect(entry(server.url(sslmode="require")), limit=2, log=lambda _: None)
    assert caught.value.findings[0].kind == "internal-tls"


def test_a_server_that_comes_back_is_reached(server: PostgresServer) -> None:
    server.halt()
    try:
        lines: list[str] = []

        def launch(line: str) -> None:
            lines.append(line)
            if len(lines) == 1:
                server.launch()

        with wait.connect(entry(server.url()), log=launch) as connection:
            assert connection.autocommit
    finally:
        if not lines:
            server.launch()


def connect(server: PostgresServer) -> psycopg.Connection[tuple[object, ...]]:
    return wait.connect(entry(server.url()))


def test_one_holder_at_a_time(server: PostgresServer) -> None:
    with AdvisoryLock(connect(server), variable="DATABASE_URL") as held:
        held.check()
        second = AdvisoryLock(connect(server), variable="DATABASE_URL", limit=1)
        with pytest.raises(BootError) as caught, second:
            pass
        assert caught.value.findings[0].kind == "start-lock-timeout"
        second.connection.close()
    with AdvisoryLock(connect(server), variable="DATABASE_URL", limit=1):
        pass


def test_lost_connection_is_noticed_and_frees_the_lock(server: PostgresServer) -> None:
    with AdvisoryLock(connect(server), variable="DATABASE_URL") as held:
        pid = held.connection.info.backend_pid
        server.psql(f"SELECT pg_terminate_backend({pid})")
        with pytest.raises(LockLost):
            held.check()
        with AdvisoryLock(connect(server), variable="DATABASE_URL", limit=5):
            pass


def test_file_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path) as held:
        held.check()
        with pytest.raises(BootError), FileLock(path, limit=0.5):
            pass
    descriptor = os.open(path, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)


@pytest.fixture(params=["postgres", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    if request.param == "sqlite":
        made = sqlite_store(tmp_path)
    else:
        server: PostgresServer = request.getfixturevalue("server")
        made = postgres_store(wait.connect(entry(server.create_database("store"))))
    yield made
    made.close()


def test_store_keeps_one_row(store: Store) -> None:
    assert store.read().canary is None
    assert store.applied_migrations() == frozenset()
    store.create()
    store.create()
    assert store.read() == BootRow()
    store.save(wrapped_key="w")
    store.save(canary="c", prepared="p")
    row = store.read()
    assert (row.wrapped_key, row.canary, row.prepared) == ("w", "c", "p")
    with pytest.raises(Exception, match=r"(?i)constraint"):
        store.connection.execute(f"INSERT INTO {store.prefix}boot (id) VALUES (2)")
