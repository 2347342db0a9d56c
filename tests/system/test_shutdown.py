"""Stopping: requests in flight are finished, and a process that still waits for its database ends at once."""

from __future__ import annotations

import signal
import socket
import time

import pytest

from tests.platforms.environments import HOSTS, render
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar

IN_FLIGHT = 8  # 2 workers of 4 threads
WINDOW = 30  # seconds that Render gives
BODY = b"username=ada&password=0123456789&csrfmiddlewaretoken=none"


def send_head(port: int) -> socket.socket:
    """Send a request without its body; return once the server has begun to read it, in a thread of its own."""
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(
        b"POST /sign-in HTTP/1.1\r\nHost: " + HOSTS["render"].encode() + b"\r\nX-Forwarded-Proto: https\r\n"
        b"Cookie: __Host-mathesar_csrf=" + b"x" * 32 + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: " + str(len(BODY)).encode() + b"\r\nExpect: 100-continue\r\n\r\n"
    )
    assert client.recv(100).startswith(b"HTTP/1.1 100")
    return client


def wait_until_refused(port: int) -> None:
    """Wait until nothing listens: the server has seen the signal."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    raise AssertionError("it still accepts connections")


def answer_of(client: socket.socket) -> bytes:
    """Read to the end of the connection."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    client.close()
    return b"".join(parts)


@pytest.fixture
def url(server: PostgresServer, address: str, sslmode: str | None) -> str:
    """Give the URL of an empty database, as a platform would."""
    server.create_database("stopping")
    return server.url("stopping", host=address, sslmode=sslmode)


def test_requests_in_flight_are_finished(url: str) -> None:
    with Mathesar(render(url, free_port()) | {"WEB_CONCURRENCY": "2"}) as process:
        process.wait("/readyz")
        process.wait_for_line("2 workers of 4 threads")
        clients = [send_head(process.port) for _ in range(IN_FLIGHT)]
        process.process.send_signal(signal.SIGTERM)
        wait_until_refused(process.port)
        for client in clients:
            client.sendall(BODY)
        answers = [answer_of(client) for client in clients]
        assert process.stop(seconds=WINDOW) == 0
    heads = [answer.split(b"\r\n", 1)[0] for answer in answers]
    assert heads == [b"HTTP/1.1 403 Forbidden"] * IN_FLIGHT
    assert all(b"</html>" in answer for answer in answers)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_waiting_for_the_database_ends_at_once(address: str, number: signal.Signals) -> None:
    port = free_port()
    environ = render(f"postgresql://u:a-Passw0rd-9@{address}:{port}/none", free_port())
    with Mathesar(environ) as process:
        process.wait_for_line("Waiting for the internal database (DATABASE_URL): refused")
        code = process.stop(number, seconds=5)
        assert code == (130 if number == signal.SIGINT else 143)
        assert "Traceback" not in process.log


def test_a_silent_server_does_not_delay_the_stop(address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as silent:
        silent.bind((address, 0))
        silent.listen()
        silent.settimeout(60)
        url = f"postgresql://u:a-Passw0rd-9@{address}:{silent.getsockname()[1]}/none"
        with Mathesar(render(url, free_port())) as process:
            accepted, _ = silent.accept()  # it has connected, and will never get an answer
            assert process.stop(seconds=3) == 143
            accepted.close()
