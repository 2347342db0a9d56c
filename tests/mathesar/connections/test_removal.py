"""Removing connections: what goes and what stays, the schema first, and always possible."""

from __future__ import annotations

import pytest

from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import make_database, schemas
from tests.mathesar.connections.test_service import add, given
from tests.postgres import PostgresServer, free_port

__all__ = ["given"]
USE = "CREATE TABLE public.people (id int, mail mathesar_types.email)"


def rows():
    from mathesar.connections.models import Database

    return Database.objects


def test_the_schema_stays_unless_asked(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import removal

    row = add(given)
    assert removal.foresee(row).has_schema
    removal.remove(row)
    assert not rows().exists()
    assert schemas(site, "books") == {"msar", "mathesar_types"}


def test_with_the_schema(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import removal

    site.psql("CREATE TABLE public.kept (id int)", "books")
    row = add(given)
    removal.remove(row, with_schema=True)
    assert not rows().exists()
    assert schemas(site, "books") == set()
    assert site.psql("SELECT count(*) FROM public.kept", "books") == [(0,)]


def test_what_uses_the_schema_is_listed_and_kept(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import removal
    from mathesar.connections.schema import SchemaRefused

    row = add(given)
    site.psql(USE, "books")
    found = removal.foresee(row)
    assert [(each.schema, each.table, each.column, each.type) for each in found.dependents] == [
        ("public", "people", "mail", "mathesar_types.email")
    ]
    with pytest.raises(SchemaRefused) as refusal:
        removal.remove(row, with_schema=True)
    assert refusal.value.finding.kind == "schema-in-use"
    row.refresh_from_db()
    assert (row.removing_at, row.wants_schema, schemas(site, "books")) == (None, True, {"msar", "mathesar_types"})
    removal.remove(row, with_schema=True, cascade=True)
    assert schemas(site, "books") == set()
    assert site.psql("SELECT count(*) FROM public.people", "books") == [(0,)]
    assert not rows().exists()


def test_a_server_that_is_gone(given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import keyring, removal
    from mathesar.connections.credentials import read_fields
    from mathesar.connections.errors import ConnectionRefused

    row = add(given)
    gone = read_fields({**given, "port": free_port()})
    for name, value in keyring.seal_for(row.pk, gone).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    found = removal.foresee(row)
    assert (found.has_schema, found.problem.kind if found.problem else "") == (True, "live-refused")
    with pytest.raises(ConnectionRefused):
        removal.remove(row, with_schema=True)
    row.refresh_from_db()
    assert row.removing_at is None
    removal.remove(row)
    assert not rows().exists()


def test_a_locked_one_can_be_removed(given: dict[str, object]) -> None:
    from mathesar.connections import removal

    row = add(given)
    rows().filter(pk=row.pk).update(sealed="v1.0.x")
    row.refresh_from_db()
    problem = removal.foresee(row).problem
    assert problem is not None
    assert problem.code == "MP706"
    removal.remove(row)
    assert not rows().exists()


def test_entries_of_the_environment_cannot_be_removed(use, site: PostgresServer) -> None:
    from mathesar.connections import removal, service
    from mathesar.connections.guard import ReadOnlyDatabase

    use(plans.local_plan({"Sales": site.url("postgres")}))
    row = rows().get()
    for forbidden in (
        lambda: removal.remove(row),
        lambda: removal.foresee(row),
        lambda: service.edit(row, name="Other"),
        row.delete,
        rows().all().delete,
    ):
        with pytest.raises(ReadOnlyDatabase) as refusal:
            forbidden()
        assert refusal.value.variable == "MATHESAR_DATABASES"
    assert rows().count() == 1


def test_a_detached_entry_is_adopted_or_removed(use, given: dict[str, object], site: PostgresServer) -> None:
    from mathesar.connections import removal, service
    from mathesar.connections.credentials import read_fields
    from mathesar.connections.errors import Conflict
    from mathesar.connections.trial import Wish

    make_database(site, "second")
    both = {"One": site.url("books"), "Two": site.url("second")}
    use(plans.local_plan(both))
    one, two = rows().order_by("name")
    with pytest.raises(Conflict):
        service.adopt(one, read_fields(given))
    use(plans.local_plan({"Three": site.url("postgres")}))
    one.refresh_from_db()
    two.refresh_from_db()
    adopted = service.adopt(one, read_fields(given), Wish())
    assert (adopted.pk, adopted.source, adopted.status, adopted.schema) == (one.pk, "ui", "connected", "current")
    removal.remove(two)
    assert sorted(rows().values_list("name", flat=True)) == ["One", "Three"]
    use(plans.local_plan(both))  # the name comes back: the person's own connection keeps it
    found = dict(rows().filter(name="One").values_list("source", "status_code"))
    assert found == {"ui": "", "env": "name-taken"}
