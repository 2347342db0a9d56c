"""Upgrades in PostgreSQL, through backups, and to a release that is yet to come, and one step back from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mathesar.site import shared_server
from tests.postgres import PostgresServer, find_binaries
from tests.system.process import run
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts, in_postgres, in_sqlite
from tests.upgrade.looking import everything, look

pytestmark = pytest.mark.prove

ROOT = Path(__file__).resolve().parents[2]
NAME = "upgrade_paths"
NEXT = """
from django.db import migrations, models


def fill(apps, editor):
    rows = apps.get_model("connections", "Database").objects
    for row in rows.all():
        rows.filter(pk=row.pk).update(colour=f"of {row.name}")


class Migration(migrations.Migration):
    dependencies = [("connections", "0002_credentials_and_schema")]
    operations = [
        migrations.AddField("database", "colour", models.CharField(max_length=200, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
"""


@pytest.fixture
def server() -> PostgresServer:
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    return shared_server()


@pytest.mark.parametrize("made", VERSIONS)
def test_postgresql(made: str, server: PostgresServer, tmp_path: Path) -> None:
    environ = in_postgres(made, server, NAME, tmp_path)
    started = run(["release"], environ)
    assert started.returncode == 0, started.stdout + started.stderr
    assert look(environ, facts(made), "postgresql") == everything(facts(made))


@pytest.mark.parametrize("made", VERSIONS)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_its_backup(made: str, engine: str, server: PostgresServer, tmp_path: Path) -> None:
    environ = {**environ_of(facts(made)), "MATHESAR_DATA_DIR": str(tmp_path)}
    if engine == "postgresql":
        environ["MATHESAR_INTERNAL_DATABASE_URL"] = server.create_database(NAME)
    restored = run(["restore", str(FOLDER / made / "backup.zip")], environ)
    assert restored.returncode == 0, restored.stderr
    assert "signature" not in restored.stderr
    assert look(environ, facts(made), "postgresql") == everything(facts(made))


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_next_release_and_one_step_back(engine: str, server: PostgresServer, tmp_path: Path) -> None:
    made = VERSIONS[-1]
    data = tmp_path / "data"
    environ = in_sqlite(made, data) if engine == "sqlite" else in_postgres(made, server, NAME, tmp_path)
    next_release = tmp_path / "next"
    for package in ("mathesar", "provisioner", "platforms"):
        shutil.copytree(ROOT / package, next_release / package, ignore=shutil.ignore_patterns("__pycache__"))
    (next_release / "mathesar" / "connections" / "migrations" / "0003_next.py").write_text(NEXT)

    def run_next(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mathesar", *words], cwd=next_release, capture_output=True, text=True, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environ}, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    assert run(["release"], environ).returncode == 0
    stepped = run_next("release")
    assert stepped.returncode == 0, stepped.stdout + stepped.stderr
    saved = tmp_path / "next.zip"
    assert run_next("backup", str(saved)).returncode == 0

    known = facts(made)  # the step back: this release on a database that the next one has migrated
    assert look(environ, known, engine) == everything(known)
    assert run(["release"], environ).returncode == 0
    refused = run(["backup", str(tmp_path / "no.zip")], environ)
    assert (refused.returncode, "MP524" in refused.stderr) == (1, True)
    assert not (tmp_path / "no.zip").exists()
    newer = run(["restore", str(saved), "--replace", "--noinput"], environ)
    assert (newer.returncode, "MP525" in newer.stderr) == (1, True)

    older = run_next("restore", str(FOLDER / made / "backup.zip"), "--replace", "--noinput")
    assert older.returncode == 0, older.stderr
    assert "Brought up to this version by 1 migration." in older.stderr
    assert look(environ, known, "postgresql") == everything(known)
