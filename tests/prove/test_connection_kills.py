"""A process that is killed at any moment of adding, editing, adopting or removing leaves nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kill_points import kill_points
from tests.mathesar.connections.site_of_databases import OWNER, OWNER_PASSWORD, make_database, schemas
from tests.mathesar.plans import KEY
from tests.postgres import PostgresServer
from tests.system.inside import code, inside

pytestmark = pytest.mark.prove
INTERNAL, USER = "kills_internal", "kills_user"
NEW_PASSWORD = "swapped %/@:0123"
TABLE = "mathesar_internal.connections_database"
BOTH = {"msar", "mathesar_types"}

BEGIN = """
import os
from mathesar.connections import keyring, opening, removal, service
from mathesar.connections.credentials import read_fields
from mathesar.connections.errors import Conflict
from mathesar.connections.models import Database
given = read_fields({"host": "127.0.0.1", "port": os.environ["AT"], "dbname": "kills_user", "username": "owner+1",
                     "password": os.environ["OWNERS"], "sslmode": "disable"})
from django.db import connection as internal
internal.ensure_connection()
from tests.kill_points import count_from_here
count_from_here()
"""
END = """
row = Database.objects.get()
assert keyring.open_row(row) == given
with opening.opened(row) as connection:
    assert connection.execute("SELECT 1").fetchone() == (1,)
"""
ADD = """
try:
    service.add("Books", given)
except Conflict as conflict:  # the run before was killed when all was done
    assert conflict.finding.kind == "connection-name-taken"
"""
EDIT = 'service.edit(Database.objects.get(), name="Ledger", credentials=given)'
ADOPT = """
row = Database.objects.get()
if row.source == "env":
    service.adopt(row, given)
"""
REMOVE = """
for row in Database.objects.all():
    removal.remove(row, with_schema=True)
"""


class Install:
    """One install, its internal database and one user database, and what both hold."""

    def __init__(self, server: PostgresServer, home: Path) -> None:
        self.server = server
        self.environ = {
            "HOME": str(home),
            "MATHESAR_INTERNAL_DATABASE_URL": server.create_database(INTERNAL),
            "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
            "SECRET_KEY": KEY,
            "AT": str(server.port),
            "OWNERS": OWNER_PASSWORD,
        }
        inside("", self.environ)

    def run(self, work: str) -> None:
        inside(BEGIN + work, self.environ)

    def empty(self) -> None:
        self.server.psql(f"DELETE FROM {TABLE}", INTERNAL)
        make_database(self.server, USER)

    def rows(self) -> list[tuple[Any, ...]]:
        columns = "source, name, version, sealed, key_id, status, removing_at IS NOT NULL"
        return self.server.psql(f"SELECT {columns} FROM {TABLE}", INTERNAL)

    def schemas(self) -> set[str]:
        found = schemas(self.server, USER)
        assert found in (set(), BOTH)
        return found


@pytest.fixture
def install(site: PostgresServer, tmp_path: Path) -> Iterator[Install]:
    made = Install(site, tmp_path)
    yield made
    site.create_role(OWNER, OWNER_PASSWORD)


def count(install: Install, work: str, prepare: Any, check: Any) -> None:
    statements = kill_points(code(BEGIN + work), install.environ, check, prepare=prepare)
    assert statements > 3
    print(f"{statements} statements")


def test_add(install: Install) -> None:
    def check() -> None:
        rows = install.rows()
        assert len(rows) <= 1
        for source, name, version, sealed, key_id, status, removing in rows:
            assert (source, name, version, status, removing) == ("ui", "Books", 1, "connected", False)
            assert sealed
            assert key_id
            assert install.schemas() == BOTH
        install.schemas()

    count(install, ADD + END, install.empty, check)


def test_edit(install: Install) -> None:
    install.empty()
    install.run(ADD)
    before = install.rows()[0]
    columns = install.server.psql(f"SELECT name, key, version, sealed, key_id, fingerprint FROM {TABLE}", INTERNAL)[0]

    def prepare() -> None:
        quoted = [str(value).replace("'", "''") for value in columns]
        assignments = ", ".join(
            f"{name} = '{value}'"
            for name, value in zip(("name", "key", "version", "sealed", "key_id", "fingerprint"), quoted, strict=True)
        )
        install.server.psql(f"UPDATE {TABLE} SET {assignments}", INTERNAL)
        assert install.rows()[0] == before

    def check() -> None:
        (row,) = install.rows()
        assert row == before or (row[1] == "Ledger" and row[2] > 1 and row[3] != before[3] and row[5] == "connected")

    install.server.create_role(OWNER, NEW_PASSWORD)
    install.environ["OWNERS"] = NEW_PASSWORD
    count(install, EDIT + END, prepare, check)


def test_adopt(install: Install) -> None:
    def prepare() -> None:
        install.empty()
        columns = "id, source, name, key, label, variable, position, fingerprint, identity, status, status_code"
        more = "server_version, detached_at, created_at, key_id, sealed, version, wants_schema, types_only"
        install.server.psql(
            f"INSERT INTO {TABLE} ({columns}, {more}, schema, schema_version, schema_code) VALUES (gen_random_uuid(),"
            " 'env', 'Sales', 'sales', '', 'MATHESAR_DATABASES', 0, '', '', 'detached', '', '', now(), now(), '', '',"
            " 1, true, false, 'unknown', '', '')",
            INTERNAL,
        )

    def check() -> None:
        (row,) = install.rows()
        detached = (row[0], row[3], row[4], row[5]) == ("env", "", "", "detached")
        assert detached or (row[0] == "ui" and row[3] and row[4] and row[5] == "connected")

    count(install, ADOPT + END, prepare, check)


def test_remove(install: Install) -> None:
    def prepare() -> None:
        install.empty()
        install.run(ADD)

    def check() -> None:
        rows, there = install.rows(), install.schemas()
        if not rows:
            assert there == set()
            return
        ((source, name, version, sealed, _, _, removing),) = rows
        assert (source, name, version, bool(sealed)) == ("ui", "Books", 1, True)
        assert removing or there == BOTH

    count(install, REMOVE, prepare, check)
