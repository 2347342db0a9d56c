"""The backend on real servers: direct, through PgBouncer, and one that drops options silently."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mathesar import plans
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.postgres import PostgresServer, find_binaries, system_binaries

EXERCISE = Path(__file__).with_name("exercise.py")
ROLE, PASSWORD = "app", "päss w%rd'1"


@pytest.fixture(scope="module", params=["wheel or system", "system"])
def postgres(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    binaries = find_binaries() if request.param == "wheel or system" else system_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    if request.param == "system" and binaries == find_binaries():
        pytest.skip("the system's server is the one tested already")
    with PostgresServer(binaries) as running:
        running.create_role(ROLE, PASSWORD)
        yield running


@pytest.fixture(params=["direct", "pgbouncer", "pgbouncer that drops options"])
def port(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[int]:
    if request.param == "direct":
        yield postgres.port
        return
    if find_pgbouncer() is None:
        pytest.skip(ABSENT)
    silent = request.param != "pgbouncer"
    with PgBouncer(postgres, pool_size=5, ignore_options=silent, users={ROLE: PASSWORD}) as pooler:
        yield pooler.port


def exercise(url: str, pool: str) -> dict[str, object]:
    """Run the exercise in a process of its own, as settings are read once in a process."""
    environ = {
        "SECRET_KEY": plans.KEY,
        "MATHESAR_INTERNAL_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "mathesar.settings",
    }
    command = [sys.executable, "-W", "error", str(EXERCISE), pool]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("pool", ["pool", "no-pool"])
def test_everything_lands_in_our_schema(postgres: PostgresServer, port: int, pool: str) -> None:
    postgres.create_database("shop", owner=ROLE)
    postgres.psql('CREATE SCHEMA mathesar_internal AUTHORIZATION "app"', "shop")
    postgres.psql("CREATE TABLE public.customers (id int)", "shop")
    url = postgres.url("shop", user=ROLE, password=PASSWORD, port=port)
    seen = exercise(url, pool)
    assert seen == {
        "migrated": True,
        "threads": 48,
        "savepoint": "kept",
        "rolled_back": 0,
        "session": "blue",
        "path": "mathesar_internal",
        "autocommit_off": 1,
        "concurrent_paths": ["mathesar_internal"],
        "table_visible": True,
    }
    tables = postgres.psql(
        "SELECT schemaname, count(*) FROM pg_tables WHERE schemaname NOT LIKE 'pg%' "
        "AND schemaname <> 'information_schema' GROUP BY 1 ORDER BY 1",
        "shop",
    )
    assert tables == [("mathesar_internal", tables[0][1]), ("public", 1)]
    assert postgres.psql("SELECT count(*) FROM pg_db_role_setting") == [(0,)]


def test_pooled_connections_of_others_keep_their_own_path(postgres: PostgresServer, port: int) -> None:
    import psycopg

    postgres.create_database("shop", owner=ROLE)
    postgres.psql('CREATE SCHEMA mathesar_internal AUTHORIZATION "app"', "shop")
    exercise(postgres.url("shop", user=ROLE, password=PASSWORD, port=port), "pool")
    with psycopg.connect(postgres.url("shop", user=ROLE, password=PASSWORD, port=port)) as other:
        assert other.execute("SHOW search_path").fetchall() == [('"$user", public',)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"password": "wrong-" + "secret"}, "auth"),
        ({"port": 1}, "refused"),
        ({"host": "no-such-host.invalid"}, "dns"),
    ],
)
def test_failure_says_a_code_and_no_secret(postgres: PostgresServer, change: dict[str, object], code: str) -> None:
    url = postgres.url("shop", **{"user": ROLE, "password": PASSWORD, **change})  # type: ignore[arg-type]
    environ = {
        "SECRET_KEY": plans.KEY,
        "MATHESAR_INTERNAL_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "mathesar.settings",
    }
    done = subprocess.run(
        [sys.executable, str(EXERCISE), "connect"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert f"Cannot connect to the internal database ({code})." in done.stderr
    for part in ("wrong-", "päss", "p%C3%A4ss", "rd'1"):
        assert part not in done.stderr + done.stdout
