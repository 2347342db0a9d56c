"""The images' health check, before real sockets."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathesar.health import alive

if not Path("/proc/net/tcp").exists():
    pytest.skip("only Linux lists sockets in /proc/net", allow_module_level=True)


@pytest.fixture(params=["127.0.0.1", "0.0.0.0", "::1"])
def listener(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    """Give a listening socket of this very process."""
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        made = socket.create_server((request.param, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with made:
        yield made


@pytest.mark.parametrize(("status", "expected"), [("200 OK", True), ("503 Service Unavailable", False), ("", False)])
def test_it_asks_the_socket_that_a_process_of_ours_listens_on(
    listener: socket.socket, status: str, expected: bool
) -> None:
    port = listener.getsockname()[1]
    (place,) = [each for each in alive.listeners() if each[1] == port]
    received = []

    def answer() -> None:
        client, _ = listener.accept()
        with client:
            received.append(client.recv(100))
            client.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())

    thread = threading.Thread(target=answer)
    thread.start()
    assert alive.answers(*place) is expected
    thread.join()
    assert received == [b"GET /livez HTTP/1.0\r\n\r\n"]


def test_it_is_cheap() -> None:
    code = "import sys, mathesar.health.alive; print(len(sys.modules), 'django' in sys.modules, 'http' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(shown[0]) < 80
    assert shown[1:] == ["False", "False"]
