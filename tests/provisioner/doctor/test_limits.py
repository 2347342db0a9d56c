"""Connections that are needed against those that can be had, and databases that are one and the same."""

from __future__ import annotations

import pytest

from provisioner.doctor import Circumstances, Load, diagnose_all, subjects
from provisioner.sizing import connections
from tests.mathesar.plans import local_plan
from tests.postgres import PASSWORD as SUPER
from tests.postgres import PostgresServer
from tests.provisioner.doctor.seeing import PASSWORD, USER, seen


def test_the_need_is_the_budgets(server: PostgresServer, shop: str) -> None:
    plan = local_plan({"shop": server.url(shop)}, internal=server.url(shop))
    (found,) = diagnose_all(subjects(plan))
    assert found.purposes == {"internal", "user"}
    assert found["connections"].words.startswith(f"at most {connections(plan.workers, plan.pool_size)} needed of ")
    assert "same database" not in found.names


@pytest.mark.parametrize(
    ("limit", "replicas", "fits"),
    [("ROLE doctor_owner", 1, True), ("ROLE doctor_owner", 2, False), ("DATABASE doctor_shop", 2, False)],
)
def test_the_narrowest_limit_counts(server: PostgresServer, shop: str, limit: str, replicas: int, fits: bool) -> None:
    server.psql(f"ALTER {limit} CONNECTION LIMIT 7")
    load = Load(workers=2, pool_size=4, replicas=replicas)
    found = seen(server.url(shop, user="doctor_owner", password=PASSWORD), USER, load=load)
    assert found["connections"].holds is fits
    assert f"{4 * replicas} needed of 7 that this {limit.split()[0].lower()} allows" in found["connections"].words
    assert [each.kind for each in found.findings] == ([] if fits else ["doctor-connections-short"])


def test_the_server_reserves_some(server: PostgresServer, shop: str) -> None:
    most = int(str(server.psql("SHOW max_connections")[0][0]))
    kept = int(str(server.psql("SHOW superuser_reserved_connections")[0][0]))
    load = Load(workers=2, pool_size=4, replicas=9)
    for user, password, available in (("doctor_owner", PASSWORD, most - kept), ("postgres", SUPER, most)):
        found = seen(server.url(shop, user=user, password=password), load=load)
        assert f"of {available} that the server allows" in found["connections"].words
        assert found["connections"].outcome == "error"


def test_databases_of_one_server_add_up(server: PostgresServer, shop: str) -> None:
    plan = local_plan({"a": server.url(shop), "b": server.url("template1")}, internal=server.url("postgres"))
    found = diagnose_all(subjects(plan))
    need = plan.workers * plan.pool_size * 2 + 2 + 2 * plan.workers * 2
    assert [each.title for each in found] == ["the internal database", "a", "b"]
    assert {each["connections"].words.split(" needed")[0] for each in found} == {f"at most {need}"}


def test_one_database_by_two_addresses(server: PostgresServer, shop: str) -> None:
    other = server.url(shop).replace("127.0.0.1", "localhost")
    named = {"a": server.url(shop), "b": other, "c": other.replace("localhost", "127.0.0.1")}
    plan = local_plan(named, internal=server.url("postgres"))
    a, b, c = diagnose_all(subjects(plan))[1:]
    assert (a["same database"].holds, b["same database"].holds) == (False, True)
    assert [each.kind for each in b.findings] == ["doctor-same-database"]
    assert "'a'" in b.findings[0].message
    assert c["same database"].words == "the one of 'a'"
    assert c.findings == ()  # known without connecting: `check` says so


def test_the_internal_one_by_another_address(server: PostgresServer, shop: str) -> None:
    other = server.url(shop).replace("127.0.0.1", "localhost")
    internal, entry = diagnose_all(subjects(local_plan({"a": other}, internal=server.url(shop))))
    assert internal.title == "the internal database"
    assert "same database" not in internal.names
    assert entry["same database"].words == "the internal database, by another address or role"
    assert entry["same database"].outcome == "ok"


def test_a_load_needs_nothing_without_purpose() -> None:
    assert Load().need(frozenset()) == 0
    assert Circumstances().load == Load()
