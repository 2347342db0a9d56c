"""One row's values as texts to be edited, and what of them a form has to remember to notice a change.

Browsers send every line break of a form as CR LF, whatever it was; so texts are compared with LF alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from psycopg import sql

from mathesar import current
from mathesar.explorer.cells import Family
from mathesar.explorer.fields import Field
from mathesar.explorer.names import identifier
from mathesar.sealing import seal, unseal

LONGEST = 100_000  # bytes of one value, as text and as stored
WHOLE = 256 * 1024  # bytes as stored: values up to here are compared whole, though they are not shown
WHOLE_UNVERSIONED = 16 * WHOLE  # the same where the row has no version to compare; beyond, sizes are compared
REST = 0  # stands for all the columns that a form does not have; no column has this number
ROOM = 500_000  # bytes of all of them: a form's body may have a megabyte
PURPOSE = "row-seen"
_NULL = "-"
_ENCODED = "pg_catalog.convert_to({0}, pg_catalog.getdatabaseencoding())"
# {1} is the version of the row, which is all there is to compare of values that are larger than {2}.
_DIGEST = (
    "CASE WHEN pg_catalog.pg_column_size({0}) > {2} THEN {1}"
    " ELSE pg_catalog.encode(pg_catalog.sha256(BYTES), 'hex') END"
)
_TEXT_DIGEST = _DIGEST.replace("BYTES", _ENCODED.replace("{0}", "{0}::pg_catalog.text"))
_TEXT = f"""CASE
    WHEN pg_catalog.pg_column_size({{0}}) > {LONGEST + 8}
        THEN '#' || pg_catalog.pg_column_size({{0}})::pg_catalog.text || ' ' || {_TEXT_DIGEST}
    WHEN pg_catalog.octet_length({{0}}::pg_catalog.text) > {LONGEST}
        THEN '#' || pg_catalog.octet_length({{0}}::pg_catalog.text)::pg_catalog.text || ' ' || {_TEXT_DIGEST}
    ELSE '=' || {{0}}::pg_catalog.text END"""
_SQL = {
    Family.TEXT: _TEXT,
    Family.LONG: _TEXT,
    Family.SHORT: "'=' || {0}::pg_catalog.text",
    Family.INET: "'=' || pg_catalog.abbrev({0})",
    Family.BINARY: "'#' || pg_catalog.octet_length({0})::pg_catalog.text || ' ' || " + _DIGEST.replace("BYTES", "{0}"),
}
_REST = f"pg_catalog.encode(pg_catalog.sha256({_ENCODED.replace('{0}', 'ARRAY[{0}]::pg_catalog.text')}), 'hex')"
_PART = """CASE WHEN pg_catalog.pg_column_size({0}) > {2}
    THEN pg_catalog.pg_column_size({0})::pg_catalog.text || ' ' || {1} ELSE {0}::pg_catalog.text END"""


class Value(NamedTuple):
    """A text, NULL, or (where `size` is not None) so many bytes that are not shown, and their digest."""

    text: str | None
    size: int | None = None
    digest: str = ""

    @property
    def token(self) -> str:
        """What tells it from another value."""
        if self.size is not None:
            return f"#{self.size} {self.digest}"
        return _NULL if self.text is None else _digest(self.text)


def with_lf(text: str) -> str:
    """Return a text with LF for every kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def token_of(text: str | None) -> str:
    """Return the token of a value that has this text; None is NULL."""
    return Value(text).token


def is_null(token: str | None) -> bool:
    """Tell whether a token is that of NULL."""
    return token == _NULL


def value_expression(field: Field, stored: bool) -> sql.Composed:
    """Return the expression for a column's text; rows that are `stored` have a version, which may be read."""
    return sql.SQL(_SQL[field.family]).format(identifier("t", field.name), *_bounds(stored))


def rest_expression(names: Sequence[str], stored: bool) -> sql.Composed:
    """Return the expression for one digest of all these columns."""
    parts = [sql.SQL(_PART).format(identifier("t", name), *_bounds(stored)) for name in names]
    return sql.SQL(_REST).format(sql.SQL(", ").join(parts))


def text_expression(field: Field, value: sql.Composable) -> sql.Composed:
    """Return the expression for the text of some value of a column's type."""
    made = "pg_catalog.abbrev({})" if field.family is Family.INET else "{}::pg_catalog.text"
    return sql.SQL(made).format(value)


def alike_expression(field: Field) -> sql.Composed:
    """Return the expression that tells whether a column has the text that is its parameter, letter by letter."""
    text = text_expression(field, identifier("t", field.name))
    return sql.SQL('pg_catalog.texteq({} COLLATE pg_catalog."C", %s)').format(text)


def read_values(fields: Sequence[Field], row: Sequence[str | None]) -> dict[int, Value]:
    """Make values of a row of expressions, by their columns' numbers; those beyond the form's room are not shown.

    What follows the columns is the digest of the rest.
    """
    values: dict[int, Value] = {}
    room = ROOM
    for field, text in zip(fields, row, strict=False):
        if text is None:
            values[field.number] = Value(None)
        elif text[0] == "#":
            size, _, digest = text[1:].partition(" ")
            values[field.number] = Value(None, int(size), digest)
        else:
            length = len(text.encode()) - 1
            room -= length
            values[field.number] = Value(text[1:]) if room >= 0 else Value(None, length, _digest(text[1:]))
    if len(row) > len(fields):
        values[REST] = Value(None, 0, row[len(fields)] or "")
    return values


def seen_of(values: Mapping[int, Value], fields: Iterable[Field]) -> dict[int, str]:
    """Return what a form shows: the values' tokens by number, and by the negative number the columns' shapes."""
    tokens = {number: value.token for number, value in values.items()}
    return tokens | {-field.number: field.shape for field in fields}


def write_seen(place: str, seen: Mapping[int, str]) -> str:
    """Return what a form shows of a row, sealed: digests alone, for comparison."""
    text = json.dumps({str(number): token for number, token in seen.items()})
    return seal(current.derived_key(PURPOSE), f"{PURPOSE}|{place}", text)


def read_seen(place: str, sealed: str) -> dict[int, str] | None:
    """Return what `seen_of` made, of a word that `write_seen` made for this place; None for any other."""
    if not sealed.isascii():
        return None
    text = unseal(current.derived_key(PURPOSE), f"{PURPOSE}|{place}", sealed)
    return None if text is None else {int(number): token for number, token in json.loads(text).items()}


def _bounds(stored: bool) -> tuple[sql.Composable, sql.Composable]:
    if stored:
        return sql.SQL("t.xmin::pg_catalog.text"), sql.Literal(WHOLE)
    return sql.SQL("''"), sql.Literal(WHOLE_UNVERSIONED)


def _digest(text: str) -> str:
    return hashlib.sha256(with_lf(text).encode()).hexdigest()[:32]
