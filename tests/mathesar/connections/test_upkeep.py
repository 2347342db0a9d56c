"""After start: every database that can be reached has the schema, and each other one says why not."""

from __future__ import annotations

import socket
from contextlib import closing

from provisioner.secret import Secret
from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import READER, READER_PASSWORD, make_database, schemas
from tests.mathesar.connections.test_service import add, given
from tests.postgres import PostgresServer, free_port

__all__ = ["given"]


def states() -> dict[str, tuple[str, str, str]]:
    from mathesar.connections.models import Database

    return {row.name: (row.status, row.schema, row.schema_code) for row in Database.objects.all()}


def test_each_database_by_itself(use, site: PostgresServer) -> None:
    from mathesar.connections.upkeep import bring_up_to_date

    for name in ("kept_a", "kept_b", "kept_c"):
        make_database(site, name)
    site.psql("CREATE SCHEMA mathesar_types", "kept_c")
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        use(
            plans.local_plan(
                {
                    "good": site.url("kept_a"),
                    "reader": site.url("kept_b", user=READER, password=READER_PASSWORD),
                    "foreign": site.url("kept_c"),
                    "gone": site.url("kept_a", port=free_port()),
                    "silent": f"postgresql://u:n0-such-pw@127.0.0.1:{silent.getsockname()[1]}/x?sslmode=disable",
                }
            )
        )
        assert bring_up_to_date() == 5
    assert states() == {
        "good": ("connected", "current", ""),
        "reader": ("schema_missing", "missing", "live-no-create"),
        "foreign": ("schema_missing", "foreign", ""),
        "gone": ("unreachable", "unknown", ""),
        "silent": ("unreachable", "unknown", ""),
    }
    assert schemas(site, "kept_a") == {"msar", "mathesar_types"}
    assert schemas(site, "kept_b") == set()


def test_what_people_left_out_or_are_removing_is_left_alone(given: dict[str, object], site: PostgresServer) -> None:
    from django.utils import timezone

    from mathesar.connections.models import Database
    from mathesar.connections.upkeep import bring_up_to_date

    row = add(given, schema=False)
    assert bring_up_to_date() == 1
    assert (schemas(site, "books"), states()["Books"]) == (set(), ("connected", "missing", ""))
    Database.objects.filter(pk=row.pk).update(wants_schema=True, removing_at=timezone.now())
    assert bring_up_to_date() == 0
    assert schemas(site, "books") == set()


def test_a_connection_whose_key_is_gone_is_locked(given: dict[str, object], plan: plans.Plan) -> None:
    from mathesar import current
    from mathesar.connections.upkeep import bring_up_to_date

    add(given)
    current.set_plan(plan, Secret("another-key-0123456789-another-key-0123456789-xyz"))
    assert bring_up_to_date() == 0
    assert states()["Books"][0] == "locked"
