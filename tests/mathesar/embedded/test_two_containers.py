"""One data directory and two containers: the second cannot see the first one's processes, and must start nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mathesar import embedded
from tests.mathesar.embedded.test_embedded import COUNTS, ask, server_pid

CONTAINER = ("unshare", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc", "--")
START = """
import pathlib, sys
from mathesar import embedded
try:
    running = embedded.start(pathlib.Path(sys.argv[1]))
except embedded.EmbeddedError as error:
    sys.exit(f"{type(error).__name__}: {error}")
print("started", flush=True)
"""
COUNT = """
import psycopg
with psycopg.connect(**running.entry.url.conninfo()) as connection:
    print(*connection.execute("SELECT count(*) FROM kept").fetchone(), "row")
running.stop()
"""
WAIT = "sys.stdin.read()"


@pytest.fixture
def container() -> tuple[str, ...]:
    """Give the words that run a program among process ids of its own."""
    try:
        subprocess.run([*CONTAINER, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("unshare cannot make a PID namespace for this user")
    return CONTAINER


def second_start(container: tuple[str, ...], data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Start once more, in another container; say how many rows were kept, and stop."""
    command = [*container, sys.executable, "-c", f"{START}{COUNT}", str(data_dir)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_second_container_is_refused_and_no_row_is_lost(container: tuple[str, ...], data_dir: Path) -> None:
    running = embedded.start(data_dir)
    pid = server_pid(running)
    refused = second_start(container, data_dir)
    assert refused.returncode == 1
    assert "ServerFailed: Another container or process uses this data directory" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert server_pid(running) == pid
    ask(running, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    again = embedded.start(data_dir)  # beside it, as before
    again.stop()
    assert ask(running, "SELECT count(*) FROM kept") == [(1,)]
    running.stop()
    assert second_start(container, data_dir).stdout == "started\n1 row\n"


@pytest.mark.prove
def test_a_container_that_was_killed_keeps_nobody_out(container: tuple[str, ...], data_dir: Path) -> None:
    command = [*container, sys.executable, "-c", f"{START}{WAIT}", str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "started\n"
        first.kill()
    assert list(data_dir.glob("postgres/*/data/postmaster.pid"))
    running = _when_free(data_dir)
    try:
        assert ask(running, COUNTS) == [(80, 60, 420)]
    finally:
        running.stop()


@pytest.mark.prove
def test_a_server_that_died_is_started_again_once_its_users_ended(data_dir: Path) -> None:
    first, second = embedded.start(data_dir), embedded.start(data_dir)
    ask(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    os.kill(server_pid(first), signal.SIGKILL)
    while embedded.server.is_running(first.cluster):
        time.sleep(0.01)
    with pytest.raises(embedded.ServerFailed, match="uses this data directory"):
        embedded.start(data_dir)
    first.stop()
    second.stop()
    last = _when_free(data_dir)
    try:
        assert ask(last, "SELECT count(*) FROM kept") == [(1,)]
    finally:
        last.stop()


def _when_free(data_dir: Path) -> embedded.EmbeddedServer:
    """Start; the kernel may still be ending those who were killed."""
    end = time.monotonic() + 30
    while True:
        try:
            return embedded.start(data_dir)
        except embedded.ServerFailed:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
