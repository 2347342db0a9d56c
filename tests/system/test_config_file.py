"""A real process that is configured by a file: it serves, and the file's secrets are in no process's environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, free_port
from tests.system.process import COMMAND, ROOT, Mathesar, run

KEY = "pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi6oRt1WqNzMxVyBkEhC"


@pytest.fixture
def config(server: PostgresServer, address: str, sslmode: str | None, tmp_path: Path) -> Path:
    """Give a file that names an internal database and another one."""
    for name in ("configured", "shown"):
        server.create_database(name)
    path = tmp_path / "mathesar.toml"
    path.write_text(
        f'database_url = "{server.url("configured", host=address, sslmode=sslmode)}"\n'
        f'secret_key = "{KEY}"\ndata_dir = "{tmp_path / "data"}"\nport = {free_port()}\nweb_concurrency = 1\n'
        f'[databases]\n"Shown & told" = "{server.url("shown", host=address, sslmode=sslmode)}"\n'
    )
    path.chmod(0o600)
    return path


def environments_of(group: int) -> list[str]:
    """Return the environments and arguments of every process of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                found += [(entry / part).read_bytes().decode(errors="replace") for part in ("environ", "cmdline")]
        except OSError:  # it has ended meanwhile
            continue
    return found


def test_start_from_a_file(config: Path, server: PostgresServer) -> None:
    port = free_port()
    environ = {"PORT": str(port)}  # goes before the file's
    with Mathesar(environ, program=(*COMMAND, "--config", str(config), "start")) as process:
        process.wait("/readyz")
        told = environments_of(process.process.pid)
        assert len(told) >= 4  # a master and a worker
        assert not [text for text in told if KEY in text or "postgresql://" in text]
        assert KEY not in process.log
    names = "SELECT name FROM mathesar_internal.connections_database WHERE key <> 'default'"
    assert server.psql(names, "configured") == [("Shown & told",)]


def test_the_other_commands_read_it_too(config: Path) -> None:
    environ = {"MATHESAR_CONFIG": str(config)}
    made = run(["createsuperuser", "--noinput", "--username", "ada"], environ | {"DJANGO_SUPERUSER_PASSWORD": KEY})
    assert (made.returncode, made.stderr) == (0, "")


def test_a_bare_management_command_reads_it_too(tmp_path: Path) -> None:
    path = tmp_path / "mathesar.toml"
    path.write_text('allowed_hosts = ["data.example.com"]\n')
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MATHESAR_CONFIG": str(path)}
    environ["DJANGO_SETTINGS_MODULE"] = "mathesar.settings"
    program = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert "'data.example.com'" in done.stdout
