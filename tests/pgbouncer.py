"""A real PgBouncer for tests, in transaction mode before a test server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType

from tests.postgres import (
    PASSWORD,
    SUPERUSER,
    PostgresServer,
    free_port,
    make_own_folder,
    ordinary_user,
    wait_for_port,
)

ABSENT = "pgbouncer is not installed on this machine"


def find_pgbouncer() -> str | None:
    """Return the path of pgbouncer, or None."""
    return shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin:/opt/homebrew/bin")


class PgBouncer:
    """One pooler in front of one `PostgresServer`; `ignore_options` makes it drop `options=` silently."""

    def __init__(
        self,
        server: PostgresServer,
        *,
        pool_mode: str = "transaction",
        pool_size: int = 5,
        ignore_options: bool = False,
        users: dict[str, str] | None = None,
    ) -> None:
        self.server = server
        self.pool_mode = pool_mode
        self.pool_size = pool_size
        self.ignore_options = ignore_options
        self.users = {SUPERUSER: PASSWORD, **(users or {})}
        self.port = free_port()
        self.folder = Path()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> PgBouncer:
        """Write its configuration, start it and wait until it listens."""
        self.folder = make_own_folder("pgb")
        accounts = "".join(f'"{user}" "{password}"\n' for user, password in self.users.items())
        (self.folder / "users.txt").write_text(accounts)
        ignored = "extra_float_digits" + (",options" if self.ignore_options else "")
        (self.folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={self.server.folder} port={self.server.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"auth_type = scram-sha-256\nauth_file = {self.folder / 'users.txt'}\n"
            f"pool_mode = {self.pool_mode}\ndefault_pool_size = {self.pool_size}\nmax_client_conn = 200\n"
            f"ignore_startup_parameters = {ignored}\n"
        )
        program = find_pgbouncer()
        if program is None:
            raise FileNotFoundError(ABSENT)
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [program, str(self.folder / "pgbouncer.ini")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **ordinary_user(),
            )
        wait_for_port(self.port)
        return self

    def stop(self) -> None:
        """End the process and remove its folder."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, dbname: str = "postgres", *, user: str = SUPERUSER, password: str = PASSWORD) -> str:
        """Return a URL that goes through this pooler."""
        return self.server.url(dbname, user=user, password=password, port=self.port)

    def __enter__(self) -> PgBouncer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
