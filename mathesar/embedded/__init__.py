"""A PostgreSQL of our own with a sample database, for a machine that names no database.

Each major version has one folder, ``<data_dir>/postgres/<major>/``: data, log, password and socket.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from mathesar.embedded import sample, server
from mathesar.embedded.cluster import Cluster
from mathesar.embedded.server import EmbeddedServer
from provisioner import DatabaseEntry
from provisioner.localpg import account, binaries
from provisioner.localpg.errors import (
    AccountUnusable,
    BinariesMissing,
    EmbeddedError,
    ServerFailed,
    VersionChanged,
)

__all__ = [
    "AccountUnusable",
    "BinariesMissing",
    "EmbeddedError",
    "EmbeddedServer",
    "ServerFailed",
    "VersionChanged",
    "start",
]


def start(data_dir: Path) -> EmbeddedServer:
    """Start the embedded PostgreSQL under ``data_dir`` (or find it running); make the sample database once.

    Safe to call from several processes at once. Raises EmbeddedError.
    """
    try:
        return _start(data_dir.absolute())
    except OSError as error:
        raise EmbeddedError(
            f"The data directory cannot be used: {error.strerror or error} ({error.filename or data_dir}). "
            "Name another one in MATHESAR_DATA_DIR."
        ) from None


def _start(data_dir: Path) -> EmbeddedServer:
    parent = data_dir / "postgres"
    majors = [int(path.parent.parent.name) for path in parent.glob("[0-9]*/data/PG_VERSION")]
    programs = binaries.choose(majors)
    home = parent / str(programs.major)
    with server.starting(home):
        runner = account.choose(os.environ, home / "data")
        if runner.switch and programs.bundled:
            programs = programs.copied_to(home)
        cluster = Cluster(home, programs, runner)
        cluster.prepare()
        users = server.join(home)
        try:
            server.launch(cluster, users)
            sample.ensure(cluster)
        except BaseException:  # a Ctrl-C too must not leave a server behind that nobody stops
            with contextlib.closing(users), contextlib.suppress(EmbeddedError):
                server.stop_unless_used(cluster, users)
            raise
    entry = DatabaseEntry(
        sample.NAME, cluster.url(sample.OWNER, sample.NAME), variable="MATHESAR_DATA_DIR", label=sample.LABEL
    )
    return EmbeddedServer(cluster, entry, users)
