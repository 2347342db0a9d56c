"""The code itself, what start-up says of it, and everything that claims an install."""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import replace

import pytest
from django.test import Client

from mathesar import current
from provisioner.secret import Secret
from tests.mathesar import plans

GIVEN = "given-By-the-Platform-2026"


def test_the_code_depends_on_key_and_install_alone(plan: plans.Plan) -> None:
    from mathesar.setup import code

    install = uuid.uuid4()
    first = code.derived(install)
    text = code.grouped(first)
    assert re.fullmatch(r"([A-Z2-7]{4}-){4}[A-Z2-7]{4}", text)
    assert code.derived(install) == first
    assert code.derived(uuid.uuid4()) != first
    current.set_plan(plan, Secret("7f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0"))
    assert code.derived(install) != first
    assert repr(first) == "***"


def test_the_log_names_code_and_address_once(plan: plans.Plan, code: str) -> None:
    from mathesar.setup.announce import lines

    on_platform = replace(plan, platform="render", origins=("https://app.onrender.com",))
    assert lines(on_platform) == [f"Setup code: {code}  Open https://app.onrender.com/setup#{code}"]
    assert lines(replace(plan, bind="127.0.0.1:8000")) == [
        f"Setup code: {code}  Open http://localhost:8000/setup#{code}"
    ]
    assert lines(replace(plan, bind="[2001:db8::1]:80"))[0].endswith(f"Open http://[2001:db8::1]:80/setup#{code}")


def test_a_given_code_is_not_in_the_log(plan: plans.Plan, code: str) -> None:
    from mathesar.setup.announce import lines

    said = " ".join(lines(replace(plan, setup_code=Secret(GIVEN), origins=("https://app.example",))))
    assert "https://app.example/setup" in said
    assert "MATHESAR_SETUP_CODE" in said
    assert GIVEN not in said
    assert code not in said


def test_nothing_is_said_once_it_is_claimed_or_where_the_link_does_it(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User

    from mathesar.setup.announce import lines

    assert lines(replace(plan, embedded=True)) == []
    User.objects.create_superuser("ada")
    assert lines(plan) == []


def test_a_superuser_of_a_command_claims_the_install(plan: plans.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import call_command

    from mathesar.setup.models import Installation

    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Analytical engine 1843")
    call_command("createsuperuser", username="ada", email="", interactive=False, verbosity=0)
    assert Installation.objects.get().claimed_at is not None


def test_an_ordinary_person_does_not(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User

    from mathesar.setup.models import Installation

    User.objects.create_user("lin")
    assert Installation.objects.get().claimed_at is None
    assert Client().get("/").headers["Location"] == "/setup"


def test_a_running_server_notices_a_superuser_of_another_process(plan: plans.Plan, site) -> None:
    client = Client()
    assert client.get("/").headers["Location"] == "/setup"
    site.psql(
        "INSERT INTO mathesar_internal.auth_user (username, password, is_superuser, first_name, last_name, email,"
        " is_staff, is_active, date_joined) VALUES ('sql', '!', true, '', '', '', true, true, now())",
        "mathesar_tests",
    )
    assert client.get("/").headers["Location"] == "/sign-in?next=/"


def test_once_claimed_it_costs_no_query(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    User.objects.create_superuser("ada")
    client = Client()
    client.get("/sign-in")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/sign-in").status_code == 200
        assert client.get("/setup").status_code == 404
    assert [query["sql"] for query in queries] == []


def test_a_claimed_install_stays_so_without_any_superuser(plan: plans.Plan, code: str) -> None:
    from django.contrib.auth.models import User

    User.objects.create_superuser("ada")
    User.objects.all().delete()
    assert Client().get("/setup").status_code == 404
    assert Client().post("/setup", {"code": code}).status_code == 404


def test_many_claims_at_once_make_one_superuser(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User
    from django.db import connection

    from mathesar.setup import claim

    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def work(name: str) -> None:
        barrier.wait(30)
        try:
            claim.claim(name, "", "!")
            outcomes.append("made")
        except claim.AlreadyClaimed:
            outcomes.append("late")
        finally:
            connection.close()

    connection.close()
    for round_number in range(10):
        threads = [threading.Thread(target=work, args=(f"p{round_number}-{each}",)) for each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["late"] * 3 + ["made"]
        assert User.objects.filter(is_superuser=True).count() == 1
        User.objects.all().delete()
        claim.Installation.objects.update(claimed_at=None)
        outcomes.clear()
