"""The columns of one table or view, a hundred at a time, and the key that its rows are put in order by."""

from __future__ import annotations

from dataclasses import dataclass

from mathesar.explorer.cells import Family, family_of
from mathesar.explorer.names import shown
from mathesar.explorer.transaction import Question, Row

PAGE = 100


@dataclass(frozen=True)
class Column:
    """One column; `readable` tells whether the role may select it, `keys` what constraints it is part of."""

    name: str
    type: str
    family: Family
    numeric: bool
    readable: bool
    nullable: bool
    default: str
    comment: str
    keys: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name as a page shows it."""
        return shown(self.name)


def columns_question(oid: int, skip: int = 0, *, brief: bool = False) -> Question:
    """Return the question whose answer `read_columns` takes: a page of columns, after the first `skip`.

    `brief` leaves out what rows can be read without: defaults, comments and constraints.
    """
    return Question(_BRIEF if brief else _FULL, (oid, skip))


def read_columns(rows: list[Row]) -> tuple[Column, ...]:
    """Make columns of the answer."""
    return tuple(
        Column(name, kind, family_of(base, length), category == "N", readable, nullable, default or "", comment or "",
               tuple(keys or ()))
        for name, kind, base, length, category, readable, nullable, default, comment, keys in rows
    )  # fmt: skip


def key_question(oid: int, *, exact: bool = False) -> Question:
    """Return the question whose answer `read_key` takes; `exact` asks for what `read_exact_key` takes as well."""
    return Question(_EXACT_KEY if exact else _KEY, (oid,))


def read_key(rows: list[Row]) -> tuple[str, ...]:
    """Return the names of the columns that tell rows apart, in the index's order; () where there is no such index."""
    return tuple(rows[0][0]) if rows else ()


@dataclass(frozen=True)
class KeyPart:
    """One column of a key: its type's schema and name, and the schema and name of the index's own equality."""

    name: str
    type: tuple[str, str]
    equals: tuple[str, str]


def read_exact_key(rows: list[Row]) -> tuple[KeyPart, ...]:
    """Return the same columns with what a row is found by, whatever the search path holds."""
    if not rows:
        return ()
    return tuple(
        KeyPart(name, (kind[0], kind[1]), (equals[0], equals[1])) for name, kind, equals in zip(*rows[0], strict=True)
    )


_COLUMNS = """
SELECT a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
    CASE WHEN t.typbasetype = 0 THEN t.oid ELSE t.typbasetype END::bigint, t.typlen::int, t.typcategory::text,
    pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
        AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),
    NOT a.attnotnull, {more}
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum LIMIT {page} OFFSET %s
"""
_NOTHING_MORE = "NULL::text, NULL::text, NULL::text[]"
_MORE = """
    (SELECT CASE WHEN a.attgenerated <> '' THEN 'generated: ' ELSE '' END
            || pg_catalog.left(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 200)
        FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum
        UNION ALL SELECT 'counts up by itself' WHERE a.attidentity <> '' LIMIT 1),
    pg_catalog.left(pg_catalog.col_description(a.attrelid, a.attnum), 500),
    ARRAY(SELECT CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique'
            ELSE 'references ' || (SELECT f.relname FROM pg_catalog.pg_class AS f WHERE f.oid = k.confrelid) END
        FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = a.attrelid AND k.contype IN ('p', 'u', 'f') AND a.attnum = ANY (k.conkey)
        ORDER BY k.contype DESC, k.conname LIMIT 4)
"""
_BRIEF = _COLUMNS.format(more=_NOTHING_MORE, page=PAGE)
_FULL = _COLUMNS.format(more=_MORE, page=PAGE)
# An index that is unique over columns without NULL, and sorts as ORDER BY on the columns does.
_KEY_LOOK = """
SELECT k.names{chosen}
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_am AS am ON am.oid = ic.relam AND am.amname = 'btree'
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.place) AS names,
{exact}        pg_catalog.bool_and(
            a.attnotnull AND o.opcdefault AND i.indoption[p.place] = 0 AND i.indcollation[p.place] = a.attcollation
            AND pg_catalog.has_column_privilege(i.indrelid, a.attnum, 'SELECT')
        ) AS fits
    FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS p (place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.place]
    JOIN pg_catalog.pg_opclass AS o ON o.oid = i.indclass[p.place]
) AS k
WHERE i.indrelid = %s AND i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate
    AND i.indpred IS NULL AND i.indexprs IS NULL AND k.fits
ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
"""
_EXACT = """
        pg_catalog.array_agg((SELECT ARRAY[n.nspname::text, t.typname::text]
            FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
            WHERE t.oid = a.atttypid) ORDER BY p.place) AS types,
        pg_catalog.array_agg((SELECT ARRAY[n.nspname::text, e.oprname::text]
            FROM pg_catalog.pg_amop AS m JOIN pg_catalog.pg_operator AS e ON e.oid = m.amopopr
            JOIN pg_catalog.pg_namespace AS n ON n.oid = e.oprnamespace
            WHERE m.amopfamily = o.opcfamily AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype
                AND m.amopstrategy = 3) ORDER BY p.place) AS equalities,
"""
_KEY = _KEY_LOOK.format(chosen="", exact="")
_EXACT_KEY = _KEY_LOOK.format(chosen=", k.types, k.equalities", exact=_EXACT)
