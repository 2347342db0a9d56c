"""Reading one row to be edited, and saving, adding or deleting one: each in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from mathesar.explorer.columns import KeyPart, key_question, read_exact_key
from mathesar.explorer.errors import BrowsingProblem, problem
from mathesar.explorer.fields import Field, fields_question, read_fields
from mathesar.explorer.refusals import explain
from mathesar.explorer.relation import Relation, read_relation, relation_question
from mathesar.explorer.rows import order_of
from mathesar.explorer.transaction import Look, Row, looking
from mathesar.explorer.values import Value
from mathesar.explorer.wishes import Wish, read_edit, read_new, stored
from mathesar.explorer.writing import (
    Writer,
    WriteRefused,
    delete_question,
    insert_question,
    read_row,
    row_question,
    update_question,
    writing,
)
from provisioner.findings import Finding

VERBS = ("update", "insert", "delete")


@dataclass(frozen=True)
class Place:
    """A row's table, columns after the first `skip`, and key; no key's values for a new row.

    `key_of` is the digest of the key's columns that these are the values of.
    """

    oid: int
    skip: int = 0
    key: tuple[str, ...] = ()
    key_of: str = ""


@dataclass
class Attempt:
    """What was found and tried; `problem` says why nothing was changed, `faults` by columns' numbers.

    `values` is the row as it is now, `changed` the numbers of columns that somebody else changed meanwhile.
    """

    relation: Relation
    key: tuple[KeyPart, ...]
    fields: tuple[Field, ...]
    values: dict[int, Value] | None = None
    wishes: dict[int, Wish] = field(default_factory=dict)
    changed: frozenset[int] = frozenset()
    problem: BrowsingProblem | None = None
    faults: Mapping[int, Finding] = field(default_factory=dict)
    saved: bool = False

    @property
    def readable(self) -> list[Field]:
        """The columns that the role may select."""
        return [each for each in self.fields if each.readable]


def digest_of(names: Iterable[str]) -> str:
    """Return what tells one key's columns from another's."""
    return hashlib.sha256(json.dumps(list(names)).encode()).hexdigest()[:16]


def why_not(relation: Relation, has_key: bool, *verbs: str) -> BrowsingProblem | None:
    """Return why rows cannot be changed in any of these ways (update, insert, delete); None where they can."""
    subject = relation.subject
    if relation.kind not in ("table", "partitioned table"):
        return problem("edit-no-table", subject)
    if not relation.server_writes:
        return problem("edit-read-only", subject)
    if verbs != ("insert",):  # a new row is nobody else's, whatever tells rows apart
        if not relation.alone:
            return problem("edit-heirs", subject)
        if not has_key:
            return problem("edit-no-key", subject)
    may = {"update": relation.may_update, "insert": relation.may_insert, "delete": relation.may_delete}
    return None if any(may[verb] for verb in verbs or VERBS) else problem("edit-denied", subject)


def find(connection: psycopg.Connection[Any], place: Place, *verbs: str) -> Attempt:
    """Return the row as it is, or the columns of a new one.

    Raises:
        BrowsingProblem: it is not there, or cannot be changed in any of these ways.
    """
    with looking(connection) as look:
        found = _describe(look, place, *verbs)
        if place.key:
            found.values = _read(look, found, place)
            if found.values is None:
                raise problem("edit-row-gone", found.relation.subject)
    return found


def save(
    connection: psycopg.Connection[Any], place: Place, seen: Mapping[int, str], post: Mapping[str, str]
) -> Attempt:
    """Change what the form wants changed of the row that it showed as `seen`.

    Raises:
        BrowsingProblem: not even what the table is could be found out, or it is of a kind that cannot be changed.
    """
    found: Attempt | None = None
    changes: dict[Field, str | None] = {}
    try:
        with writing(connection) as writer:
            found = _describe(writer, place, "update")
            found.wishes = _wishes(found, seen, post)
            _lock(writer, found, place, "FOR NO KEY UPDATE")
            values = found.values or {}
            found.changed = _changed(values, seen)
            changes = {
                each: stored(wish, values.get(each.number))
                for each in found.fields
                if (wish := found.wishes.get(each.number)) and wish.token != seen[each.number]
            }
            if _is_other(found, seen, post):
                raise problem("edit-columns", writer.subject)
            if found.changed:
                raise problem("edit-changed", writer.subject)
            if changes:
                writer.change_one(update_question(found.relation, found.key, place.key, changes))
                found.saved = True
    except BrowsingProblem as refused:
        if found is None:
            raise
        _note(connection, found, changes, refused)
    return found


def add(connection: psycopg.Connection[Any], place: Place, seen: Mapping[int, str], post: Mapping[str, str]) -> Attempt:
    """Add a row with what the form says, whose columns were `seen`; what it does not say is left to the defaults.

    Raises:
        BrowsingProblem: not even what the table is could be found out, or it is of a kind that cannot be changed.
    """
    found: Attempt | None = None
    given: dict[Field, str | None] = {}
    try:
        with writing(connection) as writer:
            found = _describe(writer, place, "insert")
            open_fields = [each for each in found.fields if not each.why_not_insert]
            found.wishes = {each.number: read_new(post, each) for each in open_fields if _is_alike(each, seen)}
            given = {
                each: stored(wish)
                for each in open_fields
                if (wish := found.wishes.get(each.number)) and wish.kind != "default"
            }  # fmt: skip
            if _is_other(found, seen, post):
                raise problem("edit-columns", writer.subject)
            writer.change_one(insert_question(found.relation, given))
            found.saved = True
    except BrowsingProblem as refused:
        if found is None:
            raise
        _note(connection, found, given, refused)
    return found


def delete(connection: psycopg.Connection[Any], place: Place, seen: Mapping[int, str]) -> Attempt:
    """Delete the row that was shown as `seen`.

    Raises:
        BrowsingProblem: not even what the table is could be found out, or it is of a kind that cannot be changed.
    """
    found: Attempt | None = None
    try:
        with writing(connection) as writer:
            found = _describe(writer, place, "delete")
            # Only who may update may lock, and a policy may let a row be deleted that it lets nobody update. Without
            # a lock, what was deleted is compared before it is kept; not always, as rules know no RETURNING.
            relation, fields = found.relation, found.readable
            lock = "FOR UPDATE" if relation.may_update and not relation.row_security else ""
            _lock(writer, found, place, lock)
            _compare(found, seen)
            otherwise = "edit-denied" if relation.row_security else "edit-not-one"
            question = delete_question(relation, found.key, place.key, () if lock else fields)

            def check(rows: list[Row]) -> None:
                found.values = read_row(fields, rows)
                _compare(found, seen)

            writer.change_one(question, otherwise, check if fields and not lock else None)
            found.saved = True
    except BrowsingProblem as refused:
        if found is None:
            raise
        _note(connection, found, {}, refused)
    return found


def _compare(found: Attempt, seen: Mapping[int, str]) -> None:
    found.changed = _changed(found.values or {}, seen)
    if found.changed:
        raise problem("edit-changed", found.relation.subject)


def _describe(look: Look, place: Place, *verbs: str) -> Attempt:
    facts, columns, key = look.ask(
        relation_question(place.oid), fields_question(place.oid, place.skip), key_question(place.oid, exact=True)
    )
    relation = read_relation(facts)
    look.subject = relation.subject
    parts = read_exact_key(key)
    refused = why_not(relation, bool(order_of(relation, tuple(part.name for part in parts)).key), *verbs)
    if refused:
        raise refused
    if place.key and (len(place.key), place.key_of) != (len(parts), digest_of(part.name for part in parts)):
        raise problem("edit-link", relation.subject)
    return Attempt(relation, parts, read_fields(columns))


def _read(look: Look, found: Attempt, place: Place, lock: str = "") -> dict[int, Value] | None:
    fields = found.readable
    (rows,) = look.ask(row_question(found.relation, found.key, place.key, fields, lock))
    return read_row(fields, rows)


def _lock(writer: Writer, found: Attempt, place: Place, lock: str) -> None:
    found.values = _read(writer, found, place, lock)
    if found.values is None:
        found.values = _read(writer, found, place) if lock else None
        # There to be read, but not to be changed: a policy of row-level security.
        raise problem("edit-denied" if found.values is not None else "edit-row-gone", writer.subject)


def _is_alike(field: Field, seen: Mapping[int, str]) -> bool:
    """Tell whether the form had the same kind of field for a column: a list and a text box send other things."""
    return seen.get(-field.number, "")[:1] == field.shape[:1]


def _is_other(found: Attempt, seen: Mapping[int, str], post: Mapping[str, str]) -> bool:
    """Tell whether a column that the form says something of is gone, or not the one that the form was made for."""
    shapes = {-each.number: each.shape for each in found.fields}
    return any(f"v{-number}" in post and shapes.get(number) != shape for number, shape in seen.items() if number < 0)


def _wishes(found: Attempt, seen: Mapping[int, str], post: Mapping[str, str]) -> dict[int, Wish]:
    wishes = {}
    for each in found.fields:
        token = seen.get(each.number, "#")
        if not each.why_not_update and not token.startswith("#") and _is_alike(each, seen):
            wish = read_edit(post, each, token)
            if wish is not None and wish.kind != "default":
                wishes[each.number] = wish
    return wishes


def _changed(values: Mapping[int, Value], seen: Mapping[int, str]) -> frozenset[int]:
    return frozenset(
        number for number, value in values.items() if number in seen and value.token != seen[number]
    )  # fmt: skip


def _note(
    connection: psycopg.Connection[Any], found: Attempt, written: Mapping[Field, str | None], refused: BrowsingProblem
) -> None:
    found.problem = refused
    if isinstance(refused, WriteRefused) and not connection.closed:
        explained = explain(connection, found.relation, written, refused)
        found.problem, found.faults = explained.problem, explained.fields
