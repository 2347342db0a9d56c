"""Poolers: a real PgBouncer in each mode, and what gives others away."""

from __future__ import annotations

import time

import psycopg
import pytest

from provisioner.doctor import examination
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.postgres import PASSWORD as SUPER
from tests.postgres import SUPERUSER, PostgresServer
from tests.provisioner.doctor.seeing import BOTH, INTERNAL, PASSWORD, USER, holdings, seen

pytestmark = pytest.mark.skipif(find_pgbouncer() is None, reason=ABSENT)


@pytest.mark.parametrize(
    ("mode", "purposes", "kind"),
    [
        ("transaction", USER, "live-pooler"),
        ("transaction", BOTH, "live-pooler"),
        ("transaction", INTERNAL, "doctor-pooler-internal"),
        ("session", USER, "doctor-pooler-suspected"),
    ],
)
def test_modes(server: PostgresServer, shop: str, mode: str, purposes, kind: str) -> None:
    before = holdings(server, shop)
    with PgBouncer(server, pool_mode=mode, users={"doctor_owner": PASSWORD}) as bouncer:
        found = seen(bouncer.url(shop, user="doctor_owner", password=PASSWORD), purposes)
    assert [each.kind for each in found.findings] == [kind]
    assert found["tables in public"].words == "can be created (tried and rolled back)"
    assert holdings(server, shop) == before


def test_one_that_falls_silent_is_cut_off(server: PostgresServer, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its only server connection in use, the pooler lets us in and answers nothing."""
    monkeypatch.setattr(examination, "SESSION_SECONDS", 0.5)
    with (
        PgBouncer(server, pool_size=1) as bouncer,
        psycopg.connect(
            host="127.0.0.1", port=bouncer.port, user=SUPERUSER, password=SUPER, dbname=shop, sslmode="disable"
        ) as holder,
    ):
        holder.execute("SELECT 1")
        start = time.monotonic()
        found = seen(bouncer.url(shop))
        assert time.monotonic() - start < 10
    assert found["session"].outcome == "error"
    assert {each.kind for each in found.findings} <= {"live-lost", "live-timeout"}
