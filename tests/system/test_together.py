"""Twelve processes start at once on an empty database; one of them is killed at a random moment."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.pgbouncer import PgBouncer
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar

PROCESSES = 12
NAMES = ("archive", "sales", "staff")
KEY = "5bd2e8a77c1a4f0f9d1be3c8a0a6f4de7b3a91c2d4e5f60718293a4b5c6d7e8f"


def one_round(server: PostgresServer, url: str, database: str, *, seed: int, processes: int = PROCESSES) -> None:
    """Start all on an empty database, kill one, and look at what all the others left."""
    chance = random.Random(seed)
    server.create_database(database)
    entries = ",".join(f"({name}|{server.url(name)})" for name in NAMES)
    with tempfile.TemporaryDirectory(prefix="mts") as folder:
        common = {
            "DATABASE_URL": url, "MATHESAR_DATABASES": entries, "SECRET_KEY": KEY, "WEB_CONCURRENCY": "1",
            "MATHESAR_DATA_DIR": str(Path(folder)),
        }  # fmt: skip
        running = [Mathesar({**common, "PORT": str(free_port())}) for _ in range(processes)]
        try:
            time.sleep(chance.uniform(0, 4))
            victim = running.pop(chance.randrange(processes))
            os.killpg(victim.process.pid, signal.SIGKILL)
            victim.process.wait()
            victim.remove()
            for each in running:
                each.wait("/readyz", seconds=150)
        finally:
            for each in running:
                each.process.send_signal(signal.SIGTERM)
            for each in running:
                each.remove()
    check_rows(server, database)


def check_rows(server: PostgresServer, database: str) -> None:
    """Everything is there once: migrations, what runs after them, the start-up row and the entries."""
    migrations = Counter(server.psql("SELECT app, name FROM mathesar_internal.django_migrations", database))
    assert migrations, "no migration ran"
    assert set(migrations.values()) == {1}
    assert server.psql("SELECT count(*), count(canary), count(prepared) FROM mathesar_internal.boot", database) == [
        (1, 1, 1)
    ]
    rows = server.psql("SELECT key FROM mathesar_internal.connections_database ORDER BY key", database)
    assert rows == [(name,) for name in sorted((*NAMES, "default"))]
    permissions = server.psql(
        "SELECT count(*), count(DISTINCT (content_type_id, codename)) FROM mathesar_internal.auth_permission", database
    )
    count, distinct = permissions[0]
    assert int(str(count)) > 0
    assert count == distinct
    assert server.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database) == [(0,)]
    # Nothing of a killed or stopped process is left holding the lock, once the server has seen its end.
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    end = time.monotonic() + 10
    while server.psql(held, database) != [(0,)] and time.monotonic() < end:
        time.sleep(0.05)
    assert server.psql(held, database) == [(0,)]


@pytest.mark.parametrize("seed", [1])
def test_start_together_directly(server: PostgresServer, seed: int) -> None:
    one_round(server, server.url("together"), "together", seed=seed)


@pytest.mark.parametrize("seed", [2])
def test_start_together_through_a_transaction_pooler(server: PostgresServer, pooler: PgBouncer, seed: int) -> None:
    one_round(server, pooler.url("pooled"), "pooled", seed=seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(100, 120))
def test_twenty_rounds_directly(server: PostgresServer, seed: int) -> None:
    one_round(server, server.url("together"), "together", seed=seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(200, 220))
def test_twenty_rounds_through_a_transaction_pooler(server: PostgresServer, pooler: PgBouncer, seed: int) -> None:
    one_round(server, pooler.url("pooled"), "pooled", seed=seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(300, 305))
def test_connections_cut_during_the_first_start(server: PostgresServer, seed: int) -> None:
    """Cut every connection at random moments while the first start works; it begins again and ends whole."""
    chance = random.Random(seed)
    server.create_database("cut")
    entries = ",".join(f"({name}|{server.url(name)})" for name in NAMES)
    with tempfile.TemporaryDirectory(prefix="mts") as folder:
        environ = {
            "DATABASE_URL": server.url("cut"), "MATHESAR_DATABASES": entries, "SECRET_KEY": KEY,
            "WEB_CONCURRENCY": "1", "MATHESAR_DATA_DIR": folder, "PORT": str(free_port()),
        }  # fmt: skip
        with Mathesar(environ) as process:
            end = time.monotonic() + 60
            while not server.psql("SELECT 1 FROM pg_stat_activity WHERE datname = 'cut'"):
                assert time.monotonic() < end, process.log
                time.sleep(0.01)
            cut = 0
            for _ in range(6):
                time.sleep(chance.uniform(0.05, 0.4))
                cut += len(server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'"))
            process.wait("/readyz")
            print(f"{cut} connections cut")
            assert cut
    check_rows(server, "cut")
