"""The small commands, on a person's own machine and on a platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platforms.environments import render
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar, run

PASSWORD = {"DJANGO_SUPERUSER_PASSWORD": "a long pass phrase 1815"}
SUPERUSER = ["createsuperuser", "--noinput", "--username", "ada"]


def test_version_and_help_need_no_environment() -> None:
    assert run(["--version"], {}).stdout.startswith("mathesar, version ")
    for command in ("start", "release", "serve", "createsuperuser", "changepassword", "detach"):
        assert command in run(["--help"], {}).stdout


def test_superuser_before_the_first_start(tmp_path: Path) -> None:
    environ = {"MATHESAR_DATA_DIR": str(tmp_path), **PASSWORD}
    made = run(SUPERUSER, environ)
    assert (made.returncode, made.stderr) == (0, "")
    again = run(SUPERUSER, environ)
    assert again.returncode == 1
    assert "already taken" in again.stderr
    assert "Traceback" not in again.stderr
    assert not (tmp_path / "postgres").exists()  # a command starts no PostgreSQL


def test_command_on_a_platform_never_migrates(server: PostgresServer, address: str, sslmode: str | None) -> None:
    server.create_database("commands")
    environ = render(server.url("commands", host=address, sslmode=sslmode))
    refused = run(SUPERUSER, {**environ, **PASSWORD})
    assert refused.returncode == 1
    assert "MP510" in refused.stderr
    assert server.psql("SELECT 1 FROM pg_tables WHERE schemaname = 'mathesar_internal'", "commands") == []
    assert run(["release"], environ).returncode == 0
    assert run(SUPERUSER, {**environ, **PASSWORD}).returncode == 0


def test_detach_releases_a_missing_entry_and_no_other(
    server: PostgresServer, address: str, sslmode: str | None
) -> None:
    server.create_database("commands")
    server.create_database("sales")
    environ = render(server.url("commands", host=address, sslmode=sslmode), free_port())
    listed = f"(Sales|{server.url('sales', host=address, sslmode=sslmode)})"
    assert run(["release"], environ | {"MATHESAR_DATABASES": listed}).returncode == 0
    named = run(["detach", "Sales"], environ | {"MATHESAR_DATABASES": listed})
    assert named.returncode == 1
    assert "MATHESAR_DATABASES" in named.stderr
    with Mathesar(environ) as process:
        process.wait("/readyz")
    states = "SELECT status FROM mathesar_internal.connections_database WHERE key = 'sales'"
    assert server.psql(states, "commands") == [("missing",)]
    detached = run(["detach", "sales"], environ)
    assert detached.returncode == 0, detached.stderr
    assert server.psql(states, "commands") == [("detached",)]
    unknown = run(["detach", "nothing"], environ)
    assert unknown.returncode == 1
    assert "nothing" in unknown.stderr


@pytest.mark.parametrize("command", ["start", "release", "serve", "createsuperuser"])
def test_every_finding_at_once_and_no_value(command: str) -> None:
    environ = {"RENDER": "true", "DATABASE_URL": "mysql://u:planted-Passw0rd@db/x", "SECRET_KEY": "planted-short"}
    refused = run([command], environ)
    assert refused.returncode == 1
    for expected in ("DATABASE_URL", "SECRET_KEY"):
        assert expected in refused.stderr
    assert "planted" not in refused.stderr + refused.stdout
    assert "Traceback" not in refused.stderr
