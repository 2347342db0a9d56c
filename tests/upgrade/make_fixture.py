"""Make this version's fixture: `python -m tests.upgrade.make_fixture`, as the last thing before a release.

It runs the real commands on an install of made-up people and databases, in SQLite and in PostgreSQL (of which it needs
`pg_dump` too). Every later version's tests open what it writes; it is never made again for a version that is out.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.postgres import PASSWORD, SUPERUSER, PostgresServer, system_binaries
from tests.system.inside import inside
from tests.system.process import run
from tests.upgrade.fixture import FOLDER

FIRST = "fixture-earlier-key-3b7e0d5c9a1f48627d1c0b5a9e8f7d6c4b3a2918"
SECOND = "fixture-present-key-87edca81a9246ac2a3b56eec0daefce32e158c51"
KEPT = "(Sales|postgresql://sales:env-Passw0rd@127.0.0.1:1/sales)"
LEAVES = ",(Gone|postgresql://gone:env-Passw0rd@127.0.0.1:1/gone)"
PEOPLE = {"ada": "Analytical engine 1843", "grace": "Compiler of words 1952"}
STORED = {
    "Archive": {"host": "archive.example.com", "port": 5432, "dbname": "archive", "username": "reader",
                "password": "first stored Passw0rd: %@/#é", "sslmode": "require", "ca": ""},
    "Ledger": {"host": "198.51.100.7", "port": 6543, "dbname": "ledger äö", "username": "clerk",
               "password": "second stored Passw0rd", "sslmode": "verify-full", "ca": "(a certificate)"},
    "Sealed earlier": {"host": "earlier.example.com", "port": 5432, "dbname": "old", "username": "reader",
                       "password": "third stored Passw0rd", "sslmode": "require", "ca": ""},
}  # fmt: skip
ADD = """
import uuid
from mathesar.connections import keyring
from mathesar.connections.credentials import Credentials
from mathesar.connections.models import Database
from provisioner.entries import name_key
from provisioner.secret import Secret
for name, fields in {stored!r}.items():
    credentials = Credentials(**{{**fields, "password": Secret(fields["password"])}})
    row_id = uuid.uuid4()
    sealed = keyring.seal_for(row_id, credentials)
    Database.objects.create(pk=row_id, source="ui", name=name, key=name_key(name), **sealed)
"""
PERSONS = """
from django.contrib.auth.models import User
from mathesar.accounts import tokens
ada = User.objects.create_superuser("ada", "ada@example.com", {ada!r})
User.objects.create_user("grace", "grace@example.com", {grace!r})
print(tokens.create(ada, "fixture")[1].get_secret_value())
"""


def build(where: dict[str, str]) -> dict[str, Any]:
    """Make the install; return what is in it."""
    environ = {**where, "SECRET_KEY": FIRST, "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}
    command(["release"], {**environ, "MATHESAR_DATABASES": KEPT + LEAVES})
    environ["MATHESAR_DATABASES"] = KEPT
    command(["release"], environ)
    token = inside(PERSONS.format(**PEOPLE), environ)
    inside(ADD.format(stored={name: STORED[name] for name in ("Archive", "Ledger")}), environ)
    rotated = {**environ, "SECRET_KEY": SECOND, "SECRET_KEY_FALLBACKS": FIRST}
    command(["rotate-key"], rotated)
    inside(ADD.format(stored={"Sealed earlier": STORED["Sealed earlier"]}), environ)
    return {
        "mathesar": version("mathesar"),
        "secret_key": SECOND,
        "secret_key_fallbacks": FIRST,
        "databases": KEPT,
        "people": {"ada": [True, PEOPLE["ada"]], "grace": [False, PEOPLE["grace"]]},
        "token": token,
        "stored": STORED,
        "environment": {"Sales": "attached", "Gone": "detached"},
    }


def command(words: list[str], environ: dict[str, str]) -> None:
    """Run a command, which must succeed."""
    done = run(words, environ)
    assert done.returncode == 0, done.stdout + done.stderr


def dump_postgres(server: PostgresServer, name: str) -> str:
    """Return the schema mathesar_internal as SQL, each statement on its line."""
    done = subprocess.run(
        [str(server.binaries / "pg_dump"), "--schema=mathesar_internal", "--no-owner", "--no-privileges", "--inserts",
         "--no-comments", f"--host={server.folder}", f"--port={server.port}", f"--username={SUPERUSER}", name],
        env={"PGPASSWORD": PASSWORD}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
    return re.sub(r"\n(?=[ )])", "", "\n".join(lines)) + "\n"  # psql's own commands and settings left out


def main() -> None:
    """Write the folder of this version."""
    binaries = system_binaries()
    if binaries is None or not (binaries / "pg_dump").exists():
        sys.exit("This needs pg_dump and its PostgreSQL server.")
    folder = FOLDER / version("mathesar")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home, PostgresServer(binaries) as server:
        data = Path(home) / "data"
        known = {"sqlite": build({"MATHESAR_DATA_DIR": str(data)})}
        with sqlite3.connect(data / "mathesar.sqlite3") as connection:
            (folder / "sqlite.sql").write_text("\n".join(connection.iterdump()) + "\n")
        place = {"MATHESAR_DATA_DIR": home, "MATHESAR_INTERNAL_DATABASE_URL": server.create_database("fixture")}
        known["postgresql"] = build(place)
        (folder / "postgresql.sql").write_text(dump_postgres(server, "fixture"))
        keys = {"SECRET_KEY": SECOND, "SECRET_KEY_FALLBACKS": FIRST}
        command(["backup", str(folder / "backup.zip")], {**place, **keys})
    tokens = {engine: each.pop("token") for engine, each in known.items()}
    assert known["sqlite"] == known["postgresql"]
    text = json.dumps({**known["sqlite"], "tokens": tokens}, indent=1, ensure_ascii=False)
    (folder / "facts.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
