"""One's own account: a new password ends every other session and needs the old one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from mathesar import current
from provisioner.secret import Secret
from tests.mathesar import plans

OLD, NEW = "Analytical engine 1843", "Difference engine 1822"


@pytest.fixture
def ada(plan: plans.Plan):
    from django.contrib.auth.models import User

    return User.objects.create_superuser("ada", "ada@example.org", OLD)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(client: Client, current: str, password: str):
    return client.post("/account/password", {"current": current, "password": password})


def test_other_sessions_end_and_this_one_stays_under_a_new_key(ada) -> None:
    here, there = signed_in(ada), signed_in(ada)
    before = here.session.session_key
    assert change(here, OLD, NEW).headers["Location"] == "/account"
    assert here.session.session_key != before
    page = here.get("/account")
    assert "all other sessions have ended" in page.content.decode()
    assert "all other sessions have ended" not in here.get("/account").content.decode()
    assert there.get("/").headers["Location"] == "/sign-in?next=/"
    for password, status in ((OLD, 200), (NEW, 302)):
        assert Client().post("/sign-in", {"username": "ada", "password": password}).status_code == status


@pytest.mark.parametrize(
    ("current", "password", "words"),
    [
        ("wrong", NEW, "MP812"),
        ("", NEW, "MP812"),
        (OLD, "short1", "at least 8 characters"),
        (OLD, "password1", "too common"),
        (OLD, "ada@example.org", "too similar to the email"),
        (OLD, "", "required"),
    ],
)
def test_refusals(ada, current: str, password: str, words: str) -> None:
    response = change(signed_in(ada), current, password)
    text = response.content.decode()
    assert response.status_code == 400
    assert words in text
    assert OLD not in text
    assert NEW not in text
    ada.refresh_from_db()
    assert ada.check_password(OLD)


def test_a_session_left_open_cannot_be_used_to_guess(ada, unhurried) -> None:
    client = signed_in(ada)
    assert [change(client, "guess", NEW).status_code for _ in range(6)] == [400] * 4 + [429] * 2
    refused = change(client, OLD, NEW)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert "MP813" in refused.content.decode()


def test_busy(ada, monkeypatch: pytest.MonkeyPatch) -> None:
    from mathesar.accounts import throttle

    monkeypatch.setattr(throttle, "HASH_QUEUE_SECONDS", 0.01)
    with throttle.hash_slot(), throttle.hash_slot():
        assert change(signed_in(ada), OLD, NEW).status_code == 503


def test_the_owner_of_an_own_machine_sets_a_first_password(plan: plans.Plan) -> None:
    from mathesar.accounts.local_link import make_link

    current.set_plan(replace(plan, embedded=True), Secret(plans.KEY))
    client = Client()
    client.get(make_link("http://h").removeprefix("http://h"))
    assert "Current password" not in client.get("/account").content.decode()
    assert "Open the link from your terminal" in Client().get("/sign-in").content.decode()
    assert client.post("/account/password", {"password": NEW}).status_code == 302
    assert "Current password" in client.get("/account").content.decode()
    assert client.post("/account/password", {"password": OLD}).status_code == 400
    assert "Open the link from your terminal" not in Client().get("/sign-in").content.decode()


def test_csrf_and_methods(ada) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert change(client, OLD, NEW).status_code == 403
    assert client.get("/account/password").headers["Location"] == "/account"
    assert signed_in(ada).post("/account").status_code == 405
