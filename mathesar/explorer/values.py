"""One row's values as texts to be edited, and what of them a form has to remember to notice a change.

Browsers send every line break of a form as CR LF, whatever it was; so texts are compared with LF alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from psycopg import sql

from mathesar import current
from mathesar.explorer.cells import LARGEST, Family
from mathesar.explorer.fields import Field
from mathesar.explorer.names import identifier
from mathesar.sealing import seal, unseal

LONGEST = 100_000  # bytes of one value
ROOM = 500_000  # bytes of all of them: a form's body may have a megabyte
PURPOSE = "row-seen"
_NULL = "-"
_TEXT = f"""CASE
    WHEN pg_catalog.pg_column_size({{0}}) > {LARGEST} THEN '#' || pg_catalog.pg_column_size({{0}})::pg_catalog.text
    WHEN pg_catalog.octet_length({{0}}::pg_catalog.text) > {LONGEST}
        THEN '#' || pg_catalog.octet_length({{0}}::pg_catalog.text)::pg_catalog.text
    ELSE '=' || {{0}}::pg_catalog.text END"""
_SQL = {
    Family.TEXT: _TEXT,
    Family.LONG: _TEXT,
    Family.SHORT: "'=' || {0}::pg_catalog.text",
    Family.INET: "'=' || pg_catalog.abbrev({0})",
    Family.BINARY: "'#' || pg_catalog.octet_length({0})::pg_catalog.text",
}


class Value(NamedTuple):
    """A text, NULL, or (where `size` is not None) so many bytes that are not shown."""

    text: str | None
    size: int | None = None

    @property
    def token(self) -> str:
        """What tells it from another value."""
        if self.size is not None:
            return f"#{self.size}"
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


def value_expression(field: Field) -> sql.Composed:
    """Return the expression for a column's text."""
    return sql.SQL(_SQL[field.family]).format(identifier("t", field.name))


def read_values(fields: list[Field], row: tuple[str | None, ...]) -> dict[int, Value]:
    """Make values of a row of expressions, by their columns' numbers; those beyond the form's room are not shown."""
    values: dict[int, Value] = {}
    room = ROOM
    for field, text in zip(fields, row, strict=True):
        if text is None:
            values[field.number] = Value(None)
        elif text[0] == "#":
            values[field.number] = Value(None, int(text[1:]))
        else:
            size = len(text.encode()) - 1
            room -= size
            values[field.number] = Value(text[1:]) if room >= 0 else Value(None, size)
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


def _digest(text: str) -> str:
    return hashlib.sha256(with_lf(text).encode()).hexdigest()[:32]
