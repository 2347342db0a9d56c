"""What start-up keeps in the internal database beside Django's tables: one row, readable before Django is.

Columns of `boot`, all text: `wrapped_key` (see keys), `canary` (see keys) and `prepared`, the fingerprint of the
version that last finished its migrations *and* what runs after them; a process killed in between leaves it old.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from mathesar.boot.messages import failure

SCHEMA = "mathesar_internal"
SQLITE = "mathesar.sqlite3"


@dataclass(frozen=True, repr=False)
class BootRow:
    """The row as it is; empty before the first start."""

    wrapped_key: str | None = None
    canary: str | None = None
    prepared: str | None = None


class Store:
    """Reads and writes the row through one autocommit connection, PostgreSQL's or SQLite's."""

    def __init__(self, connection: Any, *, prefix: str, mark: str) -> None:
        self.connection = connection
        self.prefix = prefix
        self.mark = mark

    def read(self) -> BootRow:
        """Return the row, or an empty one where table or schema are not there yet."""
        rows = self._rows(f"SELECT wrapped_key, canary, prepared FROM {self.prefix}boot WHERE id = 1")  # noqa: S608
        return BootRow(*rows[0]) if rows else BootRow()

    def applied_migrations(self) -> frozenset[tuple[str, str]]:
        """Return (app, name) of each applied migration; none where the table is not there yet."""
        rows = self._rows(f"SELECT app, name FROM {self.prefix}django_migrations")  # noqa: S608
        return frozenset((app, name) for app, name in rows)

    def save(self, **columns: str | None) -> None:
        """Set some columns of the row (their names are ours, their values are bound)."""
        names = ", ".join(columns)
        marks = ", ".join(self.mark for _ in columns)
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
        self.connection.execute(
            f"INSERT INTO {self.prefix}boot (id, {names}) VALUES (1, {marks}) "  # noqa: S608
            f"ON CONFLICT (id) DO UPDATE SET {updates}",
            tuple(columns.values()),
        )

    def create(self, *, variable: str = "DATABASE_URL", platform: str | None = None) -> None:
        """Create schema and table where absent.

        Raises:
            BootError: the role may not; the finding holds the GRANT that it needs.
        """
        try:
            # IF NOT EXISTS alone asks for the right to create even where the schema is there.
            if self.prefix and not self._rows(f"SELECT 1 FROM pg_namespace WHERE nspname = '{SCHEMA}'"):  # noqa: S608
                self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            self.connection.execute(
                f"CREATE TABLE IF NOT EXISTS {self.prefix}boot (id integer PRIMARY KEY CHECK (id = 1), "
                "wrapped_key text, canary text, prepared text)"
            )
        except psycopg.errors.InsufficientPrivilege:
            info = self.connection.info
            quoted = {name: '"' + text.replace('"', '""') + '"' for name, text in
                      (("database", info.dbname), ("user", info.user))}  # fmt: skip
            raise failure("internal-privilege", variable, platform=platform, **quoted) from None

    def close(self) -> None:
        """Close the connection, dead or alive."""
        with contextlib.suppress(psycopg.Error, sqlite3.Error):
            self.connection.close()

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return list(self.connection.execute(query).fetchall())
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return []
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return []


def postgres_store(connection: psycopg.Connection[Any]) -> Store:
    """Return the store in schema mathesar_internal; names are qualified, so any search path and pooler will do."""
    return Store(connection, prefix=f"{SCHEMA}.", mark="%s")


def sqlite_store(data_dir: Path) -> Store:
    """Return the store in the data directory's SQLite database, in its write-ahead mode."""
    path = data_dir / SQLITE
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # its journal gets the same mode
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    return Store(connection, prefix="", mark="?")
