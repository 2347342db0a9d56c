"""What in a database uses the Mathesar schema, and would go with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from mathesar.dbschema.errors import Lost, SchemaError
from mathesar.dbschema.shipped import FOLDER
from mathesar.dbschema.state import Object, read

WALK = (FOLDER / "dependents.sql").read_text("utf-8")


@dataclass(frozen=True)
class Dependent:
    """One column or object outside of what we made.

    For a column `kind` is that of its relation (table, view, materialized view, foreign table, type), `type` its own.
    Of a domain or function, `type` is the base or result. Of what belongs to a table (constraint, index, default,
    policy, ...) `column` is the name. Of anything else, `kind` and `table` are PostgreSQL's own words for it.
    """

    schema: str
    table: str
    column: str
    type: str
    kind: str


def dependents(connection: psycopg.Connection[Any]) -> list[Dependent]:
    """Return everything that uses our types or functions, directly or not; nothing where the schema is not ours.

    Raises:
        SchemaError: the database did not answer.
    """
    found = read(connection)
    return [] if found.foreign else dependents_of(connection, found.ours())


def dependents_of(connection: psycopg.Connection[Any], objects: list[Object]) -> list[Dependent]:
    """Return what uses some of our objects and is none of them."""
    if not objects:
        return []
    given = {"classes": [f"pg_catalog.{each.catalogue}" for each in objects], "ids": [each.oid for each in objects]}
    try:
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(WALK, given, prepare=False).fetchone()
    except psycopg.Error:
        raise (Lost() if connection.broken else SchemaError()) from None
    text = row[0] if row else None
    return [Dependent(*each) for each in json.loads(text or "[]")]
