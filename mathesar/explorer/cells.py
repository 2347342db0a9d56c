"""One cell: how PostgreSQL makes a short text of it, and what that text says.

The server makes text of every type, and cuts it; nothing here parses a value, so there is no value (year 10000,
`-infinity`, NaN, a type of somebody's own) that cannot be shown. A value that is stored in pieces is not put
together where its beginning is enough, and not at all where its beginning cannot be had alone.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from psycopg import sql

LONGEST = 1000  # characters of a cell
ROOM = 20_000  # characters of a row: where there are many columns, each gets less
SHORTEST = 100
LARGEST = 64 * 1024  # bytes as stored (compressed): json, arrays and the like beyond are not read
BYTES = 16  # the beginning of a bytea that is shown


class Family(Enum):
    """Types that are shown in one way; each is the expression that makes text of `{}`."""

    TEXT = "pg_catalog.substring({}::pg_catalog.text, 1, {})"
    SHORT = "pg_catalog.left({}::pg_catalog.text, {})"
    INET = "pg_catalog.left(pg_catalog.abbrev({}), {})"  # as text it would have /32 added
    LONG = (
        f"CASE WHEN pg_catalog.pg_column_size({{0}}) > {LARGEST}"
        " THEN '#' || pg_catalog.pg_column_size({0})::pg_catalog.text"
        " ELSE '=' || pg_catalog.left({0}::pg_catalog.text, {1}) END"
    )
    BINARY = (
        "pg_catalog.octet_length({0})::pg_catalog.text || ' '"
        f" || pg_catalog.encode(pg_catalog.substring({{0}}, 1, {BYTES}), 'hex')"
    )


class Cell(NamedTuple):
    """One cell's text; `mark` is "", null, empty, cut, bytes or large. `size` is in bytes, of bytes and large."""

    text: str
    mark: str = ""
    size: int = 0


NULL = Cell("", "null")
EMPTY = Cell("", "empty")
_OIDS = {
    17: Family.BINARY, 25: Family.TEXT, 1042: Family.TEXT, 1043: Family.TEXT, 142: Family.TEXT, 869: Family.INET,
    1700: Family.SHORT,
}  # fmt: skip


def family_of(base: int, length: int) -> Family:
    """Return the family of a type: `base` is its OID (a domain's base type's), `length` its pg_type.typlen."""
    return _OIDS.get(base, Family.SHORT if length != -1 else Family.LONG)


def room_for(columns: int) -> int:
    """Return how many characters each cell of a row with so many columns gets."""
    return max(SHORTEST, min(LONGEST, ROOM // max(1, columns)))


def text_of(family: Family, column: sql.Composable, room: int) -> sql.Composed:
    """Return the expression for a cell's text; one character too many tells that it was cut."""
    return sql.SQL(family.value).format(column, sql.Literal(room + 1))


def read_cell(family: Family, text: str | None, room: int) -> Cell:
    """Return what the text that PostgreSQL made says."""
    if text is None:
        return NULL
    if family is Family.BINARY:
        size, _, start = text.partition(" ")
        return Cell(start, "bytes", int(size))
    if family is Family.LONG:
        if text[0] == "#":
            return Cell("", "large", int(text[1:]))
        text = text[1:]
    if not text:
        return EMPTY
    return Cell(text) if len(text) <= room else Cell(text[:room], "cut")
