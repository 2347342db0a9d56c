"""A command that is told to end by SIGTERM, as a service manager or `docker stop` does, leaves nothing behind."""

from __future__ import annotations

import fcntl
import signal
import socket
import time
from pathlib import Path

from mathesar import embedded
from tests.system.process import COMMAND, Mathesar
from tests.system.test_keys import KEY
from tests.system.test_own_machine import data_dir

__all__ = ["data_dir"]
TERMINATED = 128 + signal.SIGTERM


def test_a_backup_leaves_no_half_file(tmp_path: Path) -> None:
    """It waits for a server that does not speak; its file has no name yet."""
    (tmp_path / "backups").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        environ = {
            "MATHESAR_INTERNAL_DATABASE_URL": f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/d?sslmode=disable",
            "SECRET_KEY": KEY, "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
        }  # fmt: skip
        with Mathesar(environ, program=[*COMMAND, "backup", str(tmp_path / "backups" / "one.zip")]) as process:
            connected, _ = silent.accept()
            with connected:
                (draft,) = (tmp_path / "backups").iterdir()
                assert draft.name.startswith(".one.zip.")
                assert process.stop() == TERMINATED, process.log
            assert "Traceback" not in process.log
    assert list((tmp_path / "backups").iterdir()) == []


def test_uninstall_schemas_stops_the_server_that_it_started(data_dir: Path) -> None:
    """It waits for the start-up lock, which we hold, with the embedded PostgreSQL running."""
    (data_dir / "postgres").mkdir(parents=True, mode=0o755)
    data_dir.chmod(0o755)
    lock = (data_dir / ".start.lock").open("w")
    with (
        lock,
        Mathesar({"MATHESAR_DATA_DIR": str(data_dir)}, program=[*COMMAND, "uninstall-schemas", "--all"]) as process,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        end = time.monotonic() + 60
        while not _is_ready(data_dir):
            assert process.process.poll() is None, process.log
            assert time.monotonic() < end, process.log
            time.sleep(0.05)
        try:
            assert process.stop() == TERMINATED, process.log
            assert not _is_ready(data_dir)
            assert "Traceback" not in process.log
        finally:
            if _is_ready(data_dir):
                embedded.start(data_dir).stop()


def _is_ready(data_dir: Path) -> bool:
    """Tell whether a server runs: the last line of its file (PostgreSQL, "pidfile.h") says so."""
    return any("ready" in path.read_text() for path in data_dir.glob("postgres/*/data/postmaster.pid"))
