"""The managed PostgreSQL of a rehearsal: its own data in the keeper's folder, its role as the platform makes it."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from provisioner.localpg import account, binaries

from .address import free_port
from .keeper import Keeper

FIRST = "postgres"  # the database that initdb makes
START_SECONDS = 20.0
RESERVED = 3  # as the platforms leave PostgreSQL's default
SPARE = 3  # for the rehearsal's own looks
_ENVIRON = {"PATH": os.defpath, "LC_ALL": "C"}
_SETTINGS = {  # nothing of a rehearsal has to survive the machine
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "listen_addresses": "127.0.0.1", "shared_buffers": "32MB", "log_destination": "stderr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Privileges:
    """What the role of the platform's database may do."""

    superuser: bool = False
    createdb: bool = False
    createrole: bool = False
    owner: bool = True
    create_in_public: bool = True
    create_schemas: bool = True


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its password, and its database."""

    name: str
    password: str
    dbname: str


class Server:
    """One PostgreSQL; `start` makes it, the keeper ends it. Raises EmbeddedError and OSError."""

    def __init__(self, keeper: Keeper, connection_limit: int) -> None:
        self.keeper, self.limit = keeper, connection_limit
        self.folder = keeper.folder / "postgres"
        self.port = free_port()
        self.superuser = f"rehearsal_{secrets.token_hex(6)}"  # a manifest may give any name to its own role
        self._password = secrets.token_hex(16)
        self._runner = account.choose(os.environ, self.folder / "data")
        self._programs = binaries.choose([])
        if self._runner.switch and account.first_closed_folder(self._programs.bin, self._runner) is not None:
            self._programs = self._programs.copied_to(keeper.folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def version(self) -> str:
        """The server's version, such as 18.6."""
        return self._programs.version

    def start(self) -> None:
        """Make the data and start the server. Raises EmbeddedError, OSError or RuntimeError."""
        self.folder.mkdir(0o700)
        self._runner.give(self.folder)
        file = self.keeper.folder / "password"
        file.touch(0o600)
        file.write_text(self._password)
        self._runner.give(file)
        try:
            self._run("initdb", "-D", "data", "-U", self.superuser, f"--pwfile={file}", "-A", "scram-sha-256",
                      "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")  # fmt: skip
        finally:
            file.unlink()  # the app runs as the account that may read it
        self.launch()

    def launch(self) -> None:
        """Start the server on its data (again), and wait until it answers. Raises RuntimeError."""
        settings = _SETTINGS | {
            "port": str(self.port),
            "max_connections": str(self.limit + SPARE),
            "unix_socket_directories": "",
            "superuser_reserved_connections": str(RESERVED),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.keeper.folder / "postgres.log").open("ab") as log:
            self._process = self.keeper.start(
                [self._programs.bin / "postgres", "-D", "data", *options],
                env=_ENVIRON,
                cwd=self.folder,
                output=log,
                account=self._runner.process_options,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.admin("SELECT 1")
            except OSError:
                time.sleep(0.03)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start: {self._end_of_log()}")

    def stop(self) -> None:
        """Stop it as a platform's maintenance does: connections are ended."""
        if self._process is not None:
            self._process.send_signal(2)  # SIGINT: "fast shutdown"
            self._process.wait(20)
            self._process = None

    def make_role(self, name: str, dbname: str, rights: Privileges) -> Role:
        """Make a role with a new password and its database, as the platform does. Raises OSError."""
        role = Role(name, secrets.token_urlsafe(18), dbname)
        wanted = {"SUPERUSER": rights.superuser, "CREATEDB": rights.createdb, "CREATEROLE": rights.createrole}
        flags = [word if granted else f"NO{word}" for word, granted in wanted.items()]
        self.admin(f"CREATE ROLE {_name(name)} LOGIN {' '.join(flags)} PASSWORD '{role.password}'")
        if dbname != FIRST:
            self.admin(f"CREATE DATABASE {_name(dbname)}")
        if rights.owner:
            self.admin(f"ALTER DATABASE {_name(dbname)} OWNER TO {_name(name)}")
        if not rights.owner:
            allowed = "CREATE, CONNECT, TEMPORARY" if rights.create_schemas else "CONNECT, TEMPORARY"
            self.admin(f"GRANT {allowed} ON DATABASE {_name(dbname)} TO {_name(name)}")
        verb = "GRANT CREATE ON SCHEMA public TO" if rights.create_in_public else "REVOKE CREATE ON SCHEMA public FROM"
        self.admin(f"{verb} {_name(name)}", dbname=dbname)
        return role

    def rotate(self, role: Role) -> Role:
        """Give the role another password, as a rotation of credentials does; its connections are ended."""
        fresh = Role(role.name, secrets.token_urlsafe(18), role.dbname)
        self.admin(f"ALTER ROLE {_name(role.name)} PASSWORD '{fresh.password}'")
        self.admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", role.name)
        return fresh

    def admin(self, statement: str, *values: str, dbname: str = FIRST) -> list[tuple[Any, ...]]:
        """Run one statement as the superuser; raises OSError where the server does not answer, RuntimeError else."""
        import psycopg

        place = psycopg.conninfo.make_conninfo(
            host="127.0.0.1",
            port=self.port,
            user=self.superuser,
            password=self._password,
            dbname=dbname,
            connect_timeout=5,
        )
        try:
            with psycopg.connect(place, autocommit=True) as connection:
                cursor = connection.execute(statement.encode(), values or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as problem:
            raise OSError(str(problem)) from None
        except psycopg.Error as problem:
            # Its whole text may quote the statement, and that a password.
            raise RuntimeError(problem.diag.message_primary or type(problem).__name__) from None

    def _run(self, program: str, *arguments: str) -> None:
        log = self.keeper.folder / "initdb.log"
        with log.open("wb") as output:
            process = self.keeper.start(
                [self._programs.bin / program, *arguments],
                env=_ENVIRON,
                cwd=self.folder,
                output=output,
                account=self._runner.process_options,
            )
        if process.wait() != 0:
            raise RuntimeError(f"{program} failed: {log.read_text(errors='replace')[-500:]}")

    def _end_of_log(self) -> str:
        return (self.keeper.folder / "postgres.log").read_text(errors="replace")[-500:]


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
