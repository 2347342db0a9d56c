"""One bounded connection to a user's database, that gives nothing away.

The name is looked up once and every address is checked before any is connected to, so that the name server
cannot send us elsewhere in between. Nothing ambient takes part: no PG* variable, no password file, no service
file. A server that asks for the password in clear text does not get it, unless the URL itself says so.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import queue
import socket
import threading
import time
from typing import Any

import psycopg

from provisioner.authority import with_authority
from provisioner.database_url import DatabaseUrl
from provisioner.failure_codes import failure_code, sqlstate_code
from provisioner.findings import ProvisionerError
from provisioner.hosts import HostRefused, Profile, check_host
from provisioner.watch import cut_off

__all__ = ["LIMIT_SECONDS", "ConnectFailed", "connect", "cut_off"]

LIMIT_SECONDS = 5.0
MOST_ADDRESSES = 2  # libpq waits no less than 2 s for each


class ConnectFailed(ProvisionerError):
    """No connection; `code` is dns, refused, timeout, tls, auth, cleartext, no-database, too-many, host-blocked
    or other. No word of the server is in it."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code, self.what = code, what


def connect(
    url: DatabaseUrl,
    *,
    profile: Profile,
    authority: str | None = None,
    block_private: bool = False,
    seconds: float = LIMIT_SECONDS,
) -> psycopg.Connection[Any]:
    """Return an autocommit connection, or fail within about `seconds`.

    `authority` is a certificate authority (PEM) for sslmodes that verify. It prepares no statements, so that
    transaction poolers do no harm.

    Raises:
        ConnectFailed: with the reason.
    """
    _forget_environment()
    end = time.monotonic() + seconds
    addresses = _resolve(url, profile, block_private, seconds)
    columns = {name: ",".join(each.get(name, "") for each in addresses) for name in ("host", "hostaddr", "port")}
    if not columns["hostaddr"].strip(","):
        del columns["hostaddr"]
    left = max(2, int(end - time.monotonic()) // len(addresses))
    settings = {"require_auth": "!password", **url.conninfo(), "connect_timeout": str(left), "gssencmode": "disable"}
    keywords = with_authority({**settings, **columns}, authority)
    code = "other"
    try:
        return psycopg.connect(**keywords, autocommit=True, prepare_threshold=None)
    except psycopg.errors.ConnectionTimeout:
        code = "timeout"
    except psycopg.Error as error:
        code = sqlstate_code(error.sqlstate) or failure_code(str(error))
    raise ConnectFailed(code)


def _forget_environment() -> None:
    """Delete libpq's variables from this process: PGSERVICE cannot be closed by a keyword."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def _resolve(url: DatabaseUrl, profile: Profile, block_private: bool, seconds: float) -> list[dict[str, str]]:
    """Return host, hostaddr and port of the first addresses, all of them checked."""
    found: list[dict[str, str]] = []
    ports = url.port.split(",")
    hosts = url.host.split(",")
    for place, host in enumerate(hosts):
        port = ports[place] if len(ports) == len(hosts) else ports[0]
        _check(host, profile, block_private)
        if host.startswith("/"):
            found.append({"host": host, "port": port})
            continue
        for address in _look_up(host, int(port), seconds):
            _check(address, profile, block_private)
            found.append({"host": host, "hostaddr": address, "port": port})
    return found[:MOST_ADDRESSES]


def _check(host: str, profile: Profile, block_private: bool) -> None:
    try:
        check_host(host.partition("%")[0], profile)
    except HostRefused as refused:
        raise ConnectFailed("host-blocked", refused.what) from None
    if block_private:
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(host).is_private:
                raise ConnectFailed("host-blocked", "a private address")


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Return the host's addresses; in a thread, because a silent name server cannot be interrupted."""
    answer: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            answer.put([str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError):
            answer.put(None)

    threading.Thread(target=run, name="resolve", daemon=True).start()
    try:
        addresses = answer.get(timeout=seconds)
    except queue.Empty:
        addresses = None
    if not addresses:
        raise ConnectFailed("dns")
    return list(dict.fromkeys(addresses))
