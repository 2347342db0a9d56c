"""Connecting, editing and removing a database in a browser, with everything that can go wrong on the way."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browser.screens import SCREENS
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
SHOTS = os.environ.get("SCREENSHOTS")
NAME = "orchard"
Look = Callable[[str], None]


@pytest.fixture(params=SCREENS)
def page(chromium, request: pytest.FixtureRequest, address: str, signed_in: dict[str, str]) -> Iterator[Any]:
    """Give a page of a signed-in superuser; nothing on it may break the content security policy."""
    width, scheme = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=address, reduced_motion="reduce"
    )
    context.add_cookies([signed_in])
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda each: faults.append(each.text) if "Content Security" in each.text else None)
    yield opened
    assert faults == []
    context.close()


@pytest.fixture
def look(page) -> Look:
    """Give a function that checks what every page must keep to, and takes its picture."""

    def check(name: str) -> None:
        from axe_playwright_python.sync_playwright import Axe

        width = page.viewport_size["width"]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert OWNER_PASSWORD not in page.content()

    return check


@pytest.fixture
def orchard(site: PostgresServer) -> Iterator[PostgresServer]:
    """Give the server, with a database of an ordinary owner."""
    from mathesar.connections import opening

    make_database(site, NAME)
    yield site
    opening.forget_all()


def fill(page, server: PostgresServer, **changes: Any) -> None:
    given = {
        "host": "127.0.0.1", "port": server.port, "dbname": NAME, "username": OWNER, "password": OWNER_PASSWORD,
        "name": "Orchard", **changes,
    }  # fmt: skip
    page.locator("#id_sslmode").select_option(given.pop("sslmode", "disable"))
    for name, value in given.items():
        page.locator(f"#id_{name}").fill(str(value))


def submit(page, button: str = "Connect") -> None:
    page.get_by_role("button", name=button, exact=True).click()


def problem(page, code: str) -> str:
    """Wait for a problem with this code; return what the page says of it."""
    page.locator("#outcome .code", has_text=code).first.wait_for(timeout=15_000)
    return str(page.locator("#outcome").inner_text())


def test_from_nothing_to_tables_and_back(page, look: Look, orchard: PostgresServer) -> None:
    orchard.psql(
        'CREATE TABLE public.trees (id int PRIMARY KEY, kind text); ALTER TABLE trees OWNER TO "owner+1"', NAME
    )
    page.goto("/")
    assert page.url.endswith("/databases/add")  # nothing is here yet
    look("connect-empty")
    fill(page, orchard)
    submit(page, "Test")
    page.get_by_text("It works.").wait_for()
    look("connect-tested")
    assert schemas(orchard, NAME) == set()
    assert page.locator("#id_password").input_value() == OWNER_PASSWORD  # nothing that was typed is lost
    submit(page)
    page.locator(".status.good").first.wait_for()
    look("list-connected")
    assert schemas(orchard, NAME) == {"msar", "mathesar_types"}

    page.get_by_role("link", name="Open Orchard").click()
    page.get_by_role("link", name="trees").wait_for()
    page.goto("/databases/")

    orchard.psql("CREATE TABLE public.people (id int, mail mathesar_types.email)", NAME)
    page.get_by_role("link", name="Remove Orchard").click()
    page.get_by_text("public.people.mail").wait_for()
    look("remove-in-use")
    page.get_by_label("Remove it, too").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("MP708").wait_for()
    look("remove-refused")
    assert schemas(orchard, NAME) == {"msar", "mathesar_types"}
    page.get_by_label("Remove it, too").check()
    page.get_by_label("Yes, remove these").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_url("**/databases/")
    look("list-empty")
    assert schemas(orchard, NAME) == set()
    assert orchard.psql("SELECT count(*) FROM public.trees", NAME) == [(0,)]


def test_a_pasted_url_fills_the_fields(page, look: Look, orchard: PostgresServer) -> None:
    page.goto("/databases/add")
    page.locator("#id_url").fill("postgresql://ada:p@w@db.example.org/sales")
    page.locator("#id_url").press("Tab")
    page.get_by_text("MP1").wait_for()
    look("url-refused")
    page.locator("#id_url").fill(orchard.url(NAME, user=OWNER, password=OWNER_PASSWORD))
    page.locator("#id_url").press("Tab")
    page.get_by_text("The fields below are filled").wait_for()
    assert page.locator("#id_url").input_value() == ""
    assert page.locator("#id_password").input_value() == OWNER_PASSWORD
    assert page.locator("#id_sslmode").input_value() == "disable"
    submit(page)
    page.locator(".status.good").first.wait_for()


def test_edit_keeps_the_password_unless_the_host_changes(page, look: Look, orchard: PostgresServer) -> None:
    page.goto("/databases/add")
    fill(page, orchard)
    submit(page)
    page.locator(".status.good").first.wait_for()
    page.get_by_role("link", name="Edit Orchard").click()
    look("edit")
    assert page.locator("#id_password").input_value() == ""
    page.locator("#id_name").fill("Fruit")
    submit(page, "Save")
    page.get_by_role("heading", name="Fruit").wait_for()
    page.get_by_role("link", name="Edit Fruit").click()
    page.locator("#id_host").fill("127.0.0.2")
    submit(page, "Save")
    assert "the password" in problem(page, "MP704")
    look("edit-password-again")
    page.locator("#id_host").fill("127.0.0.1")
    page.locator("#id_password").fill("wrong")
    submit(page, "Save")
    problem(page, "MP605")
    page.get_by_role("link", name="Cancel").click()
    page.locator(".status.good").first.wait_for()


def test_each_failure_says_what_to_do(page, look: Look, orchard: PostgresServer) -> None:
    from mathesar.connections.trial import in_container

    page.goto("/databases/add")
    with ExitStack() as opened:
        silent = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=5))
        full = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # what comes when the queue is full is dropped, as by a firewall
            client = opened.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        cases: list[tuple[str, dict[str, Any], str]] = [
            ("missing", {"host": "", "password": ""}, "MP704"),
            ("dns", {"host": "no-such-host.invalid"}, "MP601"),
            ("refused", {"port": free_port()}, "MP615" if in_container() else "MP602"),
            ("firewalled", {"port": full.getsockname()[1]}, "MP603"),
            ("silent", {"port": silent.getsockname()[1]}, "MP603"),
            ("tls", {"sslmode": "require"}, "MP604"),
            ("password", {"password": "wrong"}, "MP605"),
            ("no-database", {"dbname": "nowhere"}, "MP606"),
            ("host", {"host": "169.254.169.254"}, "MP609"),
        ]
        for name, change, code in cases:
            fill(page, orchard, **change)
            submit(page)
            problem(page, code)
            look(f"failure-{name}")
            page.evaluate("document.getElementById('outcome').replaceChildren()")


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
    assert page.get_by_text("Left out").is_visible()
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


def test_an_entry_of_the_environment(page, look: Look, use, orchard: PostgresServer) -> None:
    from mathesar.connections.models import Database
    from tests.mathesar import plans

    use(plans.local_plan({"Sales": orchard.url(NAME)}))
    row = Database.objects.get()
    page.goto("/")
    page.get_by_role("link", name="Open Sales").wait_for()
    assert page.get_by_role("link", name="Edit Sales").count() == 0
    for path in ("edit", "remove", "adopt"):
        answer = page.goto(f"/databases/{row.pk}/{path}")
        assert answer.status == 409
        assert "MATHESAR_DATABASES" in page.locator("main").inner_text()
    look("environment-refused")
    use(plans.local_plan({"Other": orchard.url("postgres")}))
    page.goto("/databases/")
    page.get_by_text("Detached (1)").click()
    look("list-detached")
    page.get_by_role("link", name="Adopt Sales").click()
    fill_adopted = {"host": "127.0.0.1", "port": orchard.port, "dbname": NAME, "username": OWNER}
    for name, value in {**fill_adopted, "password": OWNER_PASSWORD}.items():
        page.locator(f"#id_{name}").fill(str(value))
    page.locator("#id_sslmode").select_option("disable")
    look("adopt")
    submit(page, "Adopt")
    page.get_by_role("link", name="Edit Sales").wait_for()
    row.refresh_from_db()
    assert row.source == "ui"


def test_without_script(chromium, address: str, signed_in, orchard: PostgresServer) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    context.add_cookies([signed_in])
    page = context.new_page()
    page.goto("/databases/add")
    fill(page, orchard, password="wrong")
    submit(page)
    assert "MP605" in page.locator("#outcome").inner_text()
    assert page.locator("#id_dbname").input_value() == NAME
    assert page.locator("#id_password").input_value() == ""
    page.locator("#id_password").fill(OWNER_PASSWORD)
    submit(page)
    page.get_by_role("link", name="Remove Orchard").click()
    page.get_by_role("link", name="Look for what uses").click()
    page.get_by_label("Remove it, too").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    assert schemas(orchard, NAME) == set()
    context.close()
