"""What a server says about itself, the database and our role: one read-only transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import psycopg

LIMITS = "SET LOCAL statement_timeout = '3s'; SET LOCAL lock_timeout = '1s'"
INTERNAL_SCHEMA = "mathesar_internal"
TYPES_SCHEMA = "mathesar_types"
OLDEST, NEWEST = 13, 18
WANTED = ("citext", "pg_trgm")  # trusted since 13; search and case-insensitive columns use them

# A search path of the role's own could put other functions before PostgreSQL's.
_PATH = "SET LOCAL search_path = pg_catalog, pg_temp"
_QUERY = """
SELECT current_setting('server_version') AS version,
    current_setting('server_version_num')::int / 10000 AS major,
    current_user::text AS role,
    d.datname::text AS database,
    pg_get_userbyid(d.datdba)::text AS owner,
    r.rolsuper AS superuser,
    pg_has_role(d.datdba, 'USAGE') AS owns,
    r.rolcreatedb AS creates_databases,
    has_database_privilege(d.oid, 'CREATE') AS may_create,
    has_schema_privilege(p.oid, 'CREATE') AS may_create_in_public,
    has_schema_privilege(i.oid, 'CREATE') AND has_schema_privilege(i.oid, 'USAGE') AS may_create_in_internal,
    pg_get_userbyid(t.nspowner)::text AS types_owner,
    pg_has_role(t.nspowner, 'USAGE') AS owns_types,
    EXISTS (SELECT FROM pg_proc WHERE pronamespace = t.oid AND proname = 'installed') AS types_are_ours,
    pg_is_in_recovery() AS standby,
    current_setting('default_transaction_read_only')::bool AS read_only_by_default,
    current_setting('max_connections')::int AS max_connections,
    CASE WHEN r.rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int END AS reserved,
    CASE WHEN r.rolsuper THEN -1 ELSE r.rolconnlimit END AS role_limit,
    CASE WHEN r.rolsuper THEN -1 ELSE d.datconnlimit END AS database_limit,
    (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database) AS in_use,
    d.oid::text AS database_id,
    ARRAY(SELECT extname::text || ' ' || extversion FROM pg_extension ORDER BY 1) AS installed,
    has_function_privilege('pg_control_system()', 'execute') AS may_ask_system
FROM pg_database d
    JOIN pg_roles r ON r.rolname = current_user
    LEFT JOIN pg_namespace p ON p.nspname = 'public'
    LEFT JOIN pg_namespace i ON i.nspname = 'mathesar_internal'
    LEFT JOIN pg_namespace t ON t.nspname = 'mathesar_types'
WHERE d.datname = current_database()
"""
_EXTENSIONS = """
SELECT v.name::text, bool_or(v.trusted OR NOT v.superuser) FROM pg_available_extension_versions v
    JOIN pg_available_extensions e ON e.name = v.name AND e.default_version = v.version
WHERE v.name = ANY(%s) GROUP BY v.name
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """One row of the query above and what followed. None is "no such schema"; a limit of -1 is none."""

    version: str
    major: int
    role: str
    database: str
    owner: str
    superuser: bool
    owns: bool
    creates_databases: bool
    may_create: bool
    may_create_in_public: bool | None
    may_create_in_internal: bool | None
    types_owner: str | None
    owns_types: bool | None
    types_are_ours: bool
    standby: bool
    read_only_by_default: bool
    max_connections: int
    reserved: int
    role_limit: int
    database_limit: int
    in_use: int
    database_id: str
    installed: tuple[str, ...]
    available: tuple[tuple[str, bool], ...]  # of WANTED: the name, and whether CREATE on the database is enough
    system: str | None  # the server's own identifier, where this role may ask
    claimed: bool | None  # has the first superuser been set up; None where that cannot be read

    @property
    def read_only(self) -> bool:
        """Does it refuse changes?"""
        return self.standby or self.read_only_by_default


def read_facts(connection: psycopg.Connection[Any], *, internal: bool) -> Facts:
    """Ask an idle autocommit connection; psycopg.Error where that fails.

    Only of an `internal` database our own table is read: elsewhere one of that name could be anything.
    """
    with reading(connection):
        row = connection.execute(_QUERY).fetchone()
        if row is None:
            raise psycopg.DataError
        names = [field.name for field in fields(Facts)][: len(row) - 1]
        known: dict[str, Any] = dict(zip(names, row, strict=False))
        known["installed"] = tuple(known["installed"])
        available: list[tuple[str, bool]] = []
        if known["major"] >= OLDEST:
            available = [(str(name), bool(plain)) for name, plain in connection.execute(_EXTENSIONS, [list(WANTED)])]
        system = None
        if row[-1]:
            asked = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
            system = str(asked[0]) if asked else None
        claimed = _claimed(connection) if internal else None
    return Facts(**known, available=tuple(sorted(available)), system=system, claimed=claimed)


@contextmanager
def reading(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Be in a transaction that can change nothing, and waits for nothing long."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute(f"{LIMITS}; {_PATH}")
        yield


def _claimed(connection: psycopg.Connection[Any]) -> bool | None:
    """Has somebody claimed this install? The table is there once the app has started on this database."""
    table = f"{INTERNAL_SCHEMA}.setup_installation"
    try:
        with connection.transaction():
            row = connection.execute(f"SELECT claimed_at IS NOT NULL FROM {table}").fetchone()  # noqa: S608 - our name
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn):
        return None
    return bool(row[0]) if row else False
