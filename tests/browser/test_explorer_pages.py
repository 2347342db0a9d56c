"""The pages inside a database in a real browser, with and without script."""

from __future__ import annotations

import pytest

from tests.browser.test_pages import SHOTS, open_page
from tests.mathesar import plans
from tests.postgres import PostgresServer

__all__ = ["open_page"]
pytest.importorskip("playwright.sync_api")
SCROLLED = """grid => new Promise(done => {
    const look = () => grid.scrollTop > 0 ? done() : requestAnimationFrame(look);
    look();
})"""
SALES = """
CREATE SCHEMA archive;
CREATE TYPE state AS ENUM ('paid', 'open', 'sent');
CREATE TABLE customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, city text,
    email text UNIQUE, since date DEFAULT current_date);
INSERT INTO customers (name, city, email, since) SELECT
    (ARRAY['Ada Lovelace', 'Grace Hopper', 'Café Zürich GmbH', 'שלום עליכם', 'Joseph Weizenbaum'])[1 + g % 5],
    (ARRAY['London', 'New York', '', NULL])[1 + g % 4], 'person' || g || '@example.org', '2024-01-01'::date + g
    FROM generate_series(1, 120) g;
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer integer NOT NULL REFERENCES customers,
    state state NOT NULL DEFAULT 'open', total numeric(10, 2), placed timestamptz, notes text, items jsonb,
    receipt bytea, tags text[]);
INSERT INTO orders (customer, state, total, placed, notes, items, receipt, tags) SELECT 1 + g % 120,
    (ARRAY['paid', 'open', 'sent'])[1 + g % 3]::state, g * 13.37,
    '2026-01-01 09:00+00'::timestamptz + g * '3 h'::interval,
    CASE g % 3 WHEN 0 THEN 'Leave it with the neighbour at number ' || g WHEN 1 THEN repeat('long text ', 120) END,
    jsonb_build_object('sku', 'A-' || g, 'quantity', g % 7), decode(md5(g::text) || md5(g::text), 'hex'),
    ARRAY['web', 'gift'] FROM generate_series(1, 3000) g;
CREATE VIEW unpaid AS SELECT id, customer, total FROM orders WHERE state = 'open';
CREATE VIEW ratios AS SELECT id, total / (id - id) AS ratio FROM orders;
CREATE MATERIALIZED VIEW monthly AS SELECT date_trunc('month', placed) AS month, sum(total) FROM orders GROUP BY 1;
CREATE TABLE archive.orders_2019 (LIKE orders);
CREATE TABLE archive."a table with a very long name, 100% of it in quotes" (n int);
CREATE TABLE salaries (n int);
REVOKE ALL ON salaries FROM PUBLIC;
COMMENT ON TABLE orders IS 'Every order since the shop opened';
COMMENT ON TABLE customers IS 'People and companies that ordered at least once';
COMMENT ON COLUMN orders.total IS 'With tax, in euros';
COMMENT ON SCHEMA archive IS 'Closed years';
GRANT USAGE ON SCHEMA archive TO explorer_sales;
GRANT SELECT ON customers, orders, unpaid, ratios, monthly, archive.orders_2019 TO explorer_sales;
"""


@pytest.fixture
def sales(site: PostgresServer, use):
    """Give a path into a database with a shop's tables, read with a role that may not read all of them."""
    from mathesar.connections.models import Database
    from mathesar.connections.opening import forget

    site.create_role("explorer_sales", "sells")
    site.create_database("explorer_sales")
    site.psql(SALES, "explorer_sales")
    site.psql("ANALYZE customers, orders, monthly", "explorer_sales")
    use(plans.local_plan({"Sales & Ops": site.url("explorer_sales", user="explorer_sales", password="sells")}))
    (row,) = Database.objects.all()
    base = f"/databases/{row.pk}/browse/"
    oids = dict(site.psql("SELECT relname::text, oid::bigint FROM pg_class", "explorer_sales"))
    yield lambda name="": f"{base}{oids[name]}/" if name else base
    forget(row.pk)


@pytest.fixture
def browse_of(use):
    """Give a function that makes a database the only one, and returns the path into it."""
    from mathesar.connections.models import Database
    from mathesar.connections.opening import forget

    made = []

    def make(url: str) -> str:
        use(plans.local_plan({"shop": url}))
        made.append(Database.objects.get().pk)
        return f"/databases/{made[0]}/browse/"

    yield make
    for key in made:
        forget(key)


def test_overview(open_page, signed_in, sales) -> None:
    page = open_page(sales(), "browse-overview", cookie=signed_in)
    text = page.locator("main").inner_text()
    for words in ("Every order since the shop opened", "about 3,000 rows", "Locked", "Materialized view", "archive"):
        assert words in text
    page.get_by_role("link", name="customers").click()
    page.get_by_role("heading", name="customers", exact=True).wait_for()


def test_table_and_its_next_rows(open_page, signed_in, sales) -> None:
    page = open_page(sales("orders"), "browse-table", cookie=signed_in)
    assert page.locator("#rows tr").count() == 50
    page.get_by_role("link", name="Next rows").focus()
    page.keyboard.press("Enter")
    page.locator("#rows tr").nth(99).wait_for()
    assert page.locator("#rows tr").count() == 100
    page.locator("#announcer").get_by_text("50 more rows", exact=True).wait_for(state="attached")
    page.wait_for_function("document.activeElement.id === 'next'")
    assert page.url.endswith(sales("orders"))


def test_the_grid_scrolls_inside_itself_by_keyboard(open_page, signed_in, sales) -> None:
    page = open_page(sales("orders"), "browse-grid", cookie=signed_in)
    grid = page.get_by_role("region", name="Rows of orders")
    grid.focus()
    page.keyboard.press("End")
    grid.evaluate(SCROLLED)
    head = grid.locator("thead th").first.bounding_box()
    assert abs(head["y"] - grid.bounding_box()["y"]) < 3


def test_columns(open_page, signed_in, sales) -> None:
    page = open_page(sales("orders"), "browse-closed", cookie=signed_in)
    page.get_by_text("Columns (9)").click()
    panel = page.get_by_role("region", name="Columns of orders")
    assert "With tax, in euros" in panel.inner_text()
    assert "references customers" in panel.inner_text()
    if SHOTS:
        size = page.viewport_size["width"]
        page.screenshot(path=f"{SHOTS}/browse-columns-{size}.png", full_page=True)
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("salaries", 'GRANT SELECT ON "public"."salaries" TO "explorer_sales";'),
        ("ratios", "division by zero"),
        ("orders_2019", "No rows"),
        ("unpaid", "These are the first 50 rows."),
        ("monthly", "1,000 rows"),
        ("a table with a very long name, 100% of it in quotes", "GRANT USAGE"),
    ],
)
def test_states(open_page, signed_in, sales, name: str, words: str) -> None:
    page = open_page(sales(name), f"browse-{name[:12]}", cookie=signed_in)
    assert (words if name != "monthly" else "rows") in page.locator("main").inner_text()


def test_gone(open_page, signed_in, sales) -> None:
    page = open_page(sales() + "4/", "browse-gone", cookie=signed_in)
    assert page.get_by_role("heading", name="This table is not there any more.").is_visible()


def test_no_tables(open_page, signed_in, browse_of, site: PostgresServer) -> None:
    page = open_page(browse_of(site.create_database("explorer_empty")), "browse-empty", cookie=signed_in)
    assert page.get_by_role("heading", name="No tables yet").is_visible()


def test_many_tables(open_page, signed_in, browse_of, site: PostgresServer) -> None:
    url = site.create_database("explorer_many")
    site.psql(
        "DO $$ BEGIN FOR g IN 1..230 LOOP EXECUTE format('CREATE TABLE table_%s (n int)', g); END LOOP; END $$",
        "explorer_many",
    )
    page = open_page(browse_of(url), "browse-many", cookie=signed_in)
    page.get_by_role("link", name="Next tables").click()
    page.get_by_role("link", name="Next tables").wait_for(state="detached")  # 200 of 230 were on the first page
    page.locator(".relation").nth(29).wait_for()
    assert page.locator(".relation").count() == 30
    page.get_by_label("Name").fill("table_22")
    page.keyboard.press("Enter")
    page.get_by_text("11 of 230 tables and views").wait_for()


def test_without_script(chromium, address: str, signed_in, sales) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([signed_in])
    page = context.new_page()
    page.goto(address + sales("customers"))
    page.get_by_role("link", name="Next rows").click()
    page.get_by_role("link", name="First rows").wait_for()  # the second page is here
    page.get_by_role("link", name="Next rows").click()
    page.get_by_text("These are the last rows.").wait_for()
    page.locator("#rows tr").nth(19).wait_for()
    assert page.locator("#rows tr").count() == 20
    page.get_by_role("link", name="First rows").click()
    page.get_by_role("link", name="First rows").wait_for(state="detached")
    page.locator("#rows tr").nth(49).wait_for()
    assert page.locator("#rows tr").count() == 50
    context.close()
