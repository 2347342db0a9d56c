"""The sample database: a small town's library, made once and then the person's own to change."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from mathesar.embedded.cluster import SUPERUSER, Cluster
from provisioner.localpg.errors import ServerFailed

NAME = "sample"
OWNER = "mathesar"
LABEL = "Sample library"
_LOADED = "The sample library of Mathesar"


def ensure(cluster: Cluster) -> None:
    """Make the role and the database unless they are there; load the tables in one transaction.

    The database's comment, set in that same transaction, says that it was loaded: a kill at any moment leaves
    all or nothing, and tables that a person removed stay removed. Raises ServerFailed.
    """
    try:
        if not _is_loaded(cluster):
            _load(cluster)
    except psycopg.Error as error:
        reason = error.diag.message_primary or type(error).__name__
        raise ServerFailed(f"The sample database could not be made: {reason}. Log: {cluster.log}") from None


def _is_loaded(cluster: Cluster) -> bool:
    """Return whether the sample is there whole; make its role and an empty database on the way."""
    keywords = cluster.url(SUPERUSER, "postgres").conninfo()
    with psycopg.connect(**keywords, autocommit=True) as connection:
        role = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone()
        if role is None:
            secret = connection.pgconn.encrypt_password(
                cluster.password().get_secret_value().encode(), OWNER.encode(), b"scram-sha-256"
            )
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                    sql.Identifier(OWNER), sql.Literal(secret.decode())
                )
            )
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (NAME,)
        ).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(OWNER))
            )
        return found is not None and found[0] is not None


def _load(cluster: Cluster) -> None:
    script = Path(__file__).with_name("sample.sql").read_bytes()
    with psycopg.connect(**cluster.url(OWNER, NAME).conninfo()) as connection:
        connection.execute(script)
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(NAME), sql.Literal(_LOADED)))
