"""The setup page: who gets to it, who claims the install, and what is refused before what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from mathesar import current
from provisioner.secret import Secret
from tests.mathesar import plans
from tests.mathesar.setup.conftest import PERSON, Post

GIVEN = "given-By-the-Platform-2026"


def people() -> list[tuple[str, bool]]:
    from django.contrib.auth.models import User

    return list(User.objects.values_list("username", "is_superuser"))


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every password that the hasher is given."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    seen: list[str] = []
    original = MD5PasswordHasher.encode

    def encode(self, password: str, salt: str) -> str:
        seen.append(password)
        return original(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return seen


@pytest.mark.parametrize("path", ["/", "/sign-in", "/databases/", "/nowhere", "/open/x", "/account", "/people"])
def test_until_it_is_claimed_every_page_leads_to_setup(plan: plans.Plan, path: str) -> None:
    for response in (Client().get(path), Client().post(path)):
        assert (response.status_code, response.headers["Location"]) == (302, "/setup")


def test_what_does_not_lead_to_setup(plan: plans.Plan) -> None:
    client = Client()
    assert client.get("/livez").status_code == 200
    style = client.get("/static/mathesar/style.css")
    style.close()
    assert style.status_code == 200
    assert client.get("/static/mathesar/no-such.css").status_code == 404
    assert client.get("/setup", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_the_api_answers_the_same_before_and_after(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User

    paths = ("/api/", "/api/v1/databases", "/api/nowhere")
    before = [(r.status_code, r.content) for r in map(Client(raise_request_exception=False).get, paths)]
    User.objects.create_superuser("ada")
    after = [(r.status_code, r.content) for r in map(Client(raise_request_exception=False).get, paths)]
    assert before == after
    assert not [status for status, _ in before if status in (301, 302)]


def test_the_right_code_makes_one_superuser_who_is_signed_in(plan, code: str, capsys) -> None:
    from mathesar.setup.models import Installation

    client = Client()
    session = client.session
    session["planted"] = "before"
    session.save()
    planted = session.session_key
    response = client.post("/setup", {**PERSON, "code": code})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/databases/").status_code == 200
    assert client.session.session_key != planted
    assert "planted" not in client.session
    assert people() == [("ada", True)]
    claimed_at = Installation.objects.get().claimed_at
    assert claimed_at is not None
    printed = capsys.readouterr().out
    assert "'ada' claimed this install at 20" in printed
    assert code not in printed
    assert PERSON["password"] not in printed
    for visitor in (client, Client(), Client(enforce_csrf_checks=True)):
        assert visitor.get("/setup").status_code == 404
        assert visitor.post("/setup", {**PERSON, "username": "eve", "code": code}).status_code == 404
    assert people() == [("ada", True)]


@pytest.mark.parametrize("shape", [str, str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} "])
def test_a_derived_code_may_be_typed_in_any_shape(post: Post, code: str, shape) -> None:
    assert post(code=shape(code)).status_code == 302


def test_a_given_code_is_taken_exactly_and_the_derived_one_is_not(plan, post: Post, code: str) -> None:
    current.set_plan(replace(plan, setup_code=Secret(GIVEN)), Secret(plans.KEY))
    for wrong in (code, GIVEN.lower(), GIVEN.replace("-", "")):
        assert post(code=wrong).status_code == 403
    assert post(code=f" {GIVEN}\n").status_code == 302


@pytest.mark.parametrize("wrong", ["", "AAAA-AAAA-AAAA-AAAA-AAAA", "é" * 20, "\0", "x" * 5000])
def test_a_wrong_code_is_refused_before_anything_is_hashed(post: Post, hashed: list[str], wrong: str) -> None:
    response = post(code=wrong)
    assert response.status_code == 403
    assert (hashed, people()) == ([], [])
    text = response.content.decode()
    assert "MP801" in text
    assert PERSON["password"] not in text
    assert 'value="ada"' in text


def test_ten_wrong_codes_a_minute_from_anywhere(plan, post: Post, hashed: list[str]) -> None:
    from mathesar.accounts.models import FailedSignIn

    code = "made-up-by-me"  # somebody's own: it could be guessed
    current.set_plan(replace(plan, setup_code=Secret(code)), Secret(plans.KEY))
    assert [post(code="wrong").status_code for _ in range(12)] == [403] * 10 + [429] * 2
    refused = post(code=code)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "MP802" in refused.content.decode()
    assert (hashed, people()) == ([], [])
    row = FailedSignIn.objects.get()
    assert row.failures == 10
    row.last_failure -= timedelta(seconds=61)
    row.save()
    assert post(code="wrong").status_code == 403
    assert post(code=code).status_code == 302


def test_strangers_cannot_keep_the_owner_of_a_random_code_out(plan, post: Post, code: str) -> None:
    assert [post(code="wrong").status_code for _ in range(11)][-1] == 429
    assert post(code=code).status_code == 302


def test_a_flood_does_not_move_the_end_of_the_wait(plan) -> None:
    from django.utils import timezone

    from mathesar.setup import wrong_codes

    begin = timezone.now()
    for second in range(10):
        assert not wrong_codes.check(lambda: False, begin + timedelta(seconds=second))
    for second in range(10, 60):
        with pytest.raises(wrong_codes.Limited) as limited:
            wrong_codes.check(lambda: True, begin + timedelta(seconds=second))
        assert limited.value.seconds == 60 - second
    assert wrong_codes.check(lambda: True, begin + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "short1"}, "at least 8 characters"),
        ({"password": "password1"}, "too common"),
        ({"password": "1029384756"}, "entirely numeric"),
        ({"username": "lovelace", "password": "lovelace1"}, "too similar to the username"),
        ({"username": "a b"}, "valid username"),
        ({"username": ""}, "required"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_what_is_typed_is_judged_and_nothing_secret_comes_back(
    post: Post, code: str, hashed: list[str], fields: dict[str, str], words: str
) -> None:
    response = post(code=code, **fields)
    text = response.content.decode()
    assert response.status_code == 400
    assert words in text
    assert (hashed, people()) == ([], [])
    assert code not in text
    assert {**PERSON, **fields}["password"] + '"' not in text
    assert post(code=code).status_code == 302  # a right code is never counted


def test_a_name_that_somebody_has_is_refused(post: Post, code: str) -> None:
    from django.contrib.auth.models import User

    User.objects.create_user("Ada")
    assert "There is a person of that name already" in post(code=code).content.decode()
    assert post(code=code, username="lin").status_code == 302


def test_who_is_too_late_is_told(plan, code: str, monkeypatch: pytest.MonkeyPatch, hashed: list[str]) -> None:
    from django.contrib.auth.models import User

    from mathesar.setup import wrong_codes

    def somebody_else_meanwhile(is_right, now=None, *, guessable) -> bool:
        User.objects.create_superuser("lin")
        return True

    monkeypatch.setattr(wrong_codes, "check", somebody_else_meanwhile)
    response = Client().post("/setup", {**PERSON, "code": code})
    assert response.status_code == 409
    assert "Already claimed" in response.content.decode()
    assert people() == [("lin", True)]
    assert PERSON["password"] not in hashed


def test_csrf_is_demanded(plan, code: str) -> None:
    assert Client(enforce_csrf_checks=True).post("/setup", {**PERSON, "code": code}).status_code == 403
    assert people() == []


def test_busy_hashers_are_waited_for_and_then_refused(plan, post: Post, code: str, monkeypatch) -> None:
    from mathesar.accounts import throttle

    monkeypatch.setattr(throttle, "HASH_QUEUE_SECONDS", 0.01)
    with throttle.hash_slot(), throttle.hash_slot():
        refused = post(code=code)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert post(code=code).status_code == 302


def test_on_an_own_machine_the_terminals_link_claims_it(plan, code: str, post: Post) -> None:
    from mathesar.accounts.local_link import make_link
    from mathesar.setup.models import Installation

    current.set_plan(replace(plan, embedded=True), Secret(plans.KEY))
    assert Client().get("/").headers["Location"] == "/setup"
    assert "Open the link from your terminal" in Client().get("/setup").content.decode()
    assert post(code=code).status_code == 403
    assert people() == []
    client = Client()
    assert client.get(make_link("http://h").removeprefix("http://h")).headers["Location"] == "/"
    assert Installation.objects.get().claimed_at is not None
    assert client.get("/databases/").status_code == 200
    assert client.get("/setup").status_code == 404


@pytest.mark.parametrize(
    ("platform", "given", "words"),
    [
        ("render", False, "Logs tab"),
        ("render", True, "Environment tab"),
        ("railway", False, "View logs"),
        ("railway", True, "Variables tab"),
        ("digitalocean", False, "Runtime Logs"),
        ("digitalocean", True, "Environment Variables"),
        ("heroku", False, "heroku logs"),
        ("heroku", True, "heroku config:get MATHESAR_SETUP_CODE"),
        (None, False, "terminal"),
        (None, True, "MATHESAR_SETUP_CODE"),
    ],
)
def test_the_page_says_where_the_code_is(plan, platform: str | None, given: bool, words: str) -> None:
    secret = Secret(GIVEN) if given else None
    current.set_plan(replace(plan, platform=platform, setup_code=secret), Secret(plans.KEY))
    text = Client().get("/setup").content.decode()
    assert words in text
    assert GIVEN not in text


def test_the_page_holds_no_inline_script_or_style_and_is_not_cached(plan) -> None:
    response = Client().get("/setup")
    html = response.content.decode()
    assert "style=" not in html
    assert html.count("<script") == html.count("<script src=")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
