"""`mathesar reset-admin`: the way back in for whoever can run a command where Mathesar runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mathesar import plans
from tests.terminal import at_terminal

ROOT = Path(__file__).resolve().parents[3]
OLD, NEW = "Analytical engine 1843", "Difference engine 1822"
CODE = "from mathesar.boot.admin import reset_admin; reset_admin({name!r}, interactive={asked})"
LOOK = """
import sys
from mathesar.boot.commands import opened_install
opened_install()
from django.contrib.auth.models import User
for user in User.objects.all():
    print(user.username, user.is_superuser, user.is_active, user.check_password(sys.argv[1]))
"""


def command(folder: Path, program: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "MATHESAR_DATA_DIR": str(folder), "SECRET_KEY": plans.KEY, **variables}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def seen(folder: Path, password: str) -> list[str]:
    done = command(folder, LOOK, password)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_from_the_variables_and_with_a_name(tmp_path: Path) -> None:
    variables = {"MATHESAR_ADMIN_USERNAME": "ada", "MATHESAR_ADMIN_PASSWORD": OLD}
    made = command(tmp_path, CODE.format(name=None, asked=False), **variables)
    assert made.returncode == 0, made.stderr
    assert "'ada' is made" in made.stdout
    assert seen(tmp_path, OLD) == ["ada True True True"]
    again = command(tmp_path, CODE.format(name=None, asked=False), **{**variables, "MATHESAR_ADMIN_PASSWORD": NEW})
    assert "'ada' is an active superuser" in again.stdout
    assert seen(tmp_path, NEW) == ["ada True True True"]
    weak = command(
        tmp_path, CODE.format(name="ada", asked=False), **{**variables, "MATHESAR_ADMIN_PASSWORD": "12345678"}
    )
    assert weak.returncode == 1
    assert "CommonPasswordValidator" in weak.stderr
    assert "12345678" not in weak.stderr + weak.stdout
    nothing = command(tmp_path, CODE.format(name="ada", asked=False))
    assert nothing.returncode == 1
    assert "MATHESAR_ADMIN_PASSWORD" in nothing.stderr
    nobody = command(tmp_path, CODE.format(name="ada", asked=True))
    assert nobody.returncode == 1
    assert "--noinput" in nobody.stderr
    assert "Traceback" not in weak.stderr + nothing.stderr + nobody.stderr
    assert seen(tmp_path, NEW) == ["ada True True True"]


def test_a_password_typed_twice_at_a_terminal_is_not_shown(tmp_path: Path) -> None:
    environ = {"MATHESAR_DATA_DIR": str(tmp_path), "SECRET_KEY": plans.KEY}
    prompts = ("password for ada: ", "same again: ", "password for ada: ", "again: ")
    answers = list(zip(prompts, (OLD, NEW, NEW, NEW), strict=True))
    status, shown = at_terminal([sys.executable, "-c", CODE.format(name="ada", asked=True)], environ, answers)
    assert status == 0, shown
    assert "The two are not the same." in shown
    assert OLD not in shown
    assert NEW not in shown
    assert seen(tmp_path, NEW) == ["ada True True True"]


def test_restoring_ends_sessions_tokens_and_the_wait(plan: plans.Plan, unhurried: None) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from mathesar.accounts import people, tokens
    from provisioner.secret import Secret

    ada = User.objects.create_superuser("ada", password=OLD)
    client = Client()
    client.force_login(ada)
    header = f"Bearer {tokens.create(ada, 'nightly')[1].get_secret_value()}"
    User.objects.filter(pk=ada.pk).update(is_superuser=False)
    guess = {"username": "ada", "password": "guess"}
    assert [Client().post("/sign-in", guess).status_code for _ in range(5)][-1] == 429
    person, made = people.restore("ada", Secret(NEW))
    assert (person.pk, made, person.is_superuser) == (ada.pk, False, True)
    assert client.get("/").headers["Location"] == "/sign-in?next=/"
    assert tokens.authenticate(header) is None
    assert Client().post("/sign-in", {"username": "ada", "password": NEW}).status_code == 302


@pytest.mark.parametrize("names", [[], ["ada", "lin"]])
def test_without_a_name_there_must_be_exactly_one_superuser(plan: plans.Plan, names: list[str]) -> None:
    from django.contrib.auth.models import User

    from mathesar.boot.admin import _only_name

    for name in names:
        User.objects.create_superuser(name)
    assert _only_name(plan) is None
    User.objects.all().delete()
    User.objects.create_superuser("grace")
    assert _only_name(plan) == "grace"
