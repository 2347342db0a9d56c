"""Whom a restore believes: the key of the install that was backed up, or the passphrase; else only who says so."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.mathesar.life.test_archive import rewritten
from tests.system.process import run
from tests.system.test_keys import OTHER
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts

BACKUP = FOLDER / VERSIONS[-1] / "backup.zip"
KNOWN = environ_of(facts(VERSIONS[-1]))
PHRASE = {"MATHESAR_BACKUP_PASSPHRASE": "correct horse battery staple"}


def of_another_key(backup: bytes) -> bytes:
    """Return a backup as it is, but for the name of its key: the signature does not fit, and nobody can tell."""
    with zipfile.ZipFile(BACKUP) as old:
        manifest = json.loads(old.read("manifest.json"))
    return rewritten(backup, {"manifest.json": json.dumps(manifest | {"key_id": "0" * 16}).encode()})


@pytest.mark.parametrize(
    ("environ", "another", "code"),
    [
        ({}, True, "MP535"),
        ({"SECRET_KEY": OTHER, "SECRET_KEY_FALLBACKS": ""}, False, "MP535"),
        (PHRASE, False, "MP536"),
    ],
    ids=["key renamed", "key not here", "key taken out"],
)
def test_what_nobody_can_vouch_for_changes_nothing(
    environ: dict[str, str], another: bool, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "one.zip"
    path.write_bytes(of_another_key(BACKUP.read_bytes()) if another else BACKUP.read_bytes())
    refused = run(["restore", str(path)], {**KNOWN, "MATHESAR_DATA_DIR": str(tmp_path / "data"), **environ})
    assert refused.returncode == 1
    assert code in refused.stderr
    assert "Traceback" not in refused.stderr
    if code == "MP535":
        with sqlite3.connect(tmp_path / "data" / "mathesar.sqlite3") as connection:
            assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
        connection.close()
