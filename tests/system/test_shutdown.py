"""Stopping: requests in flight are finished, and a process that still waits for its database ends at once."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.platforms.environments import HOSTS, render
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar

IN_FLIGHT = 8  # 2 workers of 4 threads
HOST = HOSTS["render"]
WINDOW = 30  # seconds that Render gives
BODY = b"username=ada&password=0123456789&csrfmiddlewaretoken=none"


def send_head(port: int) -> socket.socket | None:
    """Send a request without its body; return once a thread has begun with it, None if all of that worker's are busy.

    Its CSRF cookie and Origin are right, so that the application has to read the body.
    """
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.settimeout(1)
    client.sendall(
        f"POST /setup HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\nOrigin: https://{HOST}\r\n"
        f"Cookie: __Host-mathesar_csrf={'x' * 32}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n".encode()
    )
    try:
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    except TimeoutError:
        client.close()
        return None
    client.settimeout(30)
    return client


def fill(port: int) -> list[socket.socket]:
    """Return as many requests in flight as the server has threads."""
    clients: list[socket.socket] = []
    for _ in range(60):
        client = send_head(port)
        clients += [client] if client else []
        if len(clients) == IN_FLIGHT:
            return clients
    raise AssertionError(f"only {len(clients)} requests are in flight")


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
        clients = fill(process.port)
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
        code = process.stop(number, seconds=20)
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
            assert process.stop(seconds=8) == 143
            accepted.close()


def test_process_1_stops_on_sigterm(url: str, address: str) -> None:
    """Process 1 has no default action for a signal; only a handler of its own ends it."""
    alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this machine lets nobody make a process namespace")
    for environ, ready in (
        (render(url, free_port()), "serves https://"),
        (render(f"postgresql://u:a-Passw0rd-9@{address}:{free_port()}/none", free_port()), "Waiting for"),
    ):
        with Mathesar(environ, prefix=alone) as process:
            process.wait_for_line(ready)
            parent = process.process.pid
            child = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0]
            os.kill(int(child), signal.SIGTERM)
            assert process.process.wait(30) == (0 if ready.startswith("serves") else 143)
