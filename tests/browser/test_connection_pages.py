"""Connecting, editing, adopting and removing a database in a browser."""

from __future__ import annotations

import pytest

from tests.browser.connecting import NAME, Look, fill, look, orchard, page, problem, submit
from tests.mathesar.connections.site_of_databases import (
    OWNER,
    OWNER_PASSWORD,
    schemas,
)
from tests.postgres import PostgresServer

pytest.importorskip("playwright.sync_api")
__all__ = ["look", "orchard", "page"]


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
    problem(page, "MP605")
    assert page.locator("#id_dbname").input_value() == NAME
    assert page.locator("#id_password").input_value() == ""
    page.locator("#id_password").fill(OWNER_PASSWORD)
    submit(page)
    page.get_by_role("link", name="Remove Orchard").click()
    page.get_by_role("link", name="Look for what uses").click()
    page.get_by_label("Remove it, too").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_url("**/databases/")
    assert schemas(orchard, NAME) == set()
    context.close()
