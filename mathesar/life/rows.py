"""Rows as JSON and back, by the models as some set of migrations left them: the same for SQLite and PostgreSQL."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Field, Model

from mathesar.life.archive import damaged

# People sign in again after a restore, and failed attempts are forgotten: neither belongs to the install.
LEFT_OUT = ("accounts.failedsignin", "sessions.session")
BATCH = 500  # rows


def models_of(apps: Any) -> list[type[Model]]:
    """Return the models of these apps whose rows are backed up, by label."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: str(model._meta.label_lower))


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """Return a model's columns by their attributes' names."""
    return tuple(field.attname for field in model._meta.local_concrete_fields)


def dump(model: type[Model]) -> Iterator[list[Any]]:
    """Give every row by its primary key, in batches: constant memory, and no cursor that a pooler would lose."""
    columns = columns_of(model)
    key = model._meta.pk.attname
    at = columns.index(key)
    ordered = model._default_manager.order_by(key)
    last: Any = None
    while True:
        rows = ordered if last is None else ordered.filter(**{f"{key}__gt": last})
        batch = list(rows.values_list(*columns)[:BATCH])
        for row in batch:
            yield [_plain(value) for value in row]
        if len(batch) < BATCH:
            return
        last = batch[-1][at]


def load(model: type[Model], columns: tuple[str, ...], rows: Iterable[list[Any]], done: Callable[[], None]) -> None:
    """Put rows into a model's empty table, exactly as they are; `done` is called for each.

    Raises:
        BootError: the columns are others, or a value is none of its column's.
    """
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    if set(fields) != set(columns):
        raise damaged(f"table {model._meta.label_lower} has other columns than its migrations made")
    for field in fields.values():
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            field.auto_now = field.auto_now_add = False  # these models serve nothing else
    batch: list[Model] = []
    for row in rows:
        values = {name: _typed(fields[name], value, model) for name, value in zip(columns, row, strict=True)}
        batch.append(model(**values))
        done()
        if len(batch) == BATCH:
            model._default_manager.bulk_create(batch)
            batch = []
    model._default_manager.bulk_create(batch)


def empty(models: Iterable[type[Model]]) -> None:
    """Delete what migrations themselves put into the tables."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _plain(value: Any) -> Any:
    """Return a value in JSON's words; the column's type says how to read it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    return value


def _typed(field: Field[Any, Any], value: Any, model: type[Model]) -> Any:
    if value is None:
        return None
    try:
        return field.to_python(value)
    except (ValidationError, ValueError, TypeError, OverflowError, RecursionError):
        raise damaged(f"a value in {model._meta.label_lower}.{field.attname} is none of its type") from None
