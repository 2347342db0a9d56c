"""The Mathesar schema of one connection: install, remove, and what depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from mathesar import dbschema
from mathesar.connections.errors import Conflict, ConnectionProblem, ConnectionRefused, live
from mathesar.connections.models import Database, Schema, Status
from mathesar.connections.opening import opened
from provisioner.findings import Finding, finding

KINDS = {
    "foreign": "schema-foreign",
    "in-use": "schema-in-use",
    "busy": "schema-busy",
    "remains": "schema-others-inside",
    "not-owner": "schema-not-owner",
}


class SchemaRefused(Conflict):
    """The Mathesar schema cannot be changed so; nothing was."""


def install(row: Database, *, types_only: bool | None = None) -> None:
    """Install or upgrade the Mathesar schema in a row's database, and note what became of it.

    Raises:
        SchemaRefused: the database does not permit it; the row's `schema_code` says why.
        ConnectionRefused, Locked: it cannot be opened.
    """
    wanted = row.types_only if types_only is None else types_only
    try:
        with _changing(row) as connection:
            state = dbschema.install(connection, types_only=wanted)
    except ConnectionProblem as problem:
        row.record_status(schema_code=problem.finding.kind)
        raise
    columns: dict[str, Any] = {"schema": state.state, "schema_version": state.version, "schema_code": ""}
    if row.status == Status.SCHEMA_MISSING:
        columns |= {"status": Status.CONNECTED, "status_code": ""}
    row.record_status(**columns)
    row.choose_schema(wanted=True, types_only=wanted)


def remove(row: Database, *, cascade: bool = False) -> None:
    """Remove the Mathesar schema from a row's database, and do not install it again by ourselves.

    Raises:
        SchemaRefused: it is in use (unless `cascade`) or not ours; nothing was changed.
        ConnectionRefused, Locked: it cannot be opened.
    """
    with _changing(row) as connection:
        dbschema.uninstall(connection, cascade=cascade)
    row.record_status(schema=Schema.MISSING, schema_version="", schema_code="")
    row.choose_schema(wanted=False, types_only=row.types_only)


def forgo_elsewhere(row: Database) -> list[str]:
    """Let no other row that leads to the same database bring its schema back; return their names."""
    same = Database.objects.exclude(pk=row.pk).exclude(identity="").filter(identity=row.identity, wants_schema=True)
    found = list(same)
    for other in found:
        other.record_status(schema=Schema.MISSING, schema_version="", schema_code="")
        other.choose_schema(wanted=False, types_only=other.types_only)
    return [other.name for other in found]


def state(row: Database) -> dbschema.State:
    """Return what there is of the Mathesar schema in a row's database.

    Raises:
        ConnectionRefused, Locked: it cannot be opened.
    """
    with _changing(row) as connection:
        return dbschema.read_state(connection)


def dependents(row: Database) -> list[dbschema.Dependent]:
    """Return what in a row's database uses the Mathesar schema.

    Raises:
        ConnectionRefused, Locked: it cannot be opened.
    """
    with _changing(row) as connection:
        return dbschema.dependents(connection)


def problem_of(error: dbschema.SchemaError) -> Finding:
    """Return the finding for an error of the schema's own room."""
    if isinstance(error, dbschema.NoCreate):
        return finding("live-no-create", "schema", grant=error.grant)
    if error.code == "lost":
        return live("lost")
    what = ", ".join(error.names) if isinstance(error, dbschema.Remains) else ""
    if isinstance(error, dbschema.NotOwner):
        what = error.owner
    return finding(KINDS.get(error.code, "schema-failed"), "schema", what=what)


@contextmanager
def _changing(row: Database) -> Iterator[psycopg.Connection[Any]]:
    try:
        with opened(row) as connection:
            yield connection
    except dbschema.SchemaError as error:
        raise SchemaRefused(problem_of(error)) from None
    except psycopg.Error:
        raise ConnectionRefused(live("lost")) from None
