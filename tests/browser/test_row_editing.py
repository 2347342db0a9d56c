"""Editing, adding and deleting rows in a real browser, by keyboard and without script."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_explorer_pages import SALES, browse_of
from tests.browser.test_pages import SHOTS, open_page
from tests.mathesar import plans
from tests.postgres import PostgresServer

__all__ = ["browse_of", "open_page"]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def shop(site: PostgresServer, use):
    """Give a path into a shop's tables that may be written."""
    from mathesar.connections.models import Database
    from mathesar.connections.opening import forget

    url = site.create_database("explorer_edited")
    site.create_role("explorer_sales", "sells")
    site.psql(SALES, "explorer_edited")
    use(plans.local_plan({"Sales & Ops": url}))
    (row,) = Database.objects.all()
    base = f"/databases/{row.pk}/browse/"
    oids = dict(site.psql("SELECT relname::text, oid::bigint FROM pg_class", "explorer_edited"))
    yield lambda name="": f"{base}{oids[name]}/" if name else base
    forget(row.pk)


def check(page, name: str) -> None:
    """Check a state of a page that was come to by clicking: axe, width, and a picture where one is wanted."""
    width = page.viewport_size["width"]
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_edit_by_keyboard(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("customers"), "rows-table", cookie=signed_in)
    assert page.locator("#rows .row-link a").count() == 50
    page.get_by_role("link", name="Edit row 3", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Edit a row of customers").wait_for()
    check(page, "rows-edit")
    page.get_by_label("name", exact=True).fill("Emmy Noether")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "v3"
    box = page.get_by_label("No value (NULL) for city")
    assert box.is_checked()
    page.keyboard.type("Göttingen")
    assert not box.is_checked()
    page.get_by_label("since", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("The row was saved.").wait_for()
    check(page, "rows-saved")
    row = site.psql("SELECT name, city FROM customers WHERE id = 3", "explorer_edited")
    assert row == [("Emmy Noether", "Göttingen")]


def test_next_rows_have_links_too(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("customers"), "rows-next", cookie=signed_in)
    page.get_by_role("link", name="Next rows").click()
    page.get_by_role("link", name="Edit row 77", exact=True).click()
    page.get_by_label("name", exact=True).fill("Seventy-seven")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The row was saved.").wait_for()
    page.get_by_role("cell", name="Seventy-seven").wait_for()


def test_fields_of_many_kinds(open_page, signed_in, shop) -> None:
    page = open_page(shop("orders"), "rows-orders", cookie=signed_in)
    page.get_by_role("link", name="Edit row 2", exact=True).click()
    assert page.get_by_label("state", exact=True).input_value() == "=sent"
    check(page, "rows-many")


def test_faults(open_page, signed_in, shop) -> None:
    page = open_page(shop("orders"), "rows-before-faults", cookie=signed_in)
    page.get_by_role("link", name="Edit row 2", exact=True).click()
    page.get_by_label("total", exact=True).fill("a lot")
    page.get_by_label("placed", exact=True).fill("2026-02-30")
    page.get_by_label("notes", exact=True).fill("Kept")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()
    check(page, "rows-faults")
    assert "2 fields need another value" in page.get_by_role("alert").inner_text()
    assert page.evaluate("document.activeElement.name") == "v4"
    assert page.get_by_label("total", exact=True).input_value() == "a lot"
    assert page.get_by_label("notes", exact=True).input_value() == "Kept"


def test_add(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("orders"), "rows-before-adding", cookie=signed_in)
    page.get_by_role("link", name="Add a row").click()
    page.get_by_role("heading", name="Add a row to orders").wait_for()
    check(page, "rows-add")
    page.get_by_label("customer", exact=True).fill("999")
    page.get_by_label("total", exact=True).fill("12.50")
    page.get_by_role("button", name="Add row").click()
    page.get_by_role("alert").wait_for()
    assert "MP665" in page.get_by_role("alert").inner_text()
    page.get_by_label("customer", exact=True).fill("7")
    page.get_by_role("button", name="Add row").click()
    page.get_by_text("The row was added.").wait_for()
    row = site.psql("SELECT state::text, total::text, notes FROM orders ORDER BY id DESC LIMIT 1", "explorer_edited")
    assert row == [("open", "12.50", None)]


def test_delete(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("orders"), "rows-before-deleting", cookie=signed_in)
    page.get_by_role("link", name="Edit row 5", exact=True).click()
    page.get_by_role("link", name="Delete row…").click()
    page.get_by_role("heading", name="Delete this row of orders?").wait_for()
    check(page, "rows-delete")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Delete row…").click()
    page.get_by_role("button", name="Delete this row").click()
    page.get_by_text("The row was deleted.").wait_for()
    assert site.psql("SELECT count(*) FROM orders WHERE id = 5", "explorer_edited") == [(0,)]


def test_conflict(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("customers"), "rows-before-conflict", cookie=signed_in)
    page.get_by_role("link", name="Edit row 4", exact=True).click()
    page.get_by_label("name", exact=True).fill("Mine")
    site.psql("UPDATE customers SET name = 'Theirs', since = '2020-02-02' WHERE id = 4", "explorer_edited")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("In the database now: Theirs").wait_for()
    check(page, "rows-conflict")
    assert page.get_by_label("name", exact=True).input_value() == "Mine"
    assert page.get_by_label("since", exact=True).input_value() == "2020-02-02"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The row was saved.").wait_for()
    assert site.psql("SELECT name, since::text FROM customers WHERE id = 4", "explorer_edited") == [
        ("Mine", "2020-02-02")
    ]


def test_what_cannot_be_edited(open_page, signed_in, shop) -> None:
    page = open_page(shop("unpaid"), "rows-view", cookie=signed_in)
    assert "MP676" in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Add a row").count() == 0
    page = open_page(shop("orders_2019"), "rows-keyless", cookie=signed_in)
    assert "MP677" in page.locator("main").inner_text()
    assert page.get_by_role("link", name=re.compile("^Edit row")).count() == 0
    assert page.get_by_role("link", name="Add a row").is_visible()  # adding needs no key


def test_refused_while_typing(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("customers"), "rows-before-refusing", cookie=signed_in)
    page.get_by_role("link", name="Edit row 6", exact=True).click()
    page.get_by_label("name", exact=True).fill("Emmy Noether")
    site.psql("ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE", "explorer_edited")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("What you typed is kept in this page.").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "A row in Sales & Ops"
    assert page.get_by_label("Breadcrumb").get_by_role("link").all_inner_texts() == ["Databases", "Sales & Ops"]
    check(page, "rows-refused")
    assert "MP677" in page.locator("main").inner_text()
    site.psql("ALTER TABLE customers ADD PRIMARY KEY (id)", "explorer_edited")
    page.get_by_role("button", name="Send it again").click()
    page.get_by_text("The row was saved.").wait_for()
    assert site.psql("SELECT name FROM customers WHERE id = 6", "explorer_edited") == [("Emmy Noether",)]


def test_without_script(chromium, address: str, signed_in, shop, site) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([signed_in])
    page = context.new_page()
    page.goto(address + shop("customers"))
    page.get_by_role("link", name="Edit row 3", exact=True).click()
    page.get_by_label("city", exact=True).fill("London")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The row was saved.").wait_for()
    assert site.psql("SELECT city FROM customers WHERE id = 3", "explorer_edited") == [("London",)]
    context.close()
