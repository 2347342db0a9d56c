"""Databases that cannot be reached: the reason, the same messages as everywhere, and a bounded time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from provisioner.doctor import Circumstances, Subject, diagnose_all
from provisioner.entries import DatabaseEntry
from tests.postgres import PostgresServer, free_port
from tests.provisioner.doctor.seeing import PASSWORD, USER, parsed, seen


@pytest.fixture
def silent() -> Iterator[int]:
    """Give the port of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("change", "check", "kind"),
    [
        ({"dbname": "nowhere"}, "connection", "live-no-database"),
        ({"password": "wrong"}, "connection", "live-auth"),
        ({"user": "doctor-nobody"}, "connection", "live-auth"),
        ({"host": "no-such-host.invalid"}, "host", "live-dns"),
        ({"sslmode": "require"}, "connection", "live-tls"),
        ({"port": free_port()}, "connection", "live-refused"),
    ],
)
def test_reasons(server: PostgresServer, change: dict[str, object], check: str, kind: str) -> None:
    found = seen(server.url(**{"dbname": "postgres", **change}))  # type: ignore[arg-type]
    assert found[check].outcome == "error"
    assert [each.kind for each in found.findings] == [kind]
    assert found.findings[0].variable == "SHOP_URL"


def test_a_host_that_is_not_allowed(server: PostgresServer) -> None:
    found = seen(server.url(), profile="paas")
    assert (found["host"].outcome, found["connection"].outcome) == ("error", "unknown")
    assert "this machine itself" in found.findings[0].message


@pytest.mark.parametrize("limited", ["ROLE doctor_plain", "DATABASE doctor_shop"])
def test_no_connection_left(server: PostgresServer, shop: str, limited: str) -> None:
    server.psql(f"ALTER {limited} CONNECTION LIMIT 0")
    found = seen(server.url(shop, user="doctor_plain", password=PASSWORD))
    assert [each.kind for each in found.findings] == ["live-too-many"]


def test_silent_servers_are_waited_for_together(server: PostgresServer, silent: int) -> None:
    urls = [f"postgresql://u:p@127.0.0.1:{silent}/x{number}?sslmode=disable" for number in range(8)]
    entries = [DatabaseEntry(f"dead{number}", parsed(url)) for number, url in enumerate(urls)]
    entries.append(DatabaseEntry("alive", parsed(server.url())))
    told: list[int] = []
    start = time.monotonic()
    found = diagnose_all([Subject(each, USER, Circumstances()) for each in entries], progress=told.append)
    assert time.monotonic() - start < 8 * 5
    assert [each.title for each in found] == [each.name for each in entries]
    assert [each["connection"].words for each in found[:8]] == ["no answer in time"] * 8
    assert found[8]["connection"].outcome == "ok"
    assert told == list(range(1, 10))


def test_the_whole_run_is_bounded(server: PostgresServer, silent: int) -> None:
    dead = DatabaseEntry("dead", parsed(f"postgresql://u:p@127.0.0.1:{silent}/x?sslmode=disable"))
    subjects = [Subject(dead, USER, Circumstances()), *[Subject(dead, USER, Circumstances())] * 8]
    start = time.monotonic()
    found = diagnose_all(subjects, seconds=0.5)
    assert time.monotonic() - start < 4
    assert {each.kind for one in found for each in one.findings} == {"doctor-unfinished"}
