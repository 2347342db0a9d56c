"""The first run of the all-in-one image in a real browser: link of the log, superuser, sample table, a changed row."""

from __future__ import annotations

import re

import pytest

from tests.images.test_all_in_one import SETUP, start

pytestmark = pytest.mark.prove
pytest.importorskip("playwright.sync_api")
PASSWORD = "Analytical engine 1843"


def test_from_the_log_to_a_row_that_stays(chromium, all_in_one: str, volume: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with start(all_in_one, volume) as running:
        link = SETUP.search(running.log)
        assert link is not None, running.log
        page.goto(link[1])
        page.wait_for_url("**/setup")
        page.locator("#id_username").fill("ada")
        page.locator("#id_email").fill("ada@example.org")
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Create and sign in").click()
        page.get_by_role("link", name="Open Sample library").click()
        page.get_by_role("link", name="branches", exact=True).click()
        page.get_by_role("link", name=re.compile("^Edit row 1$")).click()
        page.get_by_label("name", exact=True).fill("House of the changed row")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("The row was saved.").wait_for()
        table = page.url
        assert running.stop() == 0
        assert PASSWORD not in running.log
    with start(all_in_one, volume, claimed=True) as again:
        page.goto(re.sub(r"localhost:\d+", f"localhost:{again.port}", table))
        page.get_by_text("House of the changed row").first.wait_for()  # the session was kept, too
        assert "Setup code" not in again.log
        assert again.stop() == 0
    context.close()
