"""Removing what was installed, and nothing else."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import errors

from mathesar.dbschema.dependents import dependents_of
from mathesar.dbschema.errors import Foreign, InUse, NotOwner, Remains
from mathesar.dbschema.state import FUNCTIONS_SCHEMA, TYPES_SCHEMA, Object, read
from mathesar.dbschema.transaction import LIMIT_SECONDS, Cursor, exclusive

ORDER = ("cast", "function", "domain", "type")  # so that each is dropped before what it consists of
INSIDE = """
SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_namespace n ON n.oid = d.refobjid
WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'n'
    AND n.nspname IN ('mathesar_types', 'msar')
ORDER BY 1
"""


def uninstall(connection: psycopg.Connection[Any], *, cascade: bool = False, seconds: float = LIMIT_SECONDS) -> None:
    """Remove the schema; where it is not there, do nothing.

    `cascade` takes everything along that uses it (see `dependents`): columns lose their data. Objects that others put
    into our schemas are never dropped for being there: they keep the schema from being removed. `seconds` is how long
    to try while another process is at it.

    Raises:
        Foreign, NotOwner, InUse, Remains, Busy, Lost, SchemaError: nothing was changed (see `errors`).
    """
    if not read(connection).schemas:
        return
    with exclusive(connection, seconds) as (cursor, found):
        if not found.schemas:
            return
        if found.foreign:
            raise Foreign
        if not found.mine:
            raise NotOwner(found.owner)
        used = [] if cascade else dependents_of(connection, found.ours())
        if used:
            raise InUse(used)
        try:
            _drop(cursor, found.ours(), found.schemas.keys() & {TYPES_SCHEMA, FUNCTIONS_SCHEMA}, cascade)
        except errors.InsufficientPrivilege:
            raise NotOwner(found.owner) from None
        except errors.DependentObjectsStillExist:  # somebody began to use it meanwhile
            connection.execute("ROLLBACK", prepare=False)
            raise InUse(dependents_of(connection, found.ours())) from None


def _drop(cursor: Cursor, ours: list[Object], schemas: set[str], cascade: bool) -> None:
    """Drop our objects, and the schemas if nothing is left in them; commit."""
    ours = sorted(ours, key=lambda each: ORDER.index(each.key.partition(" ")[0]))
    how = "CASCADE" if cascade else "RESTRICT"
    # IF EXISTS: a cascade may have taken along what comes later
    drops = [f"DROP {kind.upper()} IF EXISTS {name} {how};" for kind, _, name in (e.key.partition(" ") for e in ours)]
    cursor.execute("\n".join(drops), prepare=False)
    cursor.execute(INSIDE, prepare=False)
    if names := [str(row[0]) for row in cursor.fetchall()]:
        raise Remains(names)
    cursor.execute(f"DROP SCHEMA {', '.join(sorted(schemas))} RESTRICT; COMMIT;", prepare=False)
