"""Every page and state in a real browser: accessible, nothing blocked, nothing wider than the screen."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.screens import SCREENS
from tests.mathesar import plans
from tests.postgres import PostgresServer

pytest.importorskip("playwright.sync_api")
SHOTS = os.environ.get("SCREENSHOTS")
LONG = "Sales & Ops été of a region with a very long name that goes on"


@pytest.fixture(params=SCREENS)
def open_page(chromium, request: pytest.FixtureRequest, address: str) -> Iterator[Callable[..., object]]:
    """Give a function that opens a path, checks what every page must keep to, and returns the page."""
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults: list[str] = []

    def visit(path: str, name: str, *, until: str | None = None, cookie: dict[str, str] | None = None):
        from axe_playwright_python.sync_playwright import Axe

        if cookie:
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: faults.append(message.text) if "Content Security" in message.text else None,
        )
        page.goto(address + path)
        if until:
            page.locator(until).first.wait_for()
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults == []
        return page

    yield visit
    context.close()


@pytest.fixture
def silent() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        yield listener.getsockname()[1]


def test_sign_in_without_a_user(open_page) -> None:
    page = open_page("/", "sign-in-nobody")
    assert page.url.endswith("/setup")
    assert "Setup code" in page.locator("main").inner_text()


def test_sign_in_with_a_wrong_password(open_page, signed_in) -> None:
    page = open_page("/sign-in", "sign-in")
    page.get_by_label("User name").fill("Ada")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"sign-in-wrong-{page.viewport_size['width']}.png")
    assert page.get_by_label("User name").input_value() == "Ada"


def test_no_databases(open_page, signed_in) -> None:
    page = open_page("/databases/", "empty", cookie=signed_in)
    assert page.get_by_role("heading", name="No databases yet").is_visible()
    assert page.get_by_role("link", name="Connect a database").first.is_visible()


def test_databases_live(open_page, signed_in, use, site: PostgresServer, silent: int) -> None:
    sales = site.create_database("sales")
    urls = {
        LONG: sales,
        "reports": "postgresql://reader:n0-such-pw@127.0.0.1:1/reports_and_figures_of_many_years?sslmode=disable",
        "archive": f"postgresql://u:n0-such-pw@127.0.0.1:{silent}/archive?sslmode=disable",
    }
    use(plans.local_plan(urls))
    page = open_page("/", "databases-checking", until=".status.warn", cookie=signed_in)
    page.locator(".status.bad").nth(1).wait_for(timeout=20_000)
    if SHOTS:
        size = page.viewport_size["width"]
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        shot = Path(SHOTS) / f"databases-{size}-{'dark' if dark else 'light'}.png"
        page.screenshot(path=shot, full_page=True)
    text = page.locator("main").inner_text()
    for words in (
        "Schema missing",
        "PostgreSQL",
        "MATHESAR_DATABASES",
        "Read-only",
        "Just now",
        "No answer within",
    ):
        assert words in text
    assert "n0-such-pw" not in page.content()
    assert page.locator(".database").count() == 3


def test_environment_with_faults(open_page, signed_in, use, site: PostgresServer) -> None:
    use(plans.local_plan({"one": site.url(), "two": site.url()}))
    finding = plans.error_about("MATHESAR_DATABASES", "MP104")
    use(plans.local_plan(entries_state="invalid", findings=(finding,)))
    page = open_page("/databases/", "invalid", cookie=signed_in)
    text = page.locator("main").inner_text()
    assert "1 problem in the environment" in text
    assert text.count("MP104") == 3


def test_missing_variable_and_detached(open_page, signed_in, use, site: PostgresServer) -> None:
    use(plans.local_plan({"one": site.url(), "two": site.url(), "three": site.url()}))
    use(plans.local_plan({"one": site.url(), "two": site.url()}))
    use(plans.local_plan())
    page = open_page("/", "missing", cookie=signed_in)
    assert "is not set any more" in page.locator("main").inner_text()
    page.get_by_text("Detached (1)").click()
    assert page.get_by_text("three", exact=True).first.is_visible()


def test_not_found(open_page, signed_in) -> None:
    page = open_page("/nowhere", "not-found", cookie=signed_in)
    assert page.get_by_role("heading", name="Page not found").is_visible()
