"""One PostgreSQL for all these tests: making its data takes longer than everything else in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provisioner.localpg.errors import EmbeddedError
from provisioner.rehearsal import session as session_module
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.server import FIRST, Server


@pytest.fixture(scope="session")
def running_server() -> Iterator[Server]:
    """A server as a rehearsal has it."""
    with Keeper() as keeper:
        try:
            server = Server(keeper, 40)
        except EmbeddedError:
            pytest.skip("no PostgreSQL server binaries on this machine")
        server.start()
        yield server
        server.stop()


@pytest.fixture
def server(running_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The same server, empty again after the test; sessions take it in place of one of their own."""
    monkeypatch.setattr(session_module, "Server", lambda _keeper, _limit: running_server)
    monkeypatch.setattr(running_server, "start", lambda: None)
    yield running_server
    running_server.limit = 40
    for (name,) in running_server.admin("SELECT datname FROM pg_database WHERE datname NOT LIKE 'template_'"):
        if name != FIRST:
            running_server.admin(f"DROP DATABASE {quoted(name)} WITH (FORCE)")
    running_server.admin(f"ALTER DATABASE {FIRST} OWNER TO {running_server.superuser}")
    for (name,) in running_server.admin("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'"):
        if name != running_server.superuser:
            running_server.admin(f"DROP OWNED BY {quoted(name)}")
            running_server.admin(f"DROP ROLE {quoted(name)}")


def quoted(name: str) -> str:
    """Return the name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
