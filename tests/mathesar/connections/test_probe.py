"""Live looks at real, silent, wrong and absent databases: a closed list of codes and a bounded time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

import provisioner
from tests.mathesar import plans
from tests.postgres import PostgresServer, free_port


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Give the listening socket of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener


def look(text: str):
    from mathesar.connections.probe import look as probe
    from mathesar.connections.reaching import Reach

    return probe(Reach(provisioner.parse_database_url(text, profile="local")))


def test_a_real_database(site: PostgresServer) -> None:
    site.create_database("seen")
    result = look(site.url("seen"))
    assert (result.status, result.code) == ("connected", "")
    assert result.server_version == str(site.psql("SHOW server_version")[0][0]).split(" ")[0]
    assert result.identity.startswith("system:")
    assert look(site.url("postgres")).identity != result.identity


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dbname": "nowhere"}, "no-database"),
        ({"password": "wrong"}, "auth"),
        ({"user": "nobody-there"}, "auth"),
        ({"host": "no-such-host.invalid"}, "dns"),
        ({"sslmode": "require"}, "tls"),
    ],
)
def test_codes(site: PostgresServer, change: dict[str, str], code: str) -> None:
    result = look(site.url(**{"dbname": "postgres", **change}))
    assert (result.status, result.code) == ("unreachable", code)


def test_nobody_listens(site: PostgresServer) -> None:
    assert look(site.url(port=free_port())).code == "refused"


def test_silent_servers_are_bounded_in_total(site: PostgresServer, silent: socket.socket) -> None:
    place = f"127.0.0.1:{silent.getsockname()[1]}"
    start = time.monotonic()
    several = f"postgresql://u:p@{place},{place},{place}/x?sslmode=disable"
    assert look(several).code == "timeout"
    assert time.monotonic() - start < 9  # were the 5 s given to each of the two that are tried, it were 10


def test_silent_servers_hold_up_nobody_else(
    use, site: PostgresServer, silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mathesar.connections import reaching, status
    from mathesar.connections.models import Database

    # What waits for the silent one would wait for longer than the live one is given here.
    monkeypatch.setattr(reaching, "connect", partial(reaching.connect, seconds=120))
    port = silent.getsockname()[1]
    dead = {f"dead{n}": f"postgresql://u:p@127.0.0.1:{port}/x{n}?sslmode=disable" for n in range(8)}
    use(plans.local_plan({**dead, "live": site.url()}))
    before = threading.active_count()
    started = [status.start_check(row) for row in Database.objects.exclude(key="live")]
    live = Database.objects.get(key="live")
    assert sum(started) == status.PER_TARGET
    assert status.start_check(live)
    status.wait_for_checks([live], 30)
    live.refresh_from_db()
    assert live.status == "schema_missing"
    assert threading.active_count() < before + 12
    silent.close()
    status.wait_for_checks(list(Database.objects.all()), 30)


def test_another_database_under_the_same_name(use, site: PostgresServer) -> None:
    from mathesar.connections import status
    from mathesar.connections.models import Database

    for dbname, expected in (("seen_a", "connected"), ("seen_b", "target_changed"), ("seen_a", "connected")):
        if not site.psql(f"SELECT 1 FROM pg_database WHERE datname = '{dbname}'"):
            site.create_database(dbname)
        use(plans.local_plan({"one": site.url(dbname)}))
        row = Database.objects.get()
        row.choose_schema(wanted=False, types_only=False)
        status.record(row, look(site.url(dbname)))
        row.refresh_from_db()
        assert row.status == expected


def test_out_of_service_rows_are_left_alone(use, site: PostgresServer) -> None:
    from mathesar.connections import status
    from mathesar.connections.models import Database

    use(plans.local_plan({"one": site.url()}))
    use(plans.local_plan())
    row = Database.objects.get()
    status.record(row, look(site.url()))
    row.refresh_from_db()
    assert (row.status, status.is_fresh(row)) == ("missing", True)
