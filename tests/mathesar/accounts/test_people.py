"""The people of an install: who may change whom, and that somebody is always left who may."""

from __future__ import annotations

import html
import re
import threading

import pytest
from django.test import Client

from tests.mathesar import plans

PASSWORD = "Analytical engine 1843"


@pytest.fixture
def ada(plan: plans.Plan):
    from django.contrib.auth.models import User

    return User.objects.create_superuser("ada", "ada@example.org", PASSWORD)


@pytest.fixture
def lin(plan: plans.Plan, ada):
    from django.contrib.auth.models import User

    return User.objects.create_user("lin", "", PASSWORD)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_in(name: str, password: str) -> int:
    return Client().post("/sign-in", {"username": name, "password": password}).status_code


def shown_once(response) -> str:
    found = re.search(r'class="once"[^>]*><code>([^<]+)</code>', response.content.decode())
    assert found is not None, response.content.decode()
    return html.unescape(found[1])


def test_pages_are_for_superusers(ada, lin) -> None:
    client = signed_in(lin)
    paths = ["/people", "/people/add", f"/people/{ada.pk}/password"]
    assert [client.get(path).status_code for path in paths] == [403] * 3
    assert client.post("/people/add", {"username": "eve", "superuser": "on"}).status_code == 403
    assert client.post(f"/people/{ada.pk}/active", {"active": "no"}).status_code == 403
    ada.refresh_from_db()
    assert ada.is_active
    assert [signed_in(ada).get(path).status_code for path in paths] == [200] * 3


def test_a_generated_password_is_shown_once_and_works(ada) -> None:
    client = signed_in(ada)
    response = client.post("/people/add", {"username": "grace", "email": "grace@example.org", "password": ""})
    password = shown_once(response)
    assert re.fullmatch(r"([a-z2-7]{5}-){3}[a-z2-7]{5}", password)
    assert "no-store" in response.headers["Cache-Control"]
    assert password not in client.get("/people").content.decode()
    assert sign_in("grace", password) == 302
    assert signed_in_as("grace", password).get("/people").status_code == 403


def signed_in_as(name: str, password: str) -> Client:
    client = Client()
    assert client.post("/sign-in", {"username": name, "password": password}).status_code == 302
    return client


def test_a_typed_password_and_the_role(ada) -> None:
    response = signed_in(ada).post("/people/add", {"username": "grace", "password": PASSWORD, "superuser": "on"})
    assert (response.status_code, response.headers["Location"]) == (302, "/people")
    assert signed_in_as("grace", PASSWORD).get("/people").status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"username": "ADA"}, "There is a person of that name already"),
        ({"username": "x y"}, "valid username"),
        ({"email": "x"}, "valid email"),
        ({"password": "12345678"}, "too common"),
    ],
)
def test_what_is_typed_is_judged(ada, fields: dict[str, str], words: str) -> None:
    from django.contrib.auth.models import User

    response = signed_in(ada).post("/people/add", {"username": "grace", "password": PASSWORD, **fields})
    assert response.status_code == 400
    assert words in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert User.objects.count() == 1


def test_deactivating_ends_sessions_and_tokens_at_once_and_can_be_undone(ada, lin) -> None:
    from mathesar.accounts import tokens

    theirs = signed_in(lin)
    header = f"Bearer {tokens.create(lin, 'nightly')[1].get_secret_value()}"
    assert theirs.get("/").status_code == 200
    client = signed_in(ada)
    assert client.post(f"/people/{lin.pk}/active", {"active": "no"}).status_code == 302
    assert theirs.get("/").headers["Location"] == "/sign-in?next=/"
    assert sign_in("lin", PASSWORD) == 200
    assert tokens.authenticate(header) is None
    assert "Deactivated" in client.get("/people").content.decode()
    assert client.post(f"/people/{lin.pk}/active", {"active": "yes"}).status_code == 302
    assert sign_in("lin", PASSWORD) == 302
    assert tokens.authenticate(header) == lin


def test_never_oneself(ada) -> None:
    client = signed_in(ada)
    for path, fields in (("active", {"active": "no"}), ("password", {"password": "Another engine 1850"})):
        response = client.post(f"/people/{ada.pk}/{path}", fields)
        assert response.status_code == 409
        assert "MP809" in response.content.decode()
    ada.refresh_from_db()
    assert ada.is_active
    assert ada.check_password(PASSWORD)
    assert client.get("/people").status_code == 200


def test_the_last_active_superuser_stays(ada, lin) -> None:
    """Whoever acts is one, so the rule bites only when the actor stopped being one meanwhile."""
    from django.contrib.auth.models import User

    from mathesar.accounts import people

    grace = User.objects.create_superuser("grace")
    people.set_active(ada, grace.pk, active=False)
    with pytest.raises(people.PeopleError, match="MP810"):
        people.set_active(grace, ada.pk, active=False)
    User.objects.filter(pk=ada.pk).update(is_superuser=False)
    with pytest.raises(people.PeopleError, match="MP810"):
        people.add(ada, "eve", "", people.generate_password(), superuser=True)
    with pytest.raises(people.PeopleError, match="MP810"):
        people.reset_password(ada, lin.pk, people.generate_password())


def test_two_who_deactivate_each_other_at_once(ada) -> None:
    from django.contrib.auth.models import User
    from django.db import connection

    from mathesar.accounts import people

    grace = User.objects.create_superuser("grace")
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def work(actor, other) -> None:
        barrier.wait(30)
        try:
            people.set_active(actor, other.pk, active=False)
            outcomes.append("done")
        except people.PeopleError as error:
            outcomes.append(error.finding.code)
        finally:
            connection.close()

    connection.close()
    for _ in range(20):
        threads = [threading.Thread(target=work, args=pair) for pair in ((ada, grace), (grace, ada))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["MP810", "done"]
        assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
        User.objects.update(is_active=True)
        outcomes.clear()


def test_resetting_a_password_ends_their_sessions_and_their_wait(ada, lin, unhurried) -> None:
    theirs = signed_in(lin)
    assert [sign_in("lin", "guess") for _ in range(5)][-1] == 429
    password = shown_once(signed_in(ada).post(f"/people/{lin.pk}/password", {"password": ""}))
    assert theirs.get("/").headers["Location"] == "/sign-in?next=/"
    assert sign_in("lin", password) == 302
    refused = signed_in(ada).post(f"/people/{lin.pk}/password", {"password": "12345678"})
    assert (refused.status_code, sign_in("lin", "12345678")) == (400, 200)


def test_who_is_not_there_and_methods(ada) -> None:
    client = signed_in(ada)
    assert client.get("/people/999999/password").status_code == 404
    assert client.post("/people/999999/active", {"active": "no"}).status_code == 404
    assert client.get("/people/999999/active").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/people/add", {"username": "x"}).status_code == 403
