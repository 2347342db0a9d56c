"""Read-only is enforced in the model, by every way that the ORM offers."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from mathesar.connections import guard
from tests.mathesar import plans


@pytest.fixture
def rows(plan, use):
    from mathesar.connections.models import Database

    use(plans.local_plan({"one": "postgresql://u:p@db1/one", "two": "postgresql://u:p@db2/two"}))
    Database.objects.create(source="ui", name="mine", key="mine")
    return Database.objects


def as_unsaved(rows):
    from mathesar.connections.models import Database

    return Database(source="env", name="new", key="new", variable="X")


def disguised(rows):
    from mathesar.connections.models import Database

    return Database(pk=rows.get(key="one").pk, source="ui", name="one", key="other")


def renamed(rows):
    row = rows.get(key="one")
    row.source = "ui"
    return row


ATTEMPTS = {
    "save": lambda rows: rows.get(key="one").save(),
    "save as another source": lambda rows: renamed(rows).save(),
    "save over it": lambda rows: disguised(rows).save(),
    "create": lambda rows: as_unsaved(rows).save(),
    "get_or_create": lambda rows: rows.get_or_create(source="env", key="new", defaults={"name": "new"}),
    "update_or_create": lambda rows: rows.update_or_create(key="one", defaults={"label": "x"}),
    "delete": lambda rows: rows.get(key="one").delete(),
    "queryset update": lambda rows: rows.filter(key="one").update(label="x"),
    "update all": lambda rows: rows.update(label="x"),
    "sneak in": lambda rows: rows.filter(key="mine").update(source="env"),
    "queryset delete": lambda rows: rows.all().delete(),
    "raw delete": lambda rows: rows.all()._raw_delete("default"),
    "bulk_create": lambda rows: rows.bulk_create([as_unsaved(rows)]),
    "bulk upsert": lambda rows: rows.bulk_create(
        [disguised(rows)], update_conflicts=True, update_fields=["key"], unique_fields=["id"]
    ),
    "bulk_update": lambda rows: rows.bulk_update([rows.get(key="one")], ["label"]),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_refused(rows, attempt: str) -> None:
    before = list(rows.order_by("key").values())
    with pytest.raises(guard.ReadOnlyDatabase, match="Change ") as caught:
        ATTEMPTS[attempt](rows)
    assert caught.value.variable in {"MATHESAR_DATABASES", "X"}
    assert list(rows.order_by("key").values()) == before


def test_collector_is_refused(rows) -> None:
    from django.db.models.deletion import Collector

    row = rows.get(key="one")
    collector = Collector(using="default")
    collector.collect([row])
    with pytest.raises(guard.ReadOnlyDatabase):
        collector.delete()
    assert rows.filter(pk=row.pk).exists()


def test_own_connections_stay_editable(rows) -> None:
    mine = rows.get(key="mine")
    mine.label = "Mine"
    mine.save()
    assert rows.filter(key="mine").update(label="M") == 1
    assert mine.delete()[0] == 1


def test_status_is_the_only_thing_a_check_may_write(rows) -> None:
    row = rows.get(key="one")
    row.record_status(status="connected", server_version="15.1")
    assert rows.get(pk=row.pk).status == "connected"
    with pytest.raises(ValueError, match="label"):
        row.record_status(label="x")


@pytest.mark.parametrize(
    "values",
    [
        {"source": "env", "key": "one", "name": "again", "variable": "X"},
        {"source": "env", "key": "x", "name": "x", "variable": ""},
        {"source": "ftp", "key": "x", "name": "x"},
        {"source": "ui", "key": "x", "name": "x", "status": "happy"},
        {"source": "ui", "key": "x", "name": "x", "status": "detached"},
    ],
)
def test_database_constraints(rows, values: dict[str, str]) -> None:
    from mathesar.connections.models import Database

    with guard.changes_from_the_environment(), pytest.raises(IntegrityError), transaction.atomic():
        Database(**values).save()


def test_no_column_could_hold_a_credential(rows) -> None:
    names = {field.name for field in rows.model._meta.get_fields()}
    assert names.isdisjoint({"password", "url", "user", "secret", "dsn", "host"})
    stored = repr(list(rows.values()))
    assert "postgresql://" not in stored
