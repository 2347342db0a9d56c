"""Whether the database holds what was written: looked at after the statement, and before anything of it is kept.

Triggers, rules and types of limited precision make something else of what was typed, or nothing, without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from psycopg import sql

from mathesar.explorer.columns import KeyPart
from mathesar.explorer.errors import problem
from mathesar.explorer.fields import Field
from mathesar.explorer.relation import Relation
from mathesar.explorer.transaction import Question, Row
from mathesar.explorer.values import Value, alike_expression, read_values, text_expression, value_expression
from mathesar.explorer.writing import Writer, key_texts, row_question

Texts = Mapping[Field, "str | None"]


class Held(NamedTuple):
    """What the database holds in one column."""

    field: Field
    value: Value


def returned_of_update(relation: Relation, key: Sequence[KeyPart]) -> list[sql.Composable]:
    """Return what an UPDATE is to answer with: its row's new key, where a rule does not forbid that it answers."""
    return [] if relation.ruled else key_texts(key)


def after_update(
    writer: Writer, relation: Relation, key: Sequence[KeyPart], keys: Sequence[str], written: Texts,
    before: Mapping[int, Value], rows: Sequence[Row],
) -> tuple[Held, ...] | None:  # fmt: skip
    """Return what is held in each column where it is not what was typed; None where nothing was to be changed.

    `rows` is what the UPDATE answered. What was typed may be another text for the value that was there: 1.0 and 1.00.

    Raises:
        BrowsingProblem: the row is as it was, or is not found any more.
    """
    new = {each.name: text for each, text in written.items()}
    after = rows[0] if rows else [new.get(part.name, old) for part, old in zip(key, keys, strict=True)]
    fields = [each for each in written if each.readable]
    row = _look(writer, relation, key, after, fields, written)
    if row is None:
        raise problem("edit-not-one", writer.subject)
    values = read_values(fields, row[: len(fields)])
    if any(value.token != before[number].token for number, value in values.items()):
        return _others(fields, written, row)
    if _means(writer, written, values):
        return None
    raise problem("edit-not-one", writer.subject)


def returned_of_insert(
    relation: Relation, key: Sequence[KeyPart], given: Texts
) -> tuple[list[sql.Composable], list[str | None]]:
    """Return what an INSERT is to answer with, and the texts that this takes: the row's key, else what was given.

    Of what may not be read, that there is a row.

    Nothing where a rule forbids that it answers, or a policy may let a row be added that may not be read.
    """
    if relation.ruled or relation.row_security:
        return [], []
    if _has_key(relation, key):
        return key_texts(key), []
    readable = {each: text for each, text in given.items() if each.readable}
    return _looked_at(relation, list(readable)) or [sql.SQL("1")], list(readable.values())


def after_insert(
    writer: Writer, relation: Relation, key: Sequence[KeyPart], given: Texts, rows: Sequence[Row]
) -> tuple[Held, ...] | None:
    """Return what is held in each column where it is not what was typed; None where the row cannot be read back.

    `rows` is what the INSERT answered.

    Raises:
        BrowsingProblem: the row is not there.
    """
    fields = [each for each in given if each.readable]
    if rows and not _has_key(relation, key):
        return _others(fields, given, rows[0]) if fields else ()
    typed = {each.name: text for each, text in given.items()}
    keys = rows[0] if rows else [typed.get(part.name) for part in key]
    if not _has_key(relation, key) or None in keys:
        return None
    row = _look(writer, relation, key, keys, fields, given)
    if row is not None:
        return _others(fields, given, row)
    if relation.row_security:
        return None
    raise problem("edit-not-one", writer.subject)


def after_delete(writer: Writer, relation: Relation, key: Sequence[KeyPart], keys: Sequence[str]) -> None:
    """Do nothing where the row is gone.

    Raises:
        BrowsingProblem: it is still there.
    """
    if _look(writer, relation, key, keys, [], {}) is not None:
        raise problem("edit-not-one", writer.subject)


def _has_key(relation: Relation, key: Sequence[KeyPart]) -> bool:
    return bool(key) and relation.alone


def _look(
    writer: Writer, relation: Relation, key: Sequence[KeyPart], keys: Sequence[str | None], fields: list[Field],
    written: Texts,
) -> Row | None:  # fmt: skip
    given = [written[each] for each in fields]
    (rows,) = writer.ask(row_question(relation, key, keys, _looked_at(relation, fields), given=given))
    return rows[0] if len(rows) == 1 else None


def _looked_at(relation: Relation, fields: list[Field]) -> list[sql.Composable]:
    """Return the expressions for the columns' values, and for whether each has a text that is given."""
    return [*(value_expression(each, relation.stored) for each in fields), *(alike_expression(each) for each in fields)]


def _others(fields: list[Field], written: Texts, row: Row) -> tuple[Held, ...]:
    values = read_values(fields, row[: len(fields)])
    alike = [
        value == Value(None) if written[each] is None else bool(is_alike)
        for each, value, is_alike in zip(fields, values.values(), row[len(fields) :], strict=True)
    ]
    return tuple(Held(each, values[each.number]) for each, is_alike in zip(fields, alike, strict=True) if not is_alike)


def _means(writer: Writer, written: Texts, values: Mapping[int, Value]) -> bool:
    """Tell whether PostgreSQL reads what was typed, in the columns' types with their precision, as what is there."""
    fields = list(written)
    query = sql.SQL("SELECT {}").format(sql.SQL(", ").join([text_expression(each, each.cast_value) for each in fields]))
    ((*texts,),) = writer.ask(Question(query.as_string(), tuple(written.values())))[0]
    return [Value(text) for text in texts] == [values[each.number] for each in fields]
