"""Signing in: sessions, throttle, the client's address, the link of a person's own machine."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from mathesar import current
from provisioner.secret import Secret
from tests.mathesar import plans


@pytest.fixture
def user(plan):
    from django.contrib.auth.models import User

    return User.objects.create_superuser("Ada", password="correct horse")


def attempt(client: Client, password: str, name: str = "Ada", **headers: str):
    return client.post("/sign-in", {"username": name, "password": password}, headers=headers)


def test_sign_in_rotates_the_session_and_sign_out_ends_it(user) -> None:
    client = Client()
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    response = attempt(client, "correct horse")
    assert (response.status_code, response.headers["Location"]) == (302, "/databases/")
    assert client.session.session_key != key
    assert client.get("/databases/").status_code == 200
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    assert client.get("/").headers["Location"] == "/sign-in?next=/"


def test_csrf_is_demanded(user) -> None:
    client = Client(enforce_csrf_checks=True)
    response = attempt(client, "correct horse")
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_next_leads_nowhere_else(user) -> None:
    response = Client().post("/sign-in?next=https://evil.example/", {"username": "Ada", "password": "correct horse"})
    assert response.headers["Location"] == "/databases/"


def test_no_user_yet(plan) -> None:
    response = Client().get("/sign-in")
    assert (response.status_code, response.headers["Location"]) == (302, "/setup")


def test_with_a_user_the_page_is_plain(user) -> None:
    assert "terminal" not in Client().get("/sign-in").content.decode()


def test_guesses_are_slowed_down_and_never_locked_out(user, unhurried) -> None:
    from mathesar.accounts.models import FailedSignIn

    stranger = Client()
    codes = [attempt(stranger, "guess").status_code for _ in range(6)]
    assert codes == [200, 200, 200, 200, 429, 429]
    refused = attempt(stranger, "correct horse")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    for row in FailedSignIn.objects.all():
        row.last_failure -= timedelta(seconds=61)
        row.save()
    assert attempt(stranger, "correct horse").status_code == 302
    assert not FailedSignIn.objects.exists()


def test_a_strangers_guesses_do_not_keep_a_known_browser_out(user, unhurried) -> None:
    owner = Client()
    assert attempt(owner, "correct horse").status_code == 302
    owner.post("/sign-out")
    stranger = Client()
    assert [attempt(stranger, "guess").status_code for _ in range(6)][-1] == 429
    assert attempt(Client(), "correct horse").status_code == 429
    assert attempt(owner, "correct horse").status_code == 302


def test_known_browser_of_another_user_counts_as_a_stranger(user, unhurried) -> None:
    from django.contrib.auth.models import User

    User.objects.create_user("eve", password="eve's own")
    eve = Client()
    attempt(eve, "eve's own", "eve")
    eve.post("/sign-out")
    assert [attempt(eve, "guess").status_code for _ in range(6)][-1] == 429


def test_many_names_from_one_network(user, unhurried) -> None:
    client = Client()
    codes = [attempt(client, "guess", f"name{number}").status_code for number in range(22)]
    assert codes[:20] == [200] * 20
    assert codes[20] == 429


def test_waits_double_up_to_a_minute(plan) -> None:
    from mathesar.accounts.throttle import wait_after

    assert [wait_after(n, 4).seconds for n in (0, 3, 4, 5, 6, 9, 10, 1000)] == [0, 0, 1, 2, 4, 32, 60, 60]


def test_parallel_guesses_all_count(user, unhurried) -> None:
    from django.db import connection

    from mathesar.accounts import throttle

    key = {throttle.key_of("user", "ada"): 4}
    passed: list[bool] = []

    def guess() -> None:
        try:
            throttle.count_attempt(key)
            passed.append(True)
        except throttle.TooSoon:
            passed.append(False)
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (12, 4)


def test_only_two_passwords_are_hashed_at_once(user, monkeypatch: pytest.MonkeyPatch) -> None:
    from mathesar.accounts import throttle

    monkeypatch.setattr(throttle, "HASH_QUEUE_SECONDS", 0.01)
    with throttle.hash_slot(), throttle.hash_slot():
        response = attempt(Client(), "correct horse")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert attempt(Client(), "correct horse").status_code == 302


@pytest.mark.parametrize(
    ("hops", "forwarded", "network"),
    [
        (0, "8.8.8.8", "127.0.0.0/24"),
        (1, "1.1.1.1, 8.8.8.8", "8.8.8.0/24"),
        (2, "1.1.1.1, 8.8.8.8, 10.0.0.1", "8.8.8.0/24"),
        (2, "8.8.8.8", "127.0.0.0/24"),
        (1, "1.1.1.1, 2001:db8:1:2ff::9", "2001:db8:1:200::/56"),
        (1, "::ffff:8.8.8.8", "8.8.8.0/24"),
        (1, "1.1.1.1, <script>", "unknown"),
        (1, "", "127.0.0.0/24"),
    ],
)
def test_client_network(plan, hops: int, forwarded: str, network: str) -> None:
    from mathesar.accounts import throttle

    current.set_plan(replace(plan, forwarded_hops=hops), Secret(plans.KEY))
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert throttle.client_network(request) == network


def test_local_link(plan) -> None:
    from django.contrib.auth.models import User

    from mathesar.accounts.local_link import make_link

    link = make_link("http://localhost:8000/").removeprefix("http://localhost:8000")
    client = Client()
    assert client.get(link).headers["Location"] == "/setup"
    current.set_plan(replace(plan, embedded=True), Secret(plans.KEY))
    assert client.get(link[:-1] + "!").status_code == 404
    assert client.get("/open/é").status_code == 404
    assert not User.objects.exists()
    for _ in range(2):
        response = Client().get(link)
        assert (response.status_code, response.headers["Location"]) == (302, "/")
    owner = User.objects.get()
    assert (owner.username, owner.is_superuser, owner.has_usable_password()) == ("owner", True, False)
    assert "printed a link that signs you in" in Client().get("/sign-in").content.decode()
    current.set_plan(plan, Secret(plans.KEY))
    assert client.get(link).status_code == 404
