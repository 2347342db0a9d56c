"""Where a process and its children listen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.rehearsal import listening
from provisioner.rehearsal.address import own_address
from provisioner.rehearsal.listening import Place, listens_on

CODE = """
import socket, subprocess, sys
held = socket.create_server((sys.argv[1], 0), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
print(held.getsockname()[1], flush=True)
sys.stdin.read()
"""
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("0.0.0.0", False), (own_address(), False), ("::1", True), ("::", False)],
)  # fmt: skip
def test_where_it_listens(address: str, loopback: bool, nested: bool):
    if ":" in address:
        try:
            socket.create_server((address, 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("no IPv6 here")
    if address == own_address() and address.startswith("127."):
        pytest.skip("no address but loopback")
    command = [sys.executable, "-c", *([PARENT] if nested else []), CODE, address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        assert listens_on(process.pid) == [Place(port, loopback)]
        with socket.create_connection((HERE.get(address, address), port)):
            assert listens_on(process.pid) == [Place(port, loopback)]  # connections are no places
        assert process.stdin is not None
        process.stdin.close()


def test_who_is_not_there_listens_nowhere():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        assert listens_on(process.pid) == []


def test_who_does_not_listen():
    with socket.socket() as bound, subprocess.Popen(["sleep", "60"]) as process:
        bound.bind(("127.0.0.1", 0))
        assert listens_on(process.pid) == []
        assert bound.getsockname()[1] not in {place.port for place in listens_on(os.getpid())}
        process.kill()


def test_a_kernel_without_ipv6(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if not (listening.TABLES / "tcp").exists():
        pytest.skip("no /proc/net here")
    (tmp_path / "tcp").symlink_to(listening.TABLES / "tcp")
    monkeypatch.setattr(listening, "TABLES", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as held:
        assert Place(held.getsockname()[1], True) in listens_on(os.getpid())
