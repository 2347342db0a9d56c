"""The columns of a table as fields to fill in: what PostgreSQL says of each, and which may be changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from psycopg import sql

from mathesar.explorer.cells import Family, family_of
from mathesar.explorer.columns import PAGE
from mathesar.explorer.names import identifier, shown
from mathesar.explorer.transaction import Question, Row

MOST_LABELS = 200  # an enum with more is typed, not chosen
EMPTY = frozenset({18, 142, 3614})  # "char", xml, tsvector
OWN = 16384  # types from this OID on came with an extension, or are somebody's own
BOOLEAN, BPCHAR, VARCHAR, NUMERIC = 16, 1042, 1043, 1700


@dataclass(frozen=True)
class Field:
    """One column; `number` is its attnum, which stays when others are dropped. `default` is SQL, "" for none.

    A domain's default is its columns' own. `has_empty` tells that an empty text may be a value.
    """

    number: int
    name: str
    type: str
    cast: tuple[str, str]
    base: int
    modifier: int
    family: Family
    numeric: bool
    has_empty: bool
    labels: tuple[str, ...]
    nullable: bool
    default: str
    generated: bool
    always: bool
    readable: bool
    may_update: bool
    may_insert: bool
    comment: str

    @property
    def title(self) -> str:
        """The name as a page shows it."""
        return shown(self.name)

    @property
    def is_required(self) -> bool:
        """Tell whether a new row needs a value that nothing fills in, but for a trigger."""
        return not self.nullable and not self.default

    @property
    def is_boolean(self) -> bool:
        """Tell whether it is true or false."""
        return self.base == BOOLEAN

    @property
    def is_choice(self) -> bool:
        """Tell whether its values are chosen from a list."""
        return self.is_boolean or bool(self.labels)

    @property
    def shape(self) -> str:
        """What a form was made for: another name, type or privilege is another shape; `c` begins that of a choice."""
        parts = [self.name, self.cast, self.modifier, bool(self.why_not_update), bool(self.why_not_insert)]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        return f"{'c' if self.is_choice else 't'}{digest[:15]}"

    @property
    def value(self) -> sql.Composed:
        """The expression that makes a value of a parameter.

        Without a length: an explicit cast to one would cut texts off, where storing them is refused.
        """
        return sql.SQL("%s::{}").format(identifier(*self.cast))

    @property
    def precise_value(self) -> sql.Composed:
        """The same for trying out whether a value fits: with precision and scale."""
        if self.base != NUMERIC or self.modifier < 4:
            return self.value
        packed = self.modifier - 4
        scale = packed & 0x7FF
        signed = scale - 0x800 if scale & 0x400 else scale
        precision = sql.Literal(packed >> 16 & 0xFFFF)
        return sql.SQL("({})::pg_catalog.numeric({}, {})").format(self.value, precision, sql.Literal(signed))

    @property
    def cast_value(self) -> sql.Composed:
        """The same with all that the column's type limits, and cut off where it is too long: what would be held."""
        return sql.SQL("CAST(%s AS {})").format(sql.SQL(self.type.replace("%", "%%")))

    def is_too_long(self, text: str) -> bool:
        """Tell whether a text has more characters than the column's type allows."""
        limited = self.base in (VARCHAR, BPCHAR) and self.modifier > 4
        return limited and len(text.rstrip(" ") if self.base == BPCHAR else text) > self.modifier - 4

    @property
    def why_not_update(self) -> str:
        """Why it cannot be changed, in words; "" where it can."""
        if not self.may_update:
            return self._why_never or "This role may not change it."
        return self._why_never or ("" if self.readable else "This role may not read it.")

    @property
    def why_not_insert(self) -> str:
        """Why it cannot be given in a new row, in words; "" where it can."""
        return self._why_never or ("" if self.may_insert else "This role may not fill it in.")

    @property
    def _why_never(self) -> str:
        if self.generated:
            return "PostgreSQL computes it from other columns."
        if self.always:
            return "PostgreSQL counts it up by itself."
        return "Binary values cannot be edited here." if self.family is Family.BINARY else ""


def others_question(oid: int, skip: int = 0) -> Question:
    """Return the question for the names of the readable columns that `fields_question` leaves out."""
    return Question(_OTHERS, (oid, oid, skip + 1, skip + PAGE))


def fields_question(oid: int, skip: int = 0) -> Question:
    """Return the question whose answer `read_fields` takes: a hundred columns after the first `skip`."""
    return Question(_FIELDS, (oid, skip))


def read_fields(rows: list[Row]) -> tuple[Field, ...]:
    """Make fields of the answer."""
    return tuple(
        Field(number, name, kind, (schema, cast), base, modifier, family_of(base, length), category == "N",
              _has_empty(category, base), tuple(labels) if len(labels) <= MOST_LABELS else (), nullable, default or "",
              generated, always,
              readable, may_update, may_insert, comment or "")
        for number, name, kind, schema, cast, base, modifier, length, category, labels, nullable, default, generated,
        always, readable, may_update, may_insert, comment in rows
    )  # fmt: skip


def _has_empty(category: str, base: int) -> bool:
    return category == "S" or base in EMPTY or (category == "U" and base >= OWN)


_FIELDS = f"""
SELECT a.attnum::int, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), tn.nspname::text,
    t.typname::text, b.oid::bigint, a.atttypmod::int, t.typlen::int, t.typcategory::text,
    ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = b.oid ORDER BY e.enumsortorder
        LIMIT {MOST_LABELS + 1}),
    NOT a.attnotnull AND NOT t.typnotnull,
    CASE WHEN a.attidentity <> '' THEN 'counts up by itself' WHEN a.attgenerated <> '' THEN ''
        ELSE coalesce((SELECT pg_catalog.left(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 200)
            FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
            pg_catalog.left(t.typdefault, 200)) END,
    a.attgenerated <> '', a.attidentity = 'a',
    pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
        AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),
    pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'UPDATE'),
    pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'INSERT'),
    pg_catalog.left(pg_catalog.col_description(a.attrelid, a.attnum), 500)
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.typnamespace
JOIN pg_catalog.pg_type AS b ON b.oid = CASE WHEN t.typbasetype = 0 THEN t.oid ELSE t.typbasetype END
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum LIMIT {PAGE} OFFSET %s
"""  # noqa: S608 - constants of this file; the values are parameters
_OTHERS = """
SELECT p.attname::text FROM (
    SELECT a.attname, a.attnum, pg_catalog.row_number() OVER (ORDER BY a.attnum) AS place
    FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
) AS p JOIN pg_catalog.pg_class AS c ON c.oid = %s
WHERE p.place NOT BETWEEN %s AND %s AND pg_catalog.has_column_privilege(c.oid, p.attnum, 'SELECT')
    AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
ORDER BY p.attnum
"""
