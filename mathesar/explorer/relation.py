"""What one table or view is: its name, kind, size, what the role may do with it, and a key to page by."""

from __future__ import annotations

from dataclasses import dataclass

from mathesar.explorer.catalog import ESTIMATE, KINDS, READABLE, VISIBLE_SCHEMA
from mathesar.explorer.errors import Subject, problem
from mathesar.explorer.names import quoted, shown
from mathesar.explorer.transaction import Question, Row


@dataclass(frozen=True)
class Relation:
    """One table or view, found by its OID.

    `estimate` is in rows, None where PostgreSQL never counted. `stored` tells that rows have an address (ctid) that
    may be read; `alone` that no inheriting table adds rows to it, whose keys and addresses would be its own. What the
    role may do with rows is a hint to show links by: PostgreSQL decides. `server_writes` is of the whole server;
    `ruled` tells that there may be rules, which answer nothing.
    """

    oid: int
    schema: str
    name: str
    kind: str
    comment: str
    estimate: int | None
    readable: bool
    stored: bool
    alone: bool
    row_security: bool
    partitions: int
    columns: int
    role: str
    owner: str
    may_update: bool
    may_insert: bool
    may_delete: bool
    server_writes: bool
    ruled: bool

    @property
    def title(self) -> str:
        """The name as a page shows it."""
        return shown(self.name)

    @property
    def grant(self) -> str:
        """The SQL that lets the role read all of it."""
        role = quoted(self.role)
        return (
            f"GRANT USAGE ON SCHEMA {quoted(self.schema)} TO {role};\n"
            f"GRANT SELECT ON {quoted(self.schema, self.name)} TO {role};"
        )

    @property
    def subject(self) -> Subject:
        """What errors are about."""
        return Subject(f"{shown(self.schema)}.{self.title}", self.kind, self.grant)


def relation_question(oid: int) -> Question:
    """Return the question whose answer `read_relation` takes."""
    return Question(_RELATION, (oid,))


def read_relation(rows: list[Row]) -> Relation:
    """Make a relation of the answer.

    Raises:
        BrowsingProblem: there is none with this OID, or none for people to see.
    """
    if not rows:
        raise problem("browse-gone", Subject("This table", "table"))
    oid, schema, name, kind, comment, *rest = rows[0]
    return Relation(oid, schema, name, KINDS[kind], comment or "", *rest)


_RELATION = f"""
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text,
    pg_catalog.left(pg_catalog.obj_description(c.oid, 'pg_class'), 2000), {ESTIMATE}, {READABLE},
    c.relkind IN ('r', 'm') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
        AND c.relam = (SELECT am.oid FROM pg_catalog.pg_am AS am WHERE am.amname = 'heap'),
    c.relkind = 'p' OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid),
    pg_catalog.row_security_active(c.oid),
    CASE WHEN c.relkind = 'p' THEN
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid) ELSE 0 END,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    current_user::text, pg_catalog.pg_get_userbyid(c.relowner)::text,
    pg_catalog.has_any_column_privilege(c.oid, 'UPDATE'), pg_catalog.has_any_column_privilege(c.oid, 'INSERT'),
    pg_catalog.has_table_privilege(c.oid, 'DELETE'),
    NOT pg_catalog.pg_is_in_recovery() AND pg_catalog.current_setting('default_transaction_read_only') = 'off',
    c.relhasrules
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {VISIBLE_SCHEMA}
"""  # noqa: S608 - constants of `catalog`; the value is a parameter
