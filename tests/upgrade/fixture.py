"""The internal databases of released versions: where each lies, what is in it, and how it is put back.

`fixtures/<version>/` has `sqlite.sql` and `postgresql.sql`, the same install in both engines, `backup.zip`, what
`mathesar backup` wrote of the latter, and `facts.json`: its keys, passwords and connections, all made up.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import psycopg

from tests.postgres import PostgresServer

FOLDER = Path(__file__).parent / "fixtures"
VERSIONS = sorted(path.name for path in FOLDER.iterdir())


def facts(version: str) -> dict[str, Any]:
    """Return what is in it."""
    found: dict[str, Any] = json.loads((FOLDER / version / "facts.json").read_text())
    return found


def environ_of(known: dict[str, Any]) -> dict[str, str]:
    """Return the variables of the install, but for where its internal database is."""
    return {
        "SECRET_KEY": known["secret_key"],
        "SECRET_KEY_FALLBACKS": known["secret_key_fallbacks"],
        "MATHESAR_DATABASES": known["databases"],
        "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
    }


def in_sqlite(version: str, folder: Path) -> dict[str, str]:
    """Put the SQLite form into a data directory; return its environment."""
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "mathesar.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # as the file was; SQL does not say so
        connection.executescript((FOLDER / version / "sqlite.sql").read_text())
    connection.close()
    return {**environ_of(facts(version)), "MATHESAR_DATA_DIR": str(folder)}


def in_postgres(version: str, server: PostgresServer, name: str, folder: Path) -> dict[str, str]:
    """Put the PostgreSQL form into a new database of this name; return its environment."""
    url = server.create_database(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((FOLDER / version / "postgresql.sql").read_bytes())
    return {
        **environ_of(facts(version)),
        "MATHESAR_DATA_DIR": str(folder),
        "MATHESAR_INTERNAL_DATABASE_URL": url,
    }
