"""`mathesar start` in the full environment of each platform, against a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platforms.environments import ALL, HOSTS, PROBER_HOSTS
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar, run
from tests.system.visitor import Visitor
from tests.tls_certificate import write_certificate
from tests.tls_proxy import TlsProxy

USER, PASSWORD = "ada", "a long pass phrase 1815"


@pytest.fixture(scope="module", params=sorted(ALL))
def served(
    request: pytest.FixtureRequest, server: PostgresServer, address: str, sslmode: str | None
) -> Iterator[tuple[str, Mathesar]]:
    """Give (platform, running process) with one superuser."""
    name = request.param
    database = f"site_{name}"
    server.create_role("owner", "0wner-Secret", "LOGIN")
    server.create_database(database, owner="owner")
    url = server.url(database, user="owner", password="0wner-Secret", host=address, sslmode=sslmode)
    environ = ALL[name](url, free_port())
    with Mathesar(environ) as process:
        process.wait()
        made = run(
            ["createsuperuser", "--noinput", "--username", USER, "--email", "ada@example.com"],
            {**environ, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        )
        assert made.returncode == 0, made.stderr
        yield name, process


def test_prober_gets_200_over_plain_http(served: tuple[str, Mathesar]) -> None:
    name, process = served
    for path in ("/livez", "/readyz"):
        answer = process.get(path, headers={"Host": PROBER_HOSTS[name]})
        assert (answer.status, answer.body) == (200, "ok\n")


def test_listens_for_ipv4_and_where_the_network_needs_it_ipv6(served: tuple[str, Mathesar]) -> None:
    name, process = served
    addresses = ("127.0.0.1", "::1") if name == "railway" else ("127.0.0.1",)
    assert [process.get("/livez", address=each).status for each in addresses] == [200] * len(addresses)


def test_nothing_of_ours_lands_in_public(served: tuple[str, Mathesar], server: PostgresServer) -> None:
    name, _ = served
    schemas = server.psql(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        f"site_{name}",
    )
    assert schemas == [("mathesar_internal",)]


def test_sign_in_through_a_tls_proxy(served: tuple[str, Mathesar], tmp_path: Path) -> None:
    name, process = served
    certificate, key = write_certificate(tmp_path, HOSTS[name])
    with TlsProxy(process.port, certificate, key) as proxy:
        visitor = Visitor(HOSTS[name], proxy.port, certificate)
        page = visitor.visit("/")
        assert page.status == 200
        assert [path.split("?")[0] for path in visitor.history] == ["/sign-in"]
        assert "strict-transport-security" in page.headers

        refused = visitor.sign_in(USER, PASSWORD, token="x" * 64)
        assert refused.status == 403

        accepted = visitor.sign_in(USER, PASSWORD)
        assert accepted.status == 302, accepted.body
        session = next(line for line in accepted.cookies if "session=" in line)
        assert session.startswith("__Host-")
        attributes = {part.strip().lower() for part in session.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes
        assert not any(part.startswith("domain=") for part in attributes)

        databases = visitor.visit("/")
        assert databases.status == 200
        assert f"site_{name}" in databases.body
        assert "0wner-Secret" not in databases.body


def test_plain_http_is_sent_to_https(served: tuple[str, Mathesar]) -> None:
    name, process = served
    answer = process.get("/sign-in", headers={"Host": HOSTS[name], "X-Forwarded-Proto": "http"})
    assert answer.status == 301
    assert answer.headers["location"] == f"https://{HOSTS[name]}/sign-in"


def test_log_names_the_address_and_no_secret(served: tuple[str, Mathesar]) -> None:
    _, process = served
    assert "serves" in process.log
    assert "0wner-Secret" not in process.log
    assert process.environ.get("SECRET_KEY", "0wner-Secret") not in process.log
    assert "Traceback" not in process.log
