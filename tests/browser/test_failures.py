"""Everything that can go wrong with connecting, each made for real, and what the page says of it."""

from __future__ import annotations

import os
import re
import socket
from contextlib import ExitStack
from typing import Any

import pytest

from tests.browser.connecting import NAME, Look, fill, look, orchard, page, problem, submit
from tests.mathesar.connections.site_of_databases import (
    OWNER,
    OWNER_PASSWORD,
    READER,
    READER_PASSWORD,
    make_database,
    schemas,
)
from tests.pgbouncer import PgBouncer, find_pgbouncer
from tests.postgres import PostgresServer, free_port, make_own_folder, ordinary_user, system_binaries
from tests.tls_certificate import write_certificate

pytest.importorskip("playwright.sync_api")
__all__ = ["look", "orchard", "page"]


def fail(page, look: Look, server: PostgresServer, name: str, code: str, **change: Any) -> None:
    """Try to connect with one thing that is wrong; see that the page says this code."""
    fill(page, server, **change)
    submit(page)
    problem(page, code)
    look(f"failure-{name}")
    page.evaluate("document.getElementById('outcome').replaceChildren()")


def test_each_failure_says_what_to_do(page, look: Look, orchard: PostgresServer) -> None:
    from mathesar.connections.trial import in_container

    page.goto("/databases/add")
    fail(page, look, orchard, "missing", "MP704", host="", password="")
    fail(page, look, orchard, "dns", "MP601", host="no-such-host.invalid")
    fail(page, look, orchard, "refused", "MP615" if in_container() else "MP602", port=free_port())
    fail(page, look, orchard, "tls", "MP604", sslmode="require")
    fail(page, look, orchard, "password", "MP605", password="wrong")
    fail(page, look, orchard, "no-database", "MP606", dbname="nowhere")
    fail(page, look, orchard, "host", "MP609", host="169.254.169.254")


@pytest.mark.prove
def test_servers_that_never_answer(page, look: Look, orchard: PostgresServer) -> None:
    """They take the most seconds: each is waited for to the end."""
    page.goto("/databases/add")
    with ExitStack() as opened:
        silent = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=5))
        full = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # what comes when the queue is full is dropped, as by a firewall
            client = opened.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        for name, server in (("firewalled", full), ("silent", silent)):
            fail(page, look, orchard, name, "MP603", port=server.getsockname()[1])


def test_a_role_that_may_not_create(page, look: Look, orchard: PostgresServer) -> None:
    page.goto("/databases/add")
    fill(page, orchard, username=READER, password=READER_PASSWORD)
    submit(page)
    problem(page, "MP612")
    look("failure-no-create")
    statement = page.locator("#outcome pre").inner_text()
    assert re.fullmatch(r'GRANT CREATE ON DATABASE "?orchard"? TO "?reader"?;', statement.strip())
    submit(page, "Connect without the Mathesar schema")
    page.locator(".status.good").first.wait_for()
    page.get_by_text("Left out").wait_for()
    orchard.psql(statement, NAME)  # and with it
    page.get_by_role("button", name="Install the Mathesar schema in Orchard").click()
    page.get_by_text("Installed").first.wait_for()
    assert schemas(orchard, NAME) == {"msar", "mathesar_types"}


def test_already_here_and_a_pooler(page, look: Look, orchard: PostgresServer) -> None:
    page.goto("/databases/add")
    fill(page, orchard)
    submit(page)
    page.locator(".status.good").first.wait_for()
    for name, code in (("orchard", "MP702"), ("Again", "MP703")):
        page.goto("/databases/add")
        fill(page, orchard, name=name)
        submit(page)
        problem(page, code)
        look(f"failure-{code}")
    if find_pgbouncer() is None:
        return
    with PgBouncer(orchard, users={OWNER: OWNER_PASSWORD}) as pooler:
        fill(page, orchard, name="Pooled", port=pooler.port)
        submit(page)
        page.locator("#outcome .code", has_text="MP611").wait_for(timeout=15_000)
        look("failure-pooler")
        submit(page, "Connect through the pooler anyway")
        page.get_by_role("heading", name="Pooled").wait_for()


def test_a_server_that_takes_tls_only(page, look: Look, plan) -> None:
    binaries = system_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL with TLS on this machine")
    folder = make_own_folder("crt")
    certificate, key = write_certificate(folder, "localhost")
    rights = ordinary_user()
    if rights:
        os.chown(key, int(str(rights["user"])), int(str(rights["group"])))
    settings = {"ssl": "on", "ssl_cert_file": str(certificate), "ssl_key_file": str(key)}
    with PostgresServer(binaries, settings=settings) as server:
        make_database(server, NAME)
        (server.folder / "data" / "pg_hba.conf").write_text(
            "local all all scram-sha-256\nhostssl all all all scram-sha-256\n"
        )
        server.psql("SELECT pg_reload_conf()")
        page.goto("/databases/add")
        fill(page, server, host="localhost")
        submit(page)
        problem(page, "MP604")
        look("failure-tls-only")
        page.locator("#id_sslmode").select_option("verify-full")
        page.evaluate("document.getElementById('outcome').replaceChildren()")
        submit(page)
        problem(page, "MP604")  # nobody vouches for it
        page.locator("#id_ca").fill(certificate.read_text())
        look("connect-authority")
        submit(page)
        page.locator(".status.good").first.wait_for()
