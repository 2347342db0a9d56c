"""What there is of the Mathesar schema in a database: one statement, which every role may run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from mathesar.dbschema.errors import Lost, SchemaError
from mathesar.dbschema.record import Record, checksum, parse
from mathesar.dbschema.shipped import FOLDER, RECORD, VERSION, shipped

TYPES_SCHEMA = "mathesar_types"
FUNCTIONS_SCHEMA = "msar"
READ = (FOLDER / "read.sql").read_text("utf-8")


@dataclass(frozen=True)
class State:
    """The schema as it is.

    `outdated` is what `install` would change: an older version, or one that is `damaged`, that is not as it was
    installed. A `newer` one is current, and left alone. `version` is "" where it is missing or foreign.
    """

    state: Literal["current", "outdated", "missing", "foreign"]
    version: str = ""
    types_only: bool = False
    newer: bool = False
    damaged: bool = False


@dataclass(frozen=True)
class Object:
    """One object in our schemas: its catalogue and number there, and what it consists of."""

    key: str
    catalogue: str
    oid: int
    definition: str
    signature: str


@dataclass(frozen=True)
class Found:
    """All that was read. `owner` is the owner of mathesar_types, `mine` whether we have that role's rights."""

    database: str
    role: str
    may_create: bool
    may_be_owner: bool
    schemas: Mapping[str, int]
    owner: str
    mine: bool
    record: Record | None
    objects: Mapping[str, Object]

    @property
    def foreign(self) -> bool:
        """Tell whether one of the schemas is there and not ours."""
        if TYPES_SCHEMA in self.schemas and self.record is None:
            return True
        if FUNCTIONS_SCHEMA not in self.schemas:
            return False
        return not any(found.key.startswith(f"function {FUNCTIONS_SCHEMA}.") for found in self.ours())

    def state(self) -> State:
        """Judge it."""
        if self.foreign:
            return State("foreign")
        if self.record is None:
            return State("missing")
        record = self.record
        if _order(record.version) > _order(VERSION):
            return State("current", record.version, record.types_only, newer=True)
        damaged = checksum(self.definitions(record.objects)) != record.checksum
        same = record.version == VERSION and record.source == shipped().source
        return State(
            "current" if same and not damaged else "outdated", record.version, record.types_only, False, damaged
        )

    def definitions(self, keys: frozenset[str]) -> dict[str, str]:
        """Return the definitions of those objects that are there; the record's own is left out."""
        return {
            key: f"{found.signature} {found.definition}"
            for key, found in self.objects.items()
            if key in keys and key != RECORD
        }

    def ours(self) -> list[Object]:
        """Return the objects that an install made and that are still there."""
        keys = self.record.objects if self.record else frozenset()
        return [found for key, found in sorted(self.objects.items()) if key in keys]


def read_state(connection: psycopg.Connection[Any]) -> State:
    """Read the state; a transaction that is open goes on.

    Raises:
        SchemaError: `Lost`, or "other" for what no missing privilege can cause.
    """
    return read(connection).state()


def may_install(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether the role may create schemas in the database."""
    return read(connection).may_create


def grant_statement(connection: psycopg.Connection[Any]) -> str:
    """Return the statement by which the database's owner lets the role install the schema."""
    return grant(read(connection), connection)


def read(connection: psycopg.Connection[Any]) -> Found:
    """Read everything at once."""
    try:
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(READ, prepare=False).fetchone()
    except psycopg.Error:
        raise (Lost() if connection.broken else SchemaError()) from None
    return parse_found(row)


def parse_found(row: tuple[Any, ...] | None) -> Found:
    """Return what a row of `READ` says."""
    text = row[0] if row else "{}"
    content = json.loads(text if isinstance(text, str) else text.decode("utf-8", "replace"))
    schemas = content["schemas"] or {}
    types = schemas.get(TYPES_SCHEMA, {})
    objects = [
        Object(each["key"], each["class"], each["oid"], each["definition"], each["signature"])
        for each in content["objects"] or ()
    ]
    return Found(
        database=content["database"],
        role=content["role"],
        may_create=content["may_create"],
        may_be_owner=bool(content["may_be_owner"]),
        schemas={name: each["oid"] for name, each in schemas.items()},
        owner=types.get("owner", ""),
        mine=types.get("mine", False),
        record=parse(content["record"]),
        objects={each.key: each for each in objects},
    )


def grant(found: Found, connection: psycopg.Connection[Any]) -> str:
    """Return the statement by which the database's owner lets the role create schemas."""
    statement = sql.SQL("GRANT CREATE ON DATABASE {} TO {};")
    return statement.format(sql.Identifier(found.database), sql.Identifier(found.role)).as_string(connection)


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
