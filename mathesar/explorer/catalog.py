"""The overview: which schemas, tables and views a database has, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from mathesar.explorer.names import shown
from mathesar.explorer.numbers import about
from mathesar.explorer.transaction import Question, Row

PAGE = 200
MOST_SCHEMAS = 500
KINDS = {"r": "table", "p": "partitioned table", "v": "view", "m": "materialized view", "f": "foreign table"}
# Never shown and never opened by number: the server's own, where passwords' hashes and other people's queries are,
# and Mathesar's own tables, where sessions are.
VISIBLE_SCHEMA = """
n.nspname NOT IN ('information_schema', 'mathesar_internal', 'mathesar_types', 'msar', '__msar')
AND n.nspname !~ '^pg_'
"""
# Never analysed is not the same as empty. Before version 14 both were 0; an analysed table had at least its pages.
ESTIMATE = """
CASE
    WHEN c.relkind = 'v' THEN NULL
    WHEN c.relkind = 'p' THEN (
        WITH RECURSIVE tree (oid) AS (
            SELECT c.oid UNION ALL
            SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN tree ON i.inhparent = tree.oid
        )
        SELECT CASE WHEN pg_catalog.bool_or(leaf.reltuples < 0) THEN NULL ELSE pg_catalog.sum(leaf.reltuples) END
        FROM tree JOIN pg_catalog.pg_class AS leaf ON leaf.oid = tree.oid AND leaf.relkind <> 'p'
    )
    WHEN c.reltuples < 0 THEN NULL
    WHEN c.reltuples = 0 AND c.relpages = 0 AND pg_catalog.current_setting('server_version_num')::int < 140000 THEN NULL
    ELSE c.reltuples
END::bigint
"""
READABLE = """
(pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
"""


@dataclass(frozen=True)
class SchemaEntry:
    """One schema with the number of its tables and views."""

    oid: int
    name: str
    comment: str
    tables: int

    @property
    def label(self) -> str:
        """The name as a page shows it."""
        return shown(self.name)


@dataclass(frozen=True)
class RelationEntry:
    """One table or view; `estimate` is in rows, None where PostgreSQL never counted."""

    oid: int
    schema: str
    name: str
    kind: str
    comment: str
    estimate: int | None
    readable: bool
    partitions: int

    @property
    def label(self) -> str:
        """The name as a page shows it."""
        return shown(self.name)

    @property
    def size(self) -> str:
        """How many rows it has, in words; nothing of a view."""
        return "" if self.kind == "view" else about(self.estimate)


@dataclass(frozen=True)
class Overview:
    """One page of a database's tables; `after` names the last one where there are more."""

    role: str
    dbname: str
    schemas: tuple[SchemaEntry, ...]
    relations: tuple[RelationEntry, ...]
    found: int
    after: tuple[str, str] | None


@dataclass(frozen=True)
class Filter:
    """What a person narrowed the list down to; `after` is the schema and name of the last page's last table."""

    text: str = ""
    schema: int | None = None
    after: tuple[str, str] | None = None


def overview_questions(chosen: Filter) -> list[Question]:
    """Return the questions whose answers `read_overview` takes."""
    conditions = ["c.relkind IN ('r', 'p', 'v', 'm', 'f')", "NOT c.relispartition", VISIBLE_SCHEMA]
    values: list[object] = []
    if chosen.text:
        conditions.append("pg_catalog.strpos(pg_catalog.lower(c.relname), pg_catalog.lower(%s)) > 0")
        values.append(chosen.text)
    if chosen.schema is not None:
        conditions.append("n.oid = %s")
        values.append(chosen.schema)
    where = " AND ".join(conditions)
    found = f"SELECT pg_catalog.count(*) FROM {_FROM} WHERE {where}"  # noqa: S608 - parts of this file; values are parameters
    page, page_values = where, list(values)
    if chosen.after is not None:
        page = f"{where} AND (n.nspname, c.relname) > (%s::name, %s::name)"
        page_values += chosen.after
    relations = f"""
    SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text,
        pg_catalog.left(pg_catalog.obj_description(c.oid, 'pg_class'), 500), {ESTIMATE}, {READABLE},
        CASE WHEN c.relkind = 'p' THEN
            (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid) ELSE 0 END
    FROM {_FROM} WHERE {page} ORDER BY n.nspname, c.relname LIMIT {PAGE + 1}
    """  # noqa: S608 - the same
    return [
        Question("SELECT current_user::text, pg_catalog.current_database()::text"),
        Question(_SCHEMAS),
        Question(found, values),
        Question(relations, page_values),
    ]


def read_overview(answers: list[list[Row]]) -> Overview:
    """Make an overview of the answers to `overview_questions`."""
    who, schemas, found, rows = answers
    relations = tuple(
        RelationEntry(oid, schema, name, KINDS[kind], comment or "", estimate, readable, partitions)
        for oid, schema, name, kind, comment, estimate, readable, partitions in rows[:PAGE]
    )
    return Overview(
        role=who[0][0],
        dbname=who[0][1],
        schemas=tuple(SchemaEntry(oid, name, comment or "", count) for oid, name, comment, count in schemas),
        relations=relations,
        found=found[0][0],
        after=(relations[-1].schema, relations[-1].name) if len(rows) > PAGE else None,
    )


_FROM = "pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
_SCHEMAS = f"""
SELECT n.oid::bigint, n.nspname::text, pg_catalog.left(pg_catalog.obj_description(n.oid, 'pg_namespace'), 500),
    pg_catalog.count(c.oid)
FROM pg_catalog.pg_namespace AS n
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
WHERE {VISIBLE_SCHEMA}
GROUP BY n.oid, n.nspname ORDER BY n.nspname LIMIT {MOST_SCHEMAS}
"""  # noqa: S608 - the same
