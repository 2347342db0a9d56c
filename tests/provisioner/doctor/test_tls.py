"""TLS on a real server: what is in use, what is the most that works, and no password on the way to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, system_binaries
from tests.provisioner.doctor.seeing import USER, seen
from tests.tls_certificate import write_certificate


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresServer, str]]:
    """Give a server with TLS and its certificate, which names 127.0.0.1 and not localhost."""
    binaries = system_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server with TLS on this machine")
    with PostgresServer(binaries) as running:
        certificate, key = write_certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1")
        data = running.folder / "data"
        shutil.copy(certificate, data / "server.crt")
        shutil.copy(key, data / "server.key")
        owner = data.stat()
        for name in ("server.crt", "server.key"):
            os.chown(data / name, owner.st_uid, owner.st_gid)
            (data / name).chmod(0o600)
        running.halt()
        running.settings["ssl"] = "on"
        running.launch()
        yield running, Path(certificate).read_text()


@pytest.mark.parametrize(
    ("sslmode", "host", "known", "words", "kinds"),
    [
        ("disable", "127.0.0.1", False, "not in use; sslmode=require works here", ["doctor-tls-stronger"]),
        ("disable", "127.0.0.1", True, "not in use; sslmode=verify-full works here", ["doctor-tls-stronger"]),
        ("prefer", "127.0.0.1", False, "in use; the certificate is not verified: require is the most that works", []),
        ("require", "127.0.0.1", False, "in use; the certificate is not verified: require is the most that works", []),
        (
            "require", "127.0.0.1", True,
            "in use; the certificate is not verified; sslmode=verify-full works here", ["doctor-tls-stronger"],
        ),
        (
            "require", "localhost", True,
            "in use; the certificate is not verified; sslmode=verify-ca works here", ["doctor-tls-stronger"],
        ),
        (
            "verify-ca", "localhost", True,
            "in use; the certificate is verified, the host name is not: this is the most that works", [],
        ),
        ("verify-full", "127.0.0.1", True, "in use; the certificate is verified", []),
        ("verify-full", "127.0.0.1", False, "sslmode=require is the most that works", ["live-tls"]),
        ("verify-full", "localhost", True, "sslmode=verify-ca is the most that works", ["live-tls"]),
    ],
)  # fmt: skip
def test_what_works(
    secured: tuple[PostgresServer, str], sslmode: str, host: str, known: bool, words: str, kinds: list[str]
) -> None:
    running, certificate = secured
    found = seen(running.url(sslmode=sslmode, host=host), USER, authority=certificate if known else None)
    assert found["TLS"].words == words
    assert [each.kind for each in found.findings] == kinds


def test_trying_tells_no_password(secured: tuple[PostgresServer, str], capfd: pytest.CaptureFixture[str]) -> None:
    """The server logs no failed attempt to sign in, and libpq says nothing of password files."""
    running, certificate = secured
    running.psql("ALTER SYSTEM SET log_min_messages = 'info'")
    running.psql("ALTER SYSTEM SET log_connections = on")
    running.psql("SELECT pg_reload_conf()")
    seen(running.url(sslmode="disable"), USER, authority=certificate)
    log = (running.folder / "log").read_text()
    assert "password authentication failed" not in log
    assert capfd.readouterr().err == ""


def test_a_server_without_tls(server: PostgresServer) -> None:
    if server.psql("SHOW ssl") == [("on",)]:
        pytest.skip("the tests' server has TLS")
    found = seen(server.url(sslmode="prefer"), USER)
    assert (found["TLS"].outcome, found["TLS"].holds) == ("ok", False)


def test_a_socket_needs_none(server: PostgresServer) -> None:
    from urllib.parse import quote

    folder = quote(str(server.folder), safe="")
    found = seen(f"postgresql://postgres:super%20secret-0123@{folder}:{server.port}/postgres", USER)
    assert found["TLS"].words == "not needed on a socket"
    assert found["host"].words == "a socket of this machine"
