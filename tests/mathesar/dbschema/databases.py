"""Databases and roles for the tests of the Mathesar schema, and what there is in one."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from mathesar.dbschema.shipped import Shipped
from tests.mathesar.dbschema import older
from tests.postgres import PASSWORD, SUPERUSER, PostgresServer

NAME = "dbschema_tests"
OWNER, CREATOR, PLAIN, MEMBER = "schema_owner", "schema_creator", "schema_plain", "schema_member"
OLDER = Shipped.load("0.9", older.FOLDER, ("all",), ("all",))


def make_roles(server: PostgresServer) -> None:
    """Make the roles: none of them is a superuser."""
    for role in (OWNER, CREATOR, PLAIN, MEMBER):
        server.create_role(role, PASSWORD)


def make_database(server: PostgresServer, name: str = NAME, *, template: str = "") -> None:
    """Make a database that one role owns and another may create schemas in."""
    server.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.psql(f"CREATE DATABASE {name} OWNER {OWNER} {template}")
    server.psql(f"GRANT CREATE ON DATABASE {name} TO {CREATOR}")


def connect(server: PostgresServer, role: str = SUPERUSER, name: str = NAME, **more: Any) -> psycopg.Connection[Any]:
    """Open a connection as Mathesar's are."""
    return psycopg.connect(
        server.url(name, user=role, password=PASSWORD), autocommit=True, prepare_threshold=None, **more
    )


def objects(server: PostgresServer, name: str = NAME) -> list[tuple[object, ...]]:
    """Return everything in the database that is not PostgreSQL's own, with owners, rights and comments.

    The numbers of objects are left out, so that two states can be compared.
    """
    return server.psql(
        """
        SELECT d.class, o.type, o.identity, o.details, obj_description(d.id, d.class)
        FROM (
            SELECT 'pg_namespace', oid, nspowner::regrole || coalesce(nspacl::text, '')
            FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
            UNION ALL SELECT 'pg_proc', oid, proowner::regrole || md5(prosrc) || coalesce(proacl::text, '') FROM pg_proc
            UNION ALL SELECT 'pg_type', oid, typowner::regrole || coalesce(typacl::text, '') FROM pg_type
            UNION ALL SELECT 'pg_class', oid, relowner::regrole || coalesce(relacl::text, '') FROM pg_class
            UNION ALL SELECT 'pg_cast', oid, '' FROM pg_cast
            UNION ALL SELECT 'pg_constraint', oid, pg_get_constraintdef(oid) FROM pg_constraint
        ) AS d (class, id, details)
        CROSS JOIN LATERAL (
            SELECT i.type, i.identity, d.details FROM pg_identify_object(d.class::regclass, d.id, 0) AS i
        ) AS o
        WHERE d.id >= 16384 AND o.identity !~ 'pg_toast'
        ORDER BY 1, 2, 3
        """,
        name,
    )


def run(connection: psycopg.Connection[Any], statement: str, *names: str) -> list[Any]:
    """Run one statement, its {} filled with identifiers; return its rows."""
    query = sql.SQL(statement).format(*map(sql.Identifier, names)) if names else statement.encode()
    cursor = connection.execute(query)
    return cursor.fetchall() if cursor.description else []
