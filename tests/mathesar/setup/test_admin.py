"""The superuser that the environment names: made once, never changed, refused with the rule's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.plan_first_run import Admin
from provisioner.secret import Secret
from tests.mathesar import plans

PASSWORD = "Analytical engine 1843"


def named(plan: plans.Plan, username: str = "ada", password: str = PASSWORD, email: str = "ada@example.org"):
    return replace(plan, platform="render", admin=Admin(username, email, Secret(password)))


def people() -> list[tuple[str, str, bool]]:
    from django.contrib.auth.models import User

    return list(User.objects.values_list("username", "email", "is_superuser"))


def test_it_is_made_once_and_claims_the_install(plan: plans.Plan, capsys: pytest.CaptureFixture[str]) -> None:
    from django.contrib.auth.models import User

    from mathesar.boot.admin import ensure_admin, is_admin_missing
    from mathesar.setup.claim import is_claimed

    assert (is_admin_missing(plan), ensure_admin(plan), people()) == (False, False, [])
    given = named(plan)
    assert is_admin_missing(given)
    assert ensure_admin(given)
    assert people() == [("ada", "ada@example.org", True)]
    assert User.objects.get().check_password(PASSWORD)
    assert is_claimed()
    assert not is_admin_missing(given)
    assert not ensure_admin(named(plan, password="Another engine 1850"))
    assert User.objects.get().check_password(PASSWORD)
    printed = capsys.readouterr().out
    assert "MATHESAR_ADMIN_PASSWORD" in printed
    assert PASSWORD not in printed


def test_another_superuser_is_enough(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User

    from mathesar.boot.admin import ensure_admin

    User.objects.create_superuser("lin", is_active=False)
    assert not ensure_admin(named(plan))
    assert people() == [("lin", "", True)]


def test_it_is_made_again_when_nobody_is_left(plan: plans.Plan) -> None:
    from django.contrib.auth.models import User

    from mathesar.boot.admin import ensure_admin

    assert ensure_admin(named(plan))
    User.objects.all().delete()
    assert ensure_admin(named(plan))
    assert len(people()) == 1


@pytest.mark.parametrize("name", ["ada", "Ada"])
def test_an_ordinary_person_of_that_name_is_not_overwritten(plan: plans.Plan, name: str) -> None:
    from django.contrib.auth.models import User

    from mathesar.boot.admin import ensure_admin
    from mathesar.boot.messages import BootError

    User.objects.create_user(name, "", "their own 1850")
    with pytest.raises(BootError, match="MP806 MATHESAR_ADMIN_USERNAME"):
        ensure_admin(named(plan))
    assert people() == [(name, "", False)]
    assert User.objects.get().check_password("their own 1850")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"password": "short1"}, ["MP805 MATHESAR_ADMIN_PASSWORD", "MinimumLengthValidator"]),
        ({"password": "12345678"}, ["CommonPasswordValidator", "NumericPasswordValidator"]),
        ({"username": "lovelace", "password": "lovelace1"}, ["UserAttributeSimilarityValidator"]),
        ({"username": "a b"}, ["MP807 MATHESAR_ADMIN_USERNAME"]),
        ({"username": "x" * 151}, ["MP807 MATHESAR_ADMIN_USERNAME"]),
        ({"email": "nobody"}, ["MP807 MATHESAR_ADMIN_EMAIL"]),
    ],
)
def test_a_refusal_names_the_rule_and_not_the_value(
    plan: plans.Plan, changes: dict[str, str], expected: list[str]
) -> None:
    from mathesar.boot.admin import ensure_admin
    from mathesar.boot.messages import BootError

    with pytest.raises(BootError) as refused:
        ensure_admin(named(plan, **changes))
    text = " ".join(f"{item} {item.hint}" for item in refused.value.findings)
    for words in expected:
        assert words in text
    assert changes.get("password", PASSWORD) not in text
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert people() == []
