"""Removing a connection, with or without the Mathesar schema in its database.

With the schema: the row is marked, the schema goes in one transaction of its database, then the row with its
credentials. A process that dies in between leaves a marked row, which start-up does not touch, and which is removed
by asking again. Where the schema cannot go, the mark is taken back and nothing has changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mathesar import dbschema
from mathesar.connections import opening, schema
from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.guard import changes_from_the_environment
from mathesar.connections.models import Database, Schema, Source, Status
from mathesar.connections.service import refuse_environment
from provisioner.findings import Finding


@dataclass(frozen=True)
class Removal:
    """What removing would take along. `problem` says why the database could not be asked, if so."""

    has_schema: bool
    dependents: tuple[dbschema.Dependent, ...] = ()
    problem: Finding | None = None


def foresee(row: Database) -> Removal:
    """Look at what removing a connection with its schema would take along; never raises for a dead server.

    Raises:
        ReadOnlyDatabase: the environment defines it.
    """
    refuse_environment(row)
    if row.status == Status.DETACHED:
        return Removal(has_schema=False)
    try:
        with opening.opened(row) as connection:
            state = dbschema.read_state(connection)
            there = state.state in (Schema.CURRENT, Schema.OUTDATED)
            return Removal(there, tuple(dbschema.dependents(connection)) if there else ())
    except ConnectionProblem as problem:
        return Removal(row.schema in (Schema.CURRENT, Schema.OUTDATED), problem=problem.finding)
    except dbschema.SchemaError as error:
        return Removal(row.schema in (Schema.CURRENT, Schema.OUTDATED), problem=schema.problem_of(error))


def remove(row: Database, *, with_schema: bool = False, cascade: bool = False) -> None:
    """Remove a connection; `with_schema` takes the Mathesar schema first, `cascade` what depends on it too.

    Raises:
        ReadOnlyDatabase: the environment defines it.
        SchemaRefused, ConnectionRefused, Locked: the schema could not be removed; nothing has changed, and the
            connection can still be removed without it.
    """
    refuse_environment(row)
    if with_schema and row.status != Status.DETACHED:
        _mark(row, True)
        try:
            schema.remove(row, cascade=cascade)
        except ConnectionProblem:
            _mark(row, False)
            raise
    with changes_from_the_environment(), transaction.atomic():
        stored = Database.objects.select_for_update().filter(pk=row.pk).first()
        if stored is not None:
            refuse_environment(stored)
            stored.delete()
    opening.forget(row.pk)


def _mark(row: Database, removing: bool) -> None:
    Database.objects.filter(pk=row.pk, source=Source.PERSON).update(removing_at=timezone.now() if removing else None)
