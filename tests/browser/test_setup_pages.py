"""The first run, the account and the people in a real browser: every state, and what the small scripts do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mathesar import current
from provisioner.secret import Secret
from tests.browser.screens import SCREENS
from tests.mathesar import plans

pytest.importorskip("playwright.sync_api")
SHOTS = os.environ.get("SCREENSHOTS")
PASSWORD = "Analytical engine 1843"
Look = Callable[[str], None]


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> tuple[int, str]:
    return request.param


@pytest.fixture
def page(chromium, screen: tuple[int, str], address: str) -> Iterator[object]:
    """Give a page of its own; a script's fault or a thing that the policy blocks fails the test."""
    context = chromium.new_context(
        viewport={"width": screen[0], "height": 900}, color_scheme=screen[1], base_url=address
    )
    faults: list[str] = []
    made = context.new_page()
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    yield made
    context.close()
    assert faults == []


@pytest.fixture
def look(page, screen: tuple[int, str]) -> Look:
    """Give a function that checks what every page must keep to, and takes its picture where asked to."""

    def check(name: str) -> None:
        from axe_playwright_python.sync_playwright import Axe

        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{screen[0]}-{screen[1]}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]

    return check


@pytest.fixture
def code(plan: plans.Plan) -> str:
    from mathesar.setup import claim
    from mathesar.setup import code as codes

    return codes.grouped(codes.derived(claim.installation().install_id))


@pytest.fixture
def signed(page, signed_in) -> object:
    """Give the page with a superuser signed in."""
    page.context.add_cookies([signed_in])
    return page


def fill(page, **fields: str) -> None:
    labels = {"code": "Setup code", "username": "User name", "email": "E-mail", "password": "Password"}
    for name, value in fields.items():
        page.get_by_label(labels[name], exact=name == "password").fill(value)


def test_the_link_of_the_log_claims_the_install(page, look: Look, plan: plans.Plan, code: str) -> None:
    current.set_plan(replace(plan, platform="heroku", platform_label="Heroku"), Secret(plans.KEY))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers.get("referer", ""))))
    page.goto("/")
    look("setup-empty")
    page.goto(f"/setup#{code}")
    page.reload()
    page.goto("about:blank")
    page.goto(f"/setup#{code}")
    assert page.get_by_label("Setup code").input_value() == code
    assert page.url.endswith("/setup")
    assert page.evaluate("document.activeElement.id") == "id_username"
    fill(page, username="ada", email="ada@example.org", password="password1")
    assert page.locator(".strength-words").inner_text() == "Weak"
    page.get_by_role("button", name="Show password").click()
    assert page.get_by_label("Password", exact=True).get_attribute("type") == "text"
    look("setup-filled")
    page.get_by_role("button", name="Create and sign in").click()
    page.get_by_role("alert").wait_for()
    look("setup-refused")
    assert "too common" in page.locator("main").inner_text()
    assert page.get_by_label("Setup code").input_value() == code  # kept in the tab, not in the page
    assert page.get_by_label("Password", exact=True).input_value() == ""
    assert code not in page.content()
    fill(page, password=PASSWORD)
    assert page.locator(".strength-words").inner_text() == "Strong"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Connect a database", exact=True).wait_for()
    assert not [url for url in asked if code in url]
    page.goto("/setup")
    assert page.get_by_role("heading", name="Page not found").is_visible()


def test_wrong_code_and_too_many(page, look: Look, plan: plans.Plan) -> None:
    current.set_plan(replace(plan, platform="render", platform_label="Render"), Secret(plans.KEY))
    page.goto("/setup")
    for number in range(11):
        fill(page, code=f"WRNG-{number}", username="ada", password=PASSWORD)
        page.get_by_role("button", name="Create and sign in").click()
        page.get_by_text("MP801" if number < 10 else "MP802").wait_for()
        if number in (0, 10):
            look("setup-wrong" if number == 0 else "setup-throttled")
    assert page.get_by_label("User name").input_value() == "ada"


def test_who_is_too_late(page, look: Look, plan: plans.Plan, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.models import User

    from mathesar.setup import wrong_codes

    def somebody_else_meanwhile(is_right, now=None, *, guessable) -> bool:
        User.objects.create_superuser("lin")
        return bool(is_right())

    monkeypatch.setattr(wrong_codes, "check", somebody_else_meanwhile)
    page.goto(f"/setup#{code}")
    fill(page, username="ada", password=PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Already claimed").wait_for()
    look("setup-claimed")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_on_an_own_machine(page, look: Look, plan: plans.Plan) -> None:
    from mathesar.accounts.local_link import owner

    current.set_plan(replace(plan, embedded=True), Secret(plans.KEY))
    page.goto("/")
    look("setup-terminal")
    owner()
    page.goto("/sign-in")
    look("sign-in-terminal")
    assert "printed a link" in page.locator("main").inner_text()


def test_the_setup_page_without_scripts(chromium, address: str, code: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/")
    assert not page.get_by_text("Show", exact=True).is_visible()
    fill(page, code=code, username="ada", password=PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    page.get_by_role("heading", name="Connect a database", exact=True).wait_for()
    context.close()


def test_account_and_tokens(signed, look: Look) -> None:
    signed.goto("/account")
    look("account")
    signed.get_by_label("Current password", exact=True).fill("wrong")
    signed.get_by_label("New password", exact=True).fill("password1")
    signed.get_by_role("button", name="Change password").click()
    signed.get_by_text("MP812").wait_for()
    look("account-wrong")
    signed.get_by_label("Current password", exact=True).fill("correct horse")
    signed.get_by_label("New password", exact=True).fill(PASSWORD)
    signed.get_by_role("button", name="Change password").click()
    signed.get_by_text("Your password is changed").wait_for()
    look("account-changed")
    for name in ("Nightly report", "The import of every Monday with a rather long name"):
        signed.get_by_label("What it is for").fill(name)
        signed.get_by_role("button", name="Make token").click()
        signed.get_by_text(f"“{name}” is made.").wait_for()
    look("account-token")
    signed.get_by_role("button", name="Revoke Nightly report").click()
    signed.wait_for_url("**/account")
    assert signed.locator(".tokens li").count() == 1


def test_people(signed, look: Look) -> None:
    from django.contrib.auth.models import User

    User.objects.create_user("grace.hopper", "grace.hopper.of.the.navy@long-name.example.org")
    User.objects.create_user("left-last-year", is_active=False)
    signed.goto("/people")
    look("people")
    signed.get_by_role("link", name="Add person").click()
    look("people-add")
    signed.get_by_label("User name").fill("grace.hopper")
    signed.get_by_label("Superuser").check()
    signed.get_by_role("button", name="Add person").click()
    signed.get_by_text("There is a person of that name already").wait_for()
    look("people-add-refused")
    signed.get_by_label("User name").fill("lin")
    signed.get_by_role("button", name="Add person").click()
    signed.get_by_role("heading", name="lin is added").wait_for()
    look("people-generated")
    signed.get_by_role("link", name="Done").click()
    signed.get_by_role("button", name="Deactivate lin").click()
    signed.get_by_role("button", name="Reactivate lin").wait_for()
    signed.get_by_role("link", name="Reset password of grace.hopper").click()
    signed.get_by_role("heading", name="Reset the password of grace.hopper").wait_for()
    look("people-password")
