"""The rows follow the environment, with the latch."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from mathesar import current
from tests.mathesar import plans

ONE, TWO = "postgresql://u:secret-one@db1.example/one", "postgresql://u:secret-two@db2.example/two"


def rows() -> dict[str, object]:
    from mathesar.connections.models import Database

    return {row.key: row for row in Database.objects.all()}


def statuses() -> dict[str, tuple[str, str]]:
    return {key: (row.status, row.status_code) for key, row in rows().items()}


def test_second_call_changes_nothing(use) -> None:
    from mathesar.connections.reconcile import is_behind, reconcile

    plan = plans.local_plan({"Süd": ONE, "two": TWO})
    assert is_behind(plan)
    use(plan)
    before = {key: vars(row) | {"_state": None} for key, row in rows().items()}
    assert not is_behind(plan)
    reconcile(plan)
    assert {key: vars(row) | {"_state": None} for key, row in rows().items()} == before
    assert [(row.name, row.position, row.variable) for row in rows().values()] == [
        ("Süd", 0, "MATHESAR_DATABASES"),
        ("two", 1, "MATHESAR_DATABASES"),
    ]


def test_left_is_detached_and_comes_back_with_its_id(use) -> None:
    use(plans.local_plan({"one": ONE, "two": TWO}))
    identity = rows()["one"].pk
    use(plans.local_plan({"two": TWO}))
    assert statuses()["one"] == ("detached", "")
    assert rows()["one"].detached_at is not None
    use(plans.local_plan({"ONE": ONE, "two": TWO}))
    assert (rows()["one"].pk, rows()["one"].name) == (identity, "ONE")
    assert statuses()["one"] == ("pending", "")


def test_unset_list_detaches_nothing_and_says_so(use, caplog: pytest.LogCaptureFixture) -> None:
    use(plans.local_plan({"one": ONE}))
    with caplog.at_level(logging.WARNING):
        use(plans.local_plan())
    assert statuses() == {"one": ("missing", "")}
    assert "MATHESAR_DATABASES is unset" in caplog.text
    use(plans.local_plan({"one": ONE}))
    assert statuses() == {"one": ("pending", "")}


def test_invalid_list_detaches_nothing_and_shows_the_code(use) -> None:
    use(plans.local_plan({"one": ONE, "two": TWO}))
    finding = plans.error_about("MATHESAR_DATABASES", "MP207")
    broken = plans.local_plan(entries_state="invalid", findings=(finding,))
    use(broken)
    assert statuses() == {"one": ("configuration_error", "MP207"), "two": ("configuration_error", "MP207")}
    from mathesar.connections.reconcile import is_behind

    assert not is_behind(broken)
    use(plans.local_plan({"one": ONE, "two": TWO}))
    assert set(statuses().values()) == {("pending", "")}


@pytest.mark.parametrize("variable", ["MATHESAR_DATABASE_X_URL", "HEROKU_POSTGRESQL_PINK_URL", "DATABASE_URL"])
def test_other_variables_detach_one_by_one(use, variable: str) -> None:
    plan = plans.local_plan({"one": ONE})
    entry = replace(plan.entries[0], name="x", variable=variable)
    use(replace(plan, entries=(entry,)))
    use(replace(plan, entries=(), entries_state="unset"))
    assert statuses() == {"x": ("detached", "")}


def test_broken_variable_of_one_entry(use) -> None:
    plan = plans.local_plan({"one": ONE})
    entry = replace(plan.entries[0], name="x", variable="MATHESAR_DATABASE_X_URL")
    use(replace(plan, entries=(entry, *plan.entries)))
    use(replace(plan, findings=(plans.error_about("MATHESAR_DATABASE_X_URL", "MP203"),)))
    assert statuses() == {"x": ("configuration_error", "MP203"), "one": ("pending", "")}


def test_password_changes_silently_and_target_asks_for_a_look(use) -> None:
    use(plans.local_plan({"one": ONE}))
    rows()["one"].record_status(status="connected", identity="system:1/2")
    before = rows()["one"]
    use(plans.local_plan({"one": ONE.replace("secret-one", "rotated")}))
    assert (rows()["one"].status, rows()["one"].fingerprint) == ("connected", before.fingerprint)
    use(plans.local_plan({"one": ONE.replace("db1", "db9")}))
    after = rows()["one"]
    assert (after.pk, after.status, after.identity) == (before.pk, "pending", "system:1/2")


def test_name_of_a_persons_own_connection(use) -> None:
    from mathesar.connections.models import Database

    Database.objects.create(source="ui", name="One", key="one")
    use(plans.local_plan({"one": ONE}))
    env = Database.objects.get(source="env")
    assert (env.status, env.status_code) == ("configuration_error", "name-taken")
    assert Database.objects.get(source="ui").status == "pending"


def test_release_of_a_missing_entry(use) -> None:
    from mathesar.connections.guard import ReadOnlyDatabase
    from mathesar.connections.reconcile import detach

    use(plans.local_plan({"one": ONE}))
    with pytest.raises(ReadOnlyDatabase):
        detach("ONE")
    use(plans.local_plan())
    assert detach("one").status == "detached"
    assert not current.get_plan().entries


def test_is_behind_costs_one_query(use) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mathesar.connections.reconcile import is_behind

    plan = use(plans.local_plan({"one": ONE, "two": TWO}))
    with CaptureQueriesContext(connection) as queries:
        is_behind(plan)
    assert len(queries) == 1
