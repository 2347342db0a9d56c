"""Trying for real what privileges promise, in one transaction that is always rolled back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from provisioner.doctor.facts import INTERNAL_SCHEMA, LIMITS, Facts

SCHEMA, PUBLIC, INTERNAL = "schema", "public", "internal"
_REFUSALS = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.FeatureNotSupported,  # a managed server that allows chosen extensions alone
    psycopg.errors.ObjectNotInPrerequisiteState,
)


def attempt(connection: psycopg.Connection[Any], facts: Facts) -> Mapping[str, bool | None]:
    """Return what worked, by SCHEMA, PUBLIC, INTERNAL and the name of each extension that is available.

    None is "could not be tried": somebody held a lock, or the server said something that is no refusal. Locks are
    waited for no longer than a second. Raises psycopg.Error when the connection is lost.
    """
    name = sql.Identifier(f"mathesar_doctor_{secrets.token_hex(6)}")
    make_schema = sql.SQL("CREATE SCHEMA {}").format(name)
    make_type = sql.SQL("CREATE DOMAIN {0}.{0} AS text").format(name)
    make_table = sql.SQL("CREATE TABLE {}.{} (id integer)")
    wanted: dict[str, Sequence[sql.Composed]] = {SCHEMA: [make_schema, make_type]}
    if facts.may_create_in_public is not None:
        wanted[PUBLIC] = [make_table.format(sql.Identifier("public"), name)]
    if facts.may_create_in_internal is None:
        wanted[INTERNAL] = [make_schema, make_table.format(name, name)]
    else:
        wanted[INTERNAL] = [make_table.format(sql.Identifier(INTERNAL_SCHEMA), name)]
    have = {each.partition(" ")[0] for each in facts.installed}
    for extension in (each for each, _ in facts.available if each not in have):
        wanted[extension] = [sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension))]
    with connection.transaction(force_rollback=True):
        connection.execute(LIMITS)
        return {key: _try(connection, statements) for key, statements in wanted.items()}


def _try(connection: psycopg.Connection[Any], statements: Sequence[sql.Composed]) -> bool | None:
    try:
        with connection.transaction(force_rollback=True):
            for statement in statements:
                connection.execute(statement)
    except _REFUSALS:
        return False
    except psycopg.Error:
        if connection.broken:
            raise
        return None
    return True
