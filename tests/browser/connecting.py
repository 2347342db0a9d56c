"""A signed-in superuser before the pages of connections, and a database to connect."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.screens import SCREENS
from tests.mathesar.connections.site_of_databases import (
    OWNER,
    OWNER_PASSWORD,
    make_database,
)
from tests.postgres import PostgresServer

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
