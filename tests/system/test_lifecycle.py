"""What a restart keeps, and what a change of the environment does."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from tests.platforms.environments import HOSTS, digitalocean, render
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar, run
from tests.system.visitor import Visitor

DATABASE = "kept"
USER, PASSWORD = "ada", "a long pass phrase 1815"
OTHER_KEY = "7c1f0b9e2d64a8530fe1b7c92a5d48e63b0c9f71d2e84a56b3970c1de5f8264a"
HOST = HOSTS["digitalocean"]


@dataclass
class Site:
    """One install: a server, the address to reach it by, and its environment."""

    server: PostgresServer
    address: str
    sslmode: str | None

    def url(self, name: str, **parts: str) -> str:
        return self.server.url(name, host=self.address, sslmode=self.sslmode, **parts)

    def rows(self) -> list[tuple[object, ...]]:
        columns = "key, id::text, status, status_code, variable"
        return self.server.psql(f"SELECT {columns} FROM mathesar_internal.connections_database ORDER BY key", DATABASE)

    def boot_row(self) -> list[tuple[object, ...]]:
        return self.server.psql("SELECT wrapped_key, canary FROM mathesar_internal.boot", DATABASE)

    def wait_for_looks(self) -> None:
        """Wait until each row says what a look at its database found."""
        end = time.monotonic() + 60
        while any(row[2] == "pending" for row in self.rows()):
            assert time.monotonic() < end, self.rows()
            time.sleep(0.05)

    def start(self, environ: dict[str, str]) -> Mathesar:
        """Start with a new home directory: nothing of the disk outlives a restart."""
        return Mathesar({**environ, "PORT": str(free_port())})


@pytest.fixture
def site(server: PostgresServer, address: str, sslmode: str | None) -> Site:
    server.create_role("keeper", "First-Passw0rd", "LOGIN")
    server.create_database(DATABASE, owner="keeper")
    return Site(server, address, sslmode)


def sign_in(process: Mathesar, environ: dict[str, str]) -> Visitor:
    made = run(["createsuperuser", "--noinput", "--username", USER], {**environ, "DJANGO_SUPERUSER_PASSWORD": PASSWORD})
    assert made.returncode == 0, made.stderr
    visitor = Visitor(HOST, process.port)
    assert visitor.sign_in(USER, PASSWORD).status == 302
    return visitor


def test_wiped_disk_keeps_key_rows_and_session(site: Site) -> None:
    environ = digitalocean(site.url(DATABASE, user="keeper", password="First-Passw0rd"))
    with site.start(environ) as process:
        process.wait("/readyz")
        visitor = sign_in(process, environ)
        site.wait_for_looks()
        before = (site.rows(), site.boot_row())
        assert process.stop() == 0
    with site.start(environ) as process:
        process.wait("/readyz")
        visitor.port = process.port
        assert visitor.visit("/").status == 200
        assert visitor.history == []  # still signed in: the same key
        assert (site.rows(), site.boot_row()) == before
        assert "Prepared" not in process.log


def test_rotated_password_is_used_and_the_wrapped_key_is_never_overwritten(site: Site) -> None:
    environ = digitalocean(site.url(DATABASE, user="keeper", password="First-Passw0rd"))
    with site.start(environ) as process:
        process.wait("/readyz")
    before = site.boot_row()
    site.server.create_role("keeper", "Second-Passw0rd", "LOGIN")
    rotated = environ | {"DATABASE_URL": site.url(DATABASE, user="keeper", password="Second-Passw0rd")}
    with site.start(rotated) as process:
        process.wait("/readyz")
        assert "MP516" in process.log  # written with another key
        assert "key: failed" in process.get("/readyz?verbose").body
    assert site.boot_row() == before
    stale = run(["release"], environ)
    assert stale.returncode == 1
    assert "MP505" in stale.stderr
    assert "Passw0rd" not in stale.stderr + stale.stdout
    site.server.create_role("keeper", "First-Passw0rd", "LOGIN")
    with site.start(environ) as process:
        process.wait("/readyz")
        assert "key: ok" in process.get("/readyz?verbose").body
    assert site.boot_row() == before
    # A key in the environment wins, and everything moves to it.
    for _ in range(2):
        with site.start(environ | {"SECRET_KEY": OTHER_KEY}) as process:
            process.wait("/readyz")
            assert "MP516" not in process.log
    ((wrapped, canary),) = site.boot_row()
    assert (wrapped, canary == before[0][1]) == (None, False)


def test_removed_entry_is_detached_and_comes_back_with_its_id(site: Site) -> None:
    site.server.create_database("sales")
    environ = render(site.url(DATABASE, user="keeper", password="First-Passw0rd"))
    variable = "MATHESAR_DATABASE_SALES_URL"
    with site.start(environ | {variable: site.url("sales")}) as process:
        process.wait("/readyz")
    first = {row[0]: row for row in site.rows()}
    assert first["sales"][2] != "detached"
    with site.start(environ) as process:
        process.wait("/readyz")
    gone = {row[0]: row for row in site.rows()}
    assert gone["sales"][1:3] == (first["sales"][1], "detached")
    assert gone["default"][1] == first["default"][1]
    with site.start(environ | {variable: site.url("sales")}) as process:
        process.wait("/readyz")
    back = {row[0]: row for row in site.rows()}
    assert {key: row[1] for key, row in back.items()} == {key: row[1] for key, row in first.items()}
    assert back["sales"][2] != "detached"


def test_broken_list_serves_detaches_nothing_and_shows_the_code(site: Site) -> None:
    site.server.create_database("sales")
    environ = digitalocean(site.url(DATABASE, user="keeper", password="First-Passw0rd"))
    with site.start(environ | {"MATHESAR_DATABASES": f"(sales|{site.url('sales')})"}) as process:
        process.wait("/readyz")
        visitor = sign_in(process, environ)
    before = [row[:2] for row in site.rows()]
    with site.start(environ | {"MATHESAR_DATABASES": "(sales"}) as process:
        process.wait("/readyz")
        visitor.port = process.port
        page = visitor.visit("/")
        assert page.status == 200
        assert "MP201" in page.body
    assert [row[:2] for row in site.rows()] == before
    states = {row[0]: row[2] for row in site.rows()}
    assert states["sales"] == "configuration_error"
    assert states["default"] not in {"detached", "configuration_error"}


def test_serve_refuses_until_release_has_run(site: Site) -> None:
    environ = render(site.url(DATABASE, user="keeper", password="First-Passw0rd"))
    refused = run(["serve"], environ)
    assert refused.returncode == 1
    assert "MP510" in refused.stderr
    assert site.server.psql("SELECT 1 FROM pg_namespace WHERE nspname = 'mathesar_internal'", DATABASE) == []
    assert run(["release"], environ).returncode == 0
    with Mathesar({**environ, "PORT": str(free_port())}, "serve") as process:
        process.wait("/readyz")


def test_role_without_the_right_to_create_is_told_the_grant(site: Site) -> None:
    site.server.create_role("guest", "Guest-Passw0rd", "LOGIN")
    refused = run(["release"], render(site.url(DATABASE, user="guest", password="Guest-Passw0rd")))
    assert refused.returncode == 1
    assert "MP508" in refused.stderr
    assert 'GRANT CREATE ON DATABASE "kept" TO "guest"' in " ".join(refused.stderr.split())


def test_key_of_another_install_is_said_and_changes_no_row(site: Site) -> None:
    environ = render(site.url(DATABASE, user="keeper", password="First-Passw0rd"))
    with site.start(environ) as process:
        process.wait("/readyz")
    before = site.boot_row()
    other = environ | {"SECRET_KEY": OTHER_KEY}
    with site.start(other) as process:
        process.wait("/readyz")
        assert "MP516" in process.log
    assert site.boot_row() == before
    with site.start(other | {"SECRET_KEY_FALLBACKS": environ["SECRET_KEY"]}) as process:
        process.wait("/readyz")
        assert "MP516" not in process.log
    assert site.boot_row() != before  # nothing was stored: it is the new key's at once
