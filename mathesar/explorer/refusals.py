"""Which fields a refusal is about. PostgreSQL names a column or a constraint, or nothing, and never every fault.

What it does not name is found by having it read each value alone: a cast, and nothing to keep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from mathesar.explorer.errors import BrowsingProblem, words_of
from mathesar.explorer.fields import Field
from mathesar.explorer.names import shown
from mathesar.explorer.relation import Relation
from mathesar.explorer.transaction import Question, looking
from mathesar.explorer.writing import Report, WriteRefused, writing
from provisioner.findings import Finding, finding

KINDS = {
    "23505": "edit-duplicate",
    "23P01": "edit-duplicate",
    "23514": "edit-check",
    "23503": "edit-reference",
    "23001": "edit-referenced",  # of ON DELETE RESTRICT, since PostgreSQL 18
}


@dataclass(frozen=True)
class Explained:
    """A problem with the whole form, and findings by the numbers of the columns that they are about."""

    problem: BrowsingProblem
    fields: Mapping[int, Finding] = field(default_factory=dict)


def explain(
    connection: psycopg.Connection[Any],
    relation: Relation,
    written: Mapping[Field, str | None],
    refused: WriteRefused,
    unfilled: Sequence[Field] = (),
) -> Explained:
    """Return what can be said of a refusal; the connection is asked again, where it still answers.

    `unfilled` are columns of a new row that nobody filled in and that need a value.
    """
    made = _explained(connection, relation, written, refused)
    report = refused.report
    names = [each.name for each in unfilled]
    missing = report.state == "23502" and (not report.column or (_is_of(report, relation) and report.column in names))
    if not unfilled or not (missing or (made.fields and report.state[:2] == "22")):
        return made  # PostgreSQL looks for values that are missing before it looks at anything else
    faults = {each.number: finding("edit-unfilled", "field") for each in unfilled}
    return Explained(made.problem if made.fields else _first(relation, faults), {**faults, **made.fields})


def _explained(
    connection: psycopg.Connection[Any], relation: Relation, written: Mapping[Field, str | None], refused: WriteRefused
) -> Explained:
    report = refused.report
    try:
        if report.state == "23502" and report.column and _is_of(report, relation):
            return _about(refused, [report.column], written, finding("edit-not-null", "field"))
        if report.constraint and report.state in KINDS:
            return _constraint(connection, relation, written, refused)
        if report.state[:2] in ("22", "23"):
            faults = unreadable(connection, written)
            return Explained(refused if not faults else _first(relation, faults), faults)
    except BrowsingProblem:
        pass  # what is known is enough
    return Explained(refused)


def unreadable(connection: psycopg.Connection[Any], written: Mapping[Field, str | None]) -> dict[int, Finding]:
    """Return a finding for each value that PostgreSQL cannot make one of its column's type of."""
    faults = {}
    for each, text in written.items():
        if text is not None and ("\0" in text or each.is_too_long(text)):
            what = "it is too long" if "\0" not in text else "a character that no text can hold"
            faults[each.number] = finding("edit-invalid", "field", type=each.type, what=what)
            continue
        query = sql.SQL("SELECT ({}) IS NULL").format(each.precise_value).as_string()
        try:
            with writing(connection) as look:
                look.ask(Question(query, (text,)))  # not kept: a domain's own function may have written something
        except WriteRefused as error:
            state = error.report.state
            if state == "23502":
                faults[each.number] = finding("edit-not-null", "field")
            elif state == "23514":
                constraint = shown(error.report.constraint)
                faults[each.number] = finding("edit-check", "field", constraint=constraint)
            else:
                faults[each.number] = finding("edit-invalid", "field", type=each.type, what=words_of(state))
    return faults


def _is_of(report: Report, relation: Relation) -> bool:
    """Tell whether a report may be about a table itself; of a partitioned one it names the partition."""
    same = (report.schema, report.table) == (relation.schema, relation.name)
    return same or relation.kind == "partitioned table"


def _first(relation: Relation, faults: Mapping[int, Finding]) -> BrowsingProblem:
    return BrowsingProblem(next(iter(faults.values())), relation.grant)


def _constraint(
    connection: psycopg.Connection[Any], relation: Relation, written: Mapping[Field, str | None], refused: WriteRefused
) -> Explained:
    report = refused.report
    with looking(connection) as look:
        (rows,) = look.ask(Question(_COLUMNS_OF, (relation.oid, report.constraint) * 2), last=True)
    names = rows[0][0] if rows else []
    kind = KINDS[report.state]
    if kind == "edit-reference" and not (_is_of(report, relation) and {each.name for each in written} & set(names)):
        kind = "edit-referenced"
    other = f"{shown(report.schema)}.{shown(report.table)}"
    found = finding(kind, "field", constraint=shown(report.constraint), other=other)
    return _about(refused, [] if kind == "edit-referenced" else names, written, found)


def _about(refused: WriteRefused, names: list[str], written: Mapping[Field, str | None], found: Finding) -> Explained:
    made = BrowsingProblem(found, refused.grant)
    return Explained(made, {each.number: found for each in written if each.name in names})


_COLUMNS_OF = """
SELECT ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) ORDER BY a.attnum)
FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = %s AND k.conname = %s
UNION ALL
SELECT ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) ORDER BY a.attnum)
FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = %s AND c.relname = %s
LIMIT 1
"""
