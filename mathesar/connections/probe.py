"""One live look at a database: does it answer, which one is it, which version."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import psycopg

from mathesar import current
from mathesar.database.authority import with_authority
from mathesar.database.connection import failure_code

if TYPE_CHECKING:
    from provisioner.dsn import DatabaseUrl

LIMIT_SECONDS = 5.0
MOST_ADDRESSES = 2  # libpq waits no less than 2 s for each


@dataclass(frozen=True)
class Result:
    """What was seen; `code` is dns, refused, timeout, tls, auth, no-database, other or ""."""

    status: Literal["connected", "unreachable"]
    code: str = ""
    server_version: str = ""
    identity: str = ""


def look(url: DatabaseUrl) -> Result:
    """Connect, ask for version and identity, and disconnect; in `LIMIT_SECONDS` once the name is resolved.

    Never raises for what the server or the network does, and never tells their words: only a code of a closed
    list.
    """
    code = "other"
    try:
        addresses = _resolve(url)
        end = time.monotonic() + LIMIT_SECONDS
        connection = _connect(url, addresses)
        with _cut_off(connection, end), connection:
            return _ask(connection, url)
    except OSError:
        code = "dns"
    except psycopg.errors.ConnectionTimeout:
        code = "timeout"
    except psycopg.errors.QueryCanceled:
        code = "timeout"
    except psycopg.Error as error:
        code = _SQLSTATES.get(error.sqlstate or "") or failure_code(str(error))
    return Result("unreachable", code)


_SQLSTATES = {"28P01": "auth", "28000": "auth", "3D000": "no-database"}


def _resolve(url: DatabaseUrl) -> list[dict[str, str]]:
    """Return host, hostaddr and port of the first addresses; resolving here bounds how many are tried."""
    found: list[dict[str, str]] = []
    ports = url.port.split(",")
    hosts = url.host.split(",")
    for place, host in enumerate(hosts):
        port = ports[place] if len(ports) == len(hosts) else ports[0]
        if host.startswith(("/", "@")):
            found.append({"host": host, "port": port})
            continue
        for answer in socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM):
            found.append({"host": host, "hostaddr": str(answer[4][0]), "port": port})
    return found[:MOST_ADDRESSES]


def _connect(url: DatabaseUrl, addresses: list[dict[str, str]]) -> psycopg.Connection[Any]:
    columns = {name: ",".join(each.get(name, "") for each in addresses) for name in ("host", "hostaddr", "port")}
    if not columns["hostaddr"].strip(","):
        del columns["hostaddr"]
    seconds = str(max(2, int(LIMIT_SECONDS - 1) // len(addresses)))
    settings = {"connect_timeout": seconds, "application_name": "mathesar", "gssencmode": "disable"}
    authority = current.get_plan().ca_certificate
    return psycopg.connect(
        **with_authority({**url.conninfo(), **settings, **columns}, authority), prepare_threshold=None
    )


@contextlib.contextmanager
def _cut_off(connection: psycopg.Connection[Any], end: float) -> Iterator[None]:
    """Close the socket under a server that took the connection and then fell silent."""
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as wire:

        def cut() -> None:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(0.1, end - time.monotonic()), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _ask(connection: psycopg.Connection[Any], url: DatabaseUrl) -> Result:
    connection.execute("SET LOCAL statement_timeout = '2s'")
    row = connection.execute(
        "SELECT current_setting('server_version'), d.oid::text,"
        " has_function_privilege('pg_control_system()', 'execute')"
        " FROM pg_database d WHERE d.datname = current_database()"
    ).fetchone()
    if row is None:
        return Result("unreachable", "other")
    version, oid, may_ask = row
    if may_ask:
        system = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
        identity = f"system:{system[0] if system else ''}/{oid}"
    else:  # a weaker mark: the same object number at the same address
        place = hashlib.sha256(url.target().encode()).hexdigest()[:24]
        identity = f"place:{place}/{oid}"
    return Result("connected", "", str(version).split(" ")[0], identity)
