"""Values keep their type through a backup's JSON, in either engine."""

from __future__ import annotations

import json
import math
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from mathesar.boot.messages import BootError
from tests.postgres import PostgresServer

VALUES = {
    "id": UUID("0b8f7a52-0d55-4c7c-9c0a-1b2c3d4e5f60"), "at": datetime(2026, 2, 3, 4, 5, 6, 789012, timezone.utc),
    "made": datetime(2001, 1, 1, tzinfo=timezone.utc), "day": date(1843, 10, 18), "yes": True, "big": 2**62,
    "small": -3, "real": 0.1, "exact": Decimal("12345678901234.0100"), "raw": b"\x00\xff\n", "text": "é\u2028\n\"'%{}",
    "free": {"a": [1, None, "2026-01-01T00:00:00Z"], "b": True}, "none": None,
}  # fmt: skip
NULLS = dict.fromkeys(VALUES, None) | {"id": UUID(int=1), "made": VALUES["made"]}


def model_of(table: str):
    """Make a model as migrations hold them, of every kind of column."""
    from django.db import models
    from django.db.migrations.state import ModelState, ProjectState

    null = {"null": True}
    fields = [
        ("id", models.UUIDField(primary_key=True)), ("at", models.DateTimeField(**null)),
        ("made", models.DateTimeField(auto_now_add=True)), ("day", models.DateField(**null)),
        ("yes", models.BooleanField(**null)), ("big", models.BigIntegerField(**null)),
        ("small", models.SmallIntegerField(**null)), ("real", models.FloatField(**null)),
        ("exact", models.DecimalField(max_digits=20, decimal_places=4, **null)), ("raw", models.BinaryField(**null)),
        ("text", models.TextField(**null)), ("free", models.JSONField(**null)),
        ("none", models.CharField(max_length=5, **null)),
    ]  # fmt: skip
    state = ProjectState()
    state.add_model(ModelState("setup", "kinds", fields, options={"db_table": table}))
    return state.apps.get_model("setup", "kinds")


@pytest.fixture
def kinds(plan):
    from django.db import connection

    model = model_of("life_kinds")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    yield model
    with connection.schema_editor() as editor:
        editor.delete_model(model)


def test_each_kind_of_value(kinds) -> None:
    from mathesar.life import rows

    columns = rows.columns_of(kinds)
    wanted = [[values[name] for name in columns] for values in (NULLS, VALUES)]
    for field in kinds._meta.local_fields:
        field.auto_now_add = False
    kinds.objects.bulk_create(kinds(**values) for values in (VALUES, NULLS))
    text = [json.dumps(row) for row in rows.dump(kinds)]
    kinds.objects.all().delete()
    seen = 0

    def count() -> None:
        nonlocal seen
        seen += 1

    rows.load(model_of("life_kinds"), columns, [json.loads(line) for line in text], count)
    read = kinds.objects.order_by("id").values_list(*columns)
    assert [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in read] == wanted
    assert seen == 2


def test_more_rows_than_a_batch(kinds) -> None:
    from mathesar.life import rows

    many = rows.BATCH * 2 + 1
    kinds.objects.bulk_create(kinds(id=UUID(int=number), small=number) for number in range(1, many + 1))
    at = rows.columns_of(kinds).index("small")
    assert [row[at] for row in rows.dump(kinds)] == list(range(1, many + 1))


@pytest.mark.parametrize(("column", "value"), [
    ("at", "yesterday"), ("id", 7.5), ("big", "many"), ("exact", "x"), ("big", math.inf), ("small", math.nan),
    pytest.param("real", 10**400, id="real-huge"),
])  # fmt: skip
def test_a_value_of_another_type(kinds, column: str, value: object) -> None:
    from mathesar.life import rows

    columns = rows.columns_of(kinds)
    row = [value if name == column else None for name in columns]
    with pytest.raises(BootError) as refused:
        rows.load(kinds, columns, [row], lambda: None)
    assert refused.value.findings[0].code == "MP526"
    assert f"kinds.{column}" in str(refused.value)


def test_a_value_that_is_too_deep(kinds) -> None:
    from mathesar.life import rows

    deep: list[object] = []
    for _ in range(sys.getrecursionlimit()):
        deep = [deep]
    columns = rows.columns_of(kinds)
    with pytest.raises(BootError) as refused:
        rows.load(kinds, columns, [[deep if name == "text" else None for name in columns]], lambda: None)
    assert "kinds.text is none of its type" in str(refused.value)


def test_every_table_of_ours_is_kept_or_left_out(plan, site: PostgresServer) -> None:
    """A new model is backed up by itself; what is left out is named, and is nothing that anybody misses."""
    from django.apps import apps

    from mathesar.life import rows

    kept = {model._meta.db_table for model in rows.models_of(apps)}
    there = {str(name) for (name,) in site.psql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'mathesar_internal'", "mathesar_tests"
    )}  # fmt: skip
    assert there - kept == {"accounts_failedsignin", "django_session", "django_migrations"}
