"""What the database holds instead of what was typed, and what nobody filled in: in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.test_pages import open_page
from tests.browser.test_row_editing import check, shop

__all__ = ["open_page", "shop"]
pytest.importorskip("playwright.sync_api")


def test_what_is_held_instead_is_said(open_page, signed_in, shop) -> None:
    page = open_page(shop("orders"), "rows-before-holding", cookie=signed_in)
    page.get_by_role("link", name="Edit row 2", exact=True).click()
    page.get_by_label("total", exact=True).fill("1.005")
    page.get_by_label("items", exact=True).fill('{"sku":"A-2"}')
    page.get_by_role("button", name="Save").click()
    said = page.get_by_role("status").filter(has_text="The row was saved.")
    said.wait_for()
    assert said.get_by_role("listitem").all_inner_texts() == ["total: 1.01", 'items: {"sku": "A-2"}']
    check(page, "rows-held")


def test_an_empty_text_is_asked_for(open_page, signed_in, shop, site) -> None:
    page = open_page(shop("customers"), "rows-before-filling", cookie=signed_in)
    page.get_by_role("link", name="Add a row").click()
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
    check(page, "rows-empty")
    page.keyboard.press("Enter")
    page.get_by_text("The row was added.").wait_for()
    assert site.psql("SELECT name FROM customers ORDER BY id DESC LIMIT 1", "explorer_edited") == [("",)]
