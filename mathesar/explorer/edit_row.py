"""Reading one row to be edited, and saving, adding or deleting one: each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from mathesar.explorer.attempt import Attempt, Place, digest_of
from mathesar.explorer.columns import key_question, read_exact_key
from mathesar.explorer.edit_form import changed_in, is_alike, is_other, read_wishes
from mathesar.explorer.errors import BrowsingProblem, problem
from mathesar.explorer.fields import Field, fields_question, others_question, read_fields
from mathesar.explorer.kept import (
    after_delete,
    after_insert,
    after_update,
    returned_of_insert,
    returned_of_update,
)
from mathesar.explorer.refusals import explain
from mathesar.explorer.relation import Relation, read_relation, relation_question
from mathesar.explorer.rows import order_of
from mathesar.explorer.transaction import Look, Row, looking
from mathesar.explorer.values import REST, Value
from mathesar.explorer.wishes import read_new, stored
from mathesar.explorer.writing import (
    Writer,
    WriteRefused,
    delete_question,
    insert_question,
    row_question,
    update_question,
    writing,
)

VERBS = ("update", "insert", "delete")


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
        if verbs == ("delete",):
            _include_others(look, found, place)
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
            found.wishes = read_wishes(found, seen, post)
            _lock(writer, found, place, "FOR NO KEY UPDATE")
            values = found.values or {}
            found.changed = changed_in(values, seen)
            changes = {
                each: stored(wish, values.get(each.number))
                for each in found.fields
                if (wish := found.wishes.get(each.number)) and wish.token != seen[each.number]
            }
            if is_other(found, seen, post):
                raise problem("edit-columns", writer.subject)
            if found.changed:
                raise problem("edit-changed", writer.subject)
            if changes:
                found.tried = True
                found.saved = _update(writer, found, place, changes)
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
            found.wishes = {each.number: read_new(post, each) for each in open_fields if is_alike(each, seen)}
            given = {
                each: stored(wish)
                for each in open_fields
                if (wish := found.wishes.get(each.number)) and wish.kind != "default"
            }  # fmt: skip
            if is_other(found, seen, post):
                raise problem("edit-columns", writer.subject)
            found.saved = _insert(writer, found, given)
    except BrowsingProblem as refused:
        if found is None:
            raise
        unfilled = [
            each for each in found.fields
            if each.is_required and (wish := found.wishes.get(each.number)) and wish.kind == "default"
        ]  # fmt: skip
        _note(connection, found, given, refused, unfilled)
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
            if REST in seen:
                _include_others(writer, found, place)
            # Only who may update may lock, and a policy may let a row be deleted that it lets nobody update. Without
            # a lock, what was deleted is compared before it is kept; not always, as rules know no RETURNING.
            relation = found.relation
            lock = "FOR UPDATE" if relation.may_update and not relation.row_security else ""
            _lock(writer, found, place, lock)
            _compare(found, seen)
            otherwise = "edit-denied" if relation.row_security else "edit-not-one"
            question = delete_question(relation, found.key, place.key, () if lock else found.expressions)

            def check(rows: list[Row]) -> bool:
                if rows:
                    found.values = found.read(rows)
                    _compare(found, seen)
                after_delete(writer, relation, found.key, place.key)
                return True

            found.saved = writer.change_one(question, check, otherwise)
    except BrowsingProblem as refused:
        if found is None:
            raise
        _note(connection, found, {}, refused)
    return found


def _update(writer: Writer, found: Attempt, place: Place, changes: Mapping[Field, str | None]) -> bool:
    relation, key = found.relation, found.key

    def check(rows: list[Row]) -> bool:
        found.held = after_update(writer, relation, key, place.key, changes, found.values or {}, rows)
        return found.held is not None

    returned = returned_of_update(relation, key)
    return writer.change_one(update_question(relation, key, place.key, changes, returned), check)


def _insert(writer: Writer, found: Attempt, given: Mapping[Field, str | None]) -> bool:
    relation, key = found.relation, found.key

    def check(rows: list[Row]) -> bool:
        found.held = after_insert(writer, relation, key, given, rows)
        return True

    return writer.change_one(insert_question(relation, given, *returned_of_insert(relation, key, given)), check)


def _include_others(look: Look, found: Attempt, place: Place) -> None:
    """Have a row compared whole: what is deleted is more than what a page of columns shows."""
    if found.relation.columns > len(found.fields):
        (rows,) = look.ask(others_question(place.oid, place.skip))
        found.others = tuple(name for (name,) in rows)


def _compare(found: Attempt, seen: Mapping[int, str]) -> None:
    found.changed = changed_in(found.values or {}, seen)
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
    (rows,) = look.ask(row_question(found.relation, found.key, place.key, found.expressions, lock))
    return found.read(rows)


def _lock(writer: Writer, found: Attempt, place: Place, lock: str) -> None:
    found.values = _read(writer, found, place, lock)
    if found.values is None:
        found.values = _read(writer, found, place) if lock else None
        # There to be read, but not to be changed: a policy of row-level security.
        raise problem("edit-denied" if found.values is not None else "edit-row-gone", writer.subject)


def _note(
    connection: psycopg.Connection[Any],
    found: Attempt,
    written: Mapping[Field, str | None],
    refused: BrowsingProblem,
    unfilled: Sequence[Field] = (),
) -> None:
    found.problem = refused
    if isinstance(refused, WriteRefused) and not connection.closed:
        explained = explain(connection, found.relation, written, refused, unfilled)
        found.problem, found.faults = explained.problem, explained.fields
