"""Installing, upgrading and repairing: the same statements, in one transaction and few round trips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import errors, sql

from mathesar.dbschema.dependents import dependents_of
from mathesar.dbschema.errors import Foreign, InUse, NoCreate, NotOwner
from mathesar.dbschema.record import Record, checksum
from mathesar.dbschema.shipped import RECORD, Shipped, shipped
from mathesar.dbschema.state import FUNCTIONS_SCHEMA, READ, TYPES_SCHEMA, Found, Object, State, grant, parse_found, read
from mathesar.dbschema.transaction import LIMIT_SECONDS, Cursor, exclusive, last_row

MEANINGS = {
    TYPES_SCHEMA: "Types of columns that Mathesar offers. Made by Mathesar.",
    FUNCTIONS_SCHEMA: "Functions of Mathesar. Made by Mathesar.",
}
FOREIGN = "MP709"  # the SQLSTATE by which our SQL says so


def install(
    connection: psycopg.Connection[Any],
    *,
    types_only: bool = False,
    seconds: float = LIMIT_SECONDS,
    sources: Shipped | None = None,
) -> State:
    """Install the schema, or upgrade or repair the one that is there; return its state.

    `types_only` leaves out `msar`, but removes nothing. Where all is as it should be this is one statement that only
    reads. `seconds` is how long to try while another process is at it, `sources` another version's SQL.

    Raises:
        NoCreate, NotOwner, Foreign, InUse, Busy, Lost, SchemaError: nothing was changed (see `errors`).
    """
    sources = sources or shipped()
    if _is_done(state := read(connection).state(), types_only):
        return state
    with exclusive(connection, seconds) as (cursor, found):
        if _is_done(state := found.state(), types_only):  # somebody else did it meanwhile
            return state
        if found.foreign:
            raise Foreign
        types_only = types_only and FUNCTIONS_SCHEMA not in found.schemas
        makes = sources.makes(types_only=types_only)
        _check(found, types_only, makes, connection)
        try:
            cursor.execute(_statements(found, sources, makes, types_only) + READ, prepare=False)
        except errors.InsufficientPrivilege:
            raise (NotOwner(found.owner) if found.owner else NoCreate(grant(found, connection))) from None
        except errors.DependentObjectsStillExist:
            connection.execute("ROLLBACK", prepare=False)
            raise InUse(dependents_of(connection, _changed(found, makes))) from None
        except psycopg.Error as error:
            if error.sqlstate == FOREIGN:
                raise Foreign from None
            raise
        return _record(cursor, found, sources, makes, types_only)


def _is_done(state: State, types_only: bool) -> bool:
    return state.newer or (state.state == "current" and (types_only or not state.types_only))


def _check(found: Found, types_only: bool, makes: Mapping[str, str], connection: psycopg.Connection[Any]) -> None:
    """Refuse what the server would refuse, and what would replace another's object."""
    if found.record is not None and not found.mine:
        raise NotOwner(found.owner)
    wanted = {TYPES_SCHEMA} if types_only else {TYPES_SCHEMA, FUNCTIONS_SCHEMA}
    if wanted - found.schemas.keys() and not found.may_create:
        raise NoCreate(grant(found, connection))
    recorded = found.record.objects if found.record else frozenset()
    if any(key in found.objects and key not in recorded for key in makes):
        raise Foreign


def _statements(found: Found, sources: Shipped, makes: Mapping[str, str], types_only: bool) -> str:
    """Return everything to be run, as one text."""
    owner = found.owner or found.role
    become = found.may_be_owner and owner != found.role  # so that all objects have one owner
    parts: list[str] = []
    for name in (TYPES_SCHEMA, *(() if types_only else (FUNCTIONS_SCHEMA,))):
        if name not in found.schemas:
            parts += [
                f"CREATE SCHEMA {name};",
                f"GRANT USAGE ON SCHEMA {name} TO PUBLIC;",
                f"COMMENT ON SCHEMA {name} IS '{MEANINGS[name]}';",
                _sql("ALTER SCHEMA {} OWNER TO {};", name, owner) if become else "",
            ]
    if become:
        parts.append(_sql("SET LOCAL ROLE {};", owner))
    parts += [f"DROP {each.key};" for each in _changed(found, makes)]
    parts.append(sources.text(types_only=types_only))
    parts += [_drop_if_unused(each.key) for each in found.ours() if each.key not in makes]
    parts += [_permit(key) for key in makes if key not in found.objects and key != RECORD]
    return "\n".join(parts) + "\n"


def _changed(found: Found, makes: Mapping[str, str]) -> list[Object]:
    """Return the functions with other names of arguments or another result, which CREATE OR REPLACE cannot change."""
    return [each for each in found.ours() if each.signature != makes.get(each.key, each.signature)]


def _record(cursor: Cursor, found: Found, sources: Shipped, makes: Mapping[str, str], types_only: bool) -> State:
    """Write down what is there now, and commit."""
    now = parse_found(last_row(cursor))
    before = found.record.objects if found.record else frozenset()
    ours = frozenset(makes) | (before & now.objects.keys())  # with those that are gone by now but still used
    record = Record(sources.version, types_only, sources.source, checksum(now.definitions(ours)), ours)
    statement = sql.SQL(
        "CREATE OR REPLACE FUNCTION mathesar_types.installed() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " SET search_path = pg_catalog, pg_temp AS {};"
        " GRANT EXECUTE ON FUNCTION mathesar_types.installed() TO PUBLIC;"
        " COMMENT ON FUNCTION mathesar_types.installed() IS"
        " 'What Mathesar installed here, and nothing else, is removed again by it. Do not change.';"
        " COMMIT;"
    )
    cursor.execute(statement.format(sql.Literal(record.body())), prepare=False)
    return State("current", record.version, record.types_only)


def _drop_if_unused(key: str) -> str:
    """Return a statement that drops what this version has no more, unless something needs it."""
    return f"DO $do$ BEGIN DROP {key}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $do$;"


def _permit(key: str) -> str:
    """Return the statement that lets everybody use a new object, as is PostgreSQL's default."""
    kind, _, name = key.partition(" ")
    if kind == "cast":
        return ""
    return f"GRANT {'EXECUTE ON FUNCTION' if kind == 'function' else 'USAGE ON TYPE'} {name} TO PUBLIC;"


def _sql(text: str, *names: str) -> str:
    return sql.SQL(text).format(*map(sql.Identifier, names)).as_string()
