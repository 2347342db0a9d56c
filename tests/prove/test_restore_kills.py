"""A restore that is killed at any moment leaves the internal database whole: as it was, or as the backup has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kill_points import killed_at
from tests.mathesar.site import shared_server
from tests.postgres import PostgresServer, find_binaries
from tests.system.process import run
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts

pytestmark = pytest.mark.prove

BACKUP = FOLDER / VERSIONS[-1] / "backup.zip"
KNOWN = facts(VERSIONS[-1])
STEP = 97  # statements between two kills; then the last one is looked for
CODE = f"""
kill_points.arm_sqlite()
from mathesar.life.restore import restore
restore({str(BACKUP)!r}, replace=True, unsigned=False, interactive=False)
"""
PEOPLE = "SELECT username FROM {}auth_user ORDER BY 1"
WHOLE = "SELECT (SELECT count(*) FROM {0}django_migrations) > 15 AND (SELECT prepared FROM {0}boot) IS NOT NULL AND " \
    "(SELECT count(*) FROM {0}setup_installation) = 1"  # fmt: skip
BEFORE, AFTER = ["before"], sorted(KNOWN["people"])

Ask = Callable[[str], list[str]]


def kills(environ: dict[str, str], ask: Ask) -> int:
    """Kill the restore at every `STEP`th statement and right before its last; return that one's number."""

    def survives(number: int) -> bool:
        killed = killed_at(CODE, environ, number)
        assert ask(WHOLE) in (["True"], ["1"])
        assert ask(PEOPLE) in (BEFORE, AFTER)
        return not killed

    low, high = 0, 1
    while not survives(high):
        low, high = high, high + STEP
    assert ask(PEOPLE) == AFTER
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if survives(middle) else (middle, high)
    return low


def prepare(environ: dict[str, str]) -> None:
    """Make an install with one person, as it was before."""
    made = run(
        ["createsuperuser", "--noinput", "--username", "before"],
        {**environ, "DJANGO_SUPERUSER_PASSWORD": "a long pass phrase 1815"},
    )
    assert made.returncode == 0, made.stderr


def test_postgresql(tmp_path: Path) -> None:
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    server: PostgresServer = shared_server()
    place = server.create_database("restore_kills")
    environ = {
        **environ_of(KNOWN), "MATHESAR_DATA_DIR": str(tmp_path), "MATHESAR_INTERNAL_DATABASE_URL": place,
    }  # fmt: skip
    prepare(environ)
    last = kills(
        environ,
        lambda query: [str(row[0]) for row in server.psql(query.format("mathesar_internal."), "restore_kills")],
    )
    assert last > STEP


def test_sqlite(tmp_path: Path) -> None:
    environ = {**environ_of(KNOWN), "MATHESAR_DATA_DIR": str(tmp_path)}
    prepare(environ)

    def ask(query: str) -> list[str]:
        connection = sqlite3.connect(tmp_path / "mathesar.sqlite3")
        try:
            return [str(row[0]) for row in connection.execute(query.format(""))]
        finally:
            connection.close()

    assert kills(environ, ask) > STEP
