"""What nobody filled in, and what the database holds instead of what was typed: in a real browser, by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.test_pages import open_page
from tests.browser.test_row_editing import check, shop

__all__ = ["open_page", "shop"]
pytest.importorskip("playwright.sync_api")


def test_an_empty_text_is_asked_for_and_what_is_held_is_said(open_page, signed_in, shop, site) -> None:
    page = open_page(f"{shop('customers')}rows/add", "rows-before-filling", cookie=signed_in)
    page.get_by_role("button", name="Add row").click()
    page.get_by_role("alert").wait_for()
    check(page, "rows-unfilled")
    assert "MP681" in page.get_by_role("alert").inner_text()
    assert page.evaluate("document.activeElement.name") == "v2"
    box = page.get_by_label("Empty text for name")
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert box.is_checked()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("!")  # a text that is typed takes the choice back
    assert not box.is_checked()
    page.get_by_label("name", exact=True).fill("")
    box.focus()
    page.keyboard.press("Space")
    page.get_by_label("since", exact=True).fill("01/02/03")
    page.keyboard.press("Enter")
    said = page.get_by_role("status").filter(has_text="The row was added.")
    said.wait_for()
    assert said.get_by_role("listitem").all_inner_texts() == ["since: 2001-02-03"]
    check(page, "rows-held")
    row = site.psql("SELECT name, since::text FROM customers ORDER BY id DESC LIMIT 1", "explorer_edited")
    assert row == [("", "2001-02-03")]
