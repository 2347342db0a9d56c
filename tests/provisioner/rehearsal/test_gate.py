"""The gate speaks PostgreSQL's start of a connection as the platforms' servers do, and nothing stays open behind it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from provisioner.rehearsal.address import own_address
from provisioner.rehearsal.certificate import Certificate, self_signed
from provisioner.rehearsal.gate import GSS_REQUEST, SSL_REQUEST, Gate, Tls
from provisioner.rehearsal.server import Privileges, Role, Server

HOST = "db.tiny.internal"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return self_signed(tmp_path, "database", HOST)


@pytest.fixture
def role(server: Server) -> Role:
    return server.make_role("app", "app", Privileges())


@pytest.fixture
def gate(server: Server, certificate: Certificate) -> Iterator[Callable[[Tls], Gate]]:
    with contextlib.ExitStack() as stack:
        yield lambda tls: stack.enter_context(Gate(own_address(), ("127.0.0.1", server.port), certificate, tls))


def connect(gate: Gate, role: Role, **more: Any) -> psycopg.Connection[Any]:
    place = {"host": HOST, "hostaddr": gate.address, "port": gate.port, "user": role.name, "dbname": role.dbname}
    return psycopg.connect(**{**place, "password": role.password, "connect_timeout": 10, **more})


def encrypted(connection: psycopg.Connection[Any]) -> bool:
    return connection.pgconn.ssl_in_use


def plain(gate: Gate) -> socket.socket:
    return socket.create_connection((gate.address, gate.port), timeout=10)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


def test_none_has_no_tls(gate, role):
    made = gate("none")
    with connect(made, role, sslmode="prefer") as connection:
        assert not encrypted(connection)
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="does not support SSL"):
        connect(made, role, sslmode="require")


def test_offered_leaves_the_choice(gate, role):
    made = gate("offered")
    for mode, expected in (("disable", False), ("prefer", True), ("require", True)):
        with connect(made, role, sslmode=mode) as connection:
            assert encrypted(connection) == expected
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_required_refuses_a_plain_client_as_postgresql_does(gate, role):
    made = gate("required")
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        connect(made, role, sslmode="disable")
    with plain(made) as client:
        words = b"user\0me\0\0"
        client.sendall(struct.pack("!II", 8 + len(words), 196608) + words)
        answer = client.recv(1000)
    assert answer[:1] == b"E"
    assert struct.unpack("!I", answer[1:5])[0] == len(answer) - 1
    assert b"C28000\0" in answer
    with connect(made, role, sslmode="require") as connection:
        assert encrypted(connection)
    assert made.most == 1


def test_the_certificate_can_be_verified(gate, role, certificate, tmp_path):
    made = gate("required")
    with connect(made, role, sslmode="verify-full", sslrootcert=str(certificate.certificate)) as connection:
        assert encrypted(connection)
    other = self_signed(tmp_path, "other", HOST)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        connect(made, role, sslmode="verify-full", sslrootcert=str(other.certificate))
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        connect(made, role, sslmode="verify-full", sslrootcert=str(certificate.certificate), host="elsewhere")


@pytest.mark.skipif(psycopg.pq.version() < 170000, reason="libpq speaks it from 17 on")
def test_direct_tls(gate, role):
    with connect(gate("required"), role, sslmode="require", sslnegotiation="direct") as connection:
        assert encrypted(connection)


@pytest.mark.parametrize("tls", ["none", "offered", "required"])
def test_gss_is_refused_and_the_start_goes_on(gate, role, tls):
    made = gate(tls)
    with plain(made) as client:
        client.sendall(struct.pack("!II", 8, GSS_REQUEST))
        assert client.recv(1) == b"N"
        client.sendall(struct.pack("!II", 8, SSL_REQUEST))
        assert client.recv(1) == (b"N" if tls == "none" else b"S")


def test_the_connections_are_counted(gate, role):
    made = gate("offered")
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(connect(made, role))
    until(lambda: made._count == 0)
    connect(made, role).close()
    assert made.most == 5


def test_a_delay_is_felt(gate, role):
    made = gate("none")
    with connect(made, role, autocommit=True) as connection:
        made.delay = 0.1
        begun = time.monotonic()
        connection.execute("SELECT 1")
        assert time.monotonic() - begun >= 0.1
        made.delay = 0.0


def test_closed_and_open_again(gate, role):
    made = gate("offered")
    with connect(made, role) as connection:
        made.closed = True
        with pytest.raises(psycopg.OperationalError):
            connect(made, role)
        assert connection.execute("SELECT 1").fetchone() == (1,)  # who is in stays
        made.cut()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    made.closed = False
    connect(made, role).close()


def test_a_cancel_reaches_the_server(gate, role, server):
    asleep = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(60)'"
    with connect(gate("required"), role, autocommit=True) as connection:
        refused: list[Exception] = []

        def cancel() -> None:
            try:
                until(lambda: bool(server.admin(asleep)))
                connection.cancel_safe()
            except Exception as problem:
                refused.append(problem)

        canceller = threading.Thread(target=cancel)
        canceller.start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(60)")
        canceller.join()
        assert refused == []


@pytest.mark.skipif(own_address().startswith("127."), reason="this machine has no address but loopback")
def test_another_address_gets_no_service(gate, role):
    made = gate("none")
    with socket.socket() as client:
        client.settimeout(10)
        client.bind(("127.0.0.1", 0))
        with contextlib.suppress(OSError):  # some kernels do not even let it out
            client.connect((made.address, made.port))
            client.sendall(struct.pack("!II", 8, SSL_REQUEST))
            assert client.recv(1) == b""
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(("127.0.0.1", made.port), timeout=5)


@pytest.mark.parametrize(
    "said",
    [
        b"", b"\0", b"\x16", b"\x16\x03\x01rubbish that is no hello", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        struct.pack("!II", 8, SSL_REQUEST) + b"plain words", struct.pack("!II", 0, 0), struct.pack("!II", 7, 196608),
        struct.pack("!II", 8, GSS_REQUEST) * 3, struct.pack("!II", 12, 196608), struct.pack("!II", 8, 1) + b"x",
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("tls", ["none", "required"])
def test_rubbish_ends_and_leaves_nothing(gate, role, said, tls):
    made = gate(tls)
    threads = threading.active_count()
    with plain(made) as client:
        client.sendall(said)
        connect(made, role).close()  # nobody waits for it
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_WR)
            while client.recv(1000):
                pass
    until(lambda: threading.active_count() <= threads)
    assert made._open == set()
    assert made._count == 0


def test_a_message_of_a_wild_length_is_not_waited_for(gate, role):
    made = gate("none")
    with plain(made) as client:
        client.settimeout(5)
        client.sendall(struct.pack("!II", 0xFFFFFFF0, 196608) + b"x" * 20000)
        with contextlib.suppress(ConnectionError):  # a timeout is a fault: PostgreSQL takes at most 10000 bytes
            assert client.recv(1) == b""


def test_its_end_ends_those_who_say_nothing(server, role, certificate):
    threads = threading.active_count()
    with Gate(own_address(), ("127.0.0.1", server.port), certificate, "offered") as made:
        silent, talking = plain(made), connect(made, role)
        until(lambda: made._count == 1)
    try:
        silent.settimeout(5)
        with contextlib.suppress(ConnectionError):
            assert silent.recv(1) == b""
        with pytest.raises(psycopg.OperationalError):
            talking.execute("SELECT 1")
        until(lambda: threading.active_count() <= threads)
    finally:
        silent.close()
        talking.close()
    with pytest.raises(ConnectionRefusedError):
        plain(made)


def test_a_client_with_another_certificate_leaves_nothing(gate, role, tmp_path):
    made = gate("offered")
    threads = threading.active_count()
    for _ in range(5):
        with plain(made) as client:
            client.sendall(struct.pack("!II", 8, SSL_REQUEST))
            assert client.recv(1) == b"S"
            with pytest.raises(ssl.SSLCertVerificationError):
                ssl.create_default_context().wrap_socket(client, server_hostname=HOST)
    until(lambda: threading.active_count() <= threads)
    assert made._open == set()
