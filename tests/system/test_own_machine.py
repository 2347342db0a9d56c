"""A person's own machine: no platform, no database named; everything is in one folder and outlives a restart."""

from __future__ import annotations

import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, find_binaries, free_port
from tests.system.process import Mathesar, run


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Give a folder that PostgreSQL's own user may enter."""
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    parent = Path(tempfile.mkdtemp(prefix="own", dir="/tmp"))
    parent.chmod(0o755)
    yield parent / "data"
    shutil.rmtree(parent, ignore_errors=True)


def test_start_stop_and_start_again_keeps_everything(data_dir: Path) -> None:
    environ = {"MATHESAR_DATA_DIR": str(data_dir), "PORT": str(free_port())}
    with Mathesar(environ) as process:
        assert "sample" in process.open_link()
        assert process.stop(signal.SIGINT) == 0
        assert process.log.endswith("Stopped.\n")
        assert "Traceback" not in process.log
    key = (data_dir / "secret_key").read_text()
    for name in ("secret_key", "mathesar.sqlite3"):
        assert (data_dir / name).stat().st_mode & 0o077 == 0
    with Mathesar(environ) as process:
        assert "sample" in process.open_link()
        assert process.stop(signal.SIGTERM) == 0
    assert (data_dir / "secret_key").read_text() == key
    assert not list(data_dir.glob("postgres/*/data/postmaster.pid"))


def test_port_in_use_is_said_before_anything_is_begun(data_dir: Path) -> None:
    environ = {"MATHESAR_DATA_DIR": str(data_dir), "PORT": str(free_port())}
    with Mathesar({**environ, "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}) as first:
        first.wait()
        with Mathesar(environ) as second:
            assert second.process.wait(60) == 1
            assert "MP513" in second.log
        assert first.get("/livez").status == 200


def test_with_a_database_and_a_key_no_folder_is_needed(server: PostgresServer, address: str) -> None:
    server.create_database("elsewhere")
    known = {"DATABASE_URL": server.url("elsewhere", host=address), "MATHESAR_DATA_DIR": "/proc/cannot-be-made"}
    done = run(["release"], {**known, "SECRET_KEY": secrets.token_urlsafe(48)})
    assert done.returncode == 0, done.stderr
    keyless = run(["release"], known)
    assert keyless.returncode == 1
    assert "MP512" in keyless.stderr
