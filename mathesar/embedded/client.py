"""`mathesar postgres`: PostgreSQL's own client programs, connected to the embedded server as its superuser."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mathesar.embedded import server
from mathesar.embedded.cluster import PORT, SUPERUSER, Cluster
from provisioner.localpg import account, binaries
from provisioner.localpg.errors import BinariesMissing, EmbeddedError

PROGRAMS = ("psql", "pg_dump", "pg_dumpall", "pg_restore")


def execute(data_dir: Path, program: str, arguments: Sequence[str]) -> NoReturn:
    """Become the program; the password goes with its environment and never stands in a command line.

    Raises EmbeddedError where the server does not run or its installation has no such program.
    """
    cluster = _running(data_dir.absolute() / "postgres")
    path = cluster.binaries.bin / program
    if not os.access(path, os.X_OK):
        raise BinariesMissing(f"The PostgreSQL in {cluster.binaries.bin} comes without {program}.")
    connection = {
        "PGHOST": str(cluster.socket_folder), "PGPORT": str(PORT), "PGUSER": SUPERUSER, "PGDATABASE": "postgres",
        "PGPASSWORD": cluster.password().get_secret_value(),
    }  # fmt: skip
    os.execve(path, [program, *arguments], {**os.environ, **connection})  # noqa: S606 - that is the point: no shell


def _running(parent: Path) -> Cluster:
    """Return the cluster under `parent` whose server runs."""
    for home in sorted(parent.glob("[0-9]*")):
        if (home / "data" / "postmaster.pid").exists():
            programs = binaries.choose([int(home.name)])
            cluster = Cluster(home, programs, account.choose(os.environ, home / "data"))
            if server.is_running(cluster):
                return cluster
    raise EmbeddedError(f"No PostgreSQL of {parent} runs. Start it: `mathesar start`, or the container.")
