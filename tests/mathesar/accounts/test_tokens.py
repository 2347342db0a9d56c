"""API tokens: shown once, kept as a hash, refused in every other shape."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.mathesar import plans


@pytest.fixture
def ada(plan: plans.Plan):
    from django.contrib.auth.models import User

    return User.objects.create_superuser("ada")


def header(secret) -> str:
    return f"Bearer {secret.get_secret_value()}"


def test_a_token_is_whose_it_is_and_only_its_hash_is_kept(ada, site) -> None:
    from mathesar.accounts import tokens

    row, text = tokens.create(ada, "nightly")
    value = text.get_secret_value()
    assert re.fullmatch(r"mts_[a-z2-7]{8}_[a-z2-7]{52}", value)
    assert tokens.authenticate(f"Bearer {value}") == ada
    assert tokens.authenticate(f"  bearer   {value.upper()} ") == ada
    stored = site.psql("SELECT t::text FROM mathesar_internal.accounts_apitoken t", "mathesar_tests")
    assert value.rpartition("_")[2] not in str(stored)
    assert value not in f"{row}{row!r}{text}{text!r}"


def test_every_other_text_is_nobodys(ada) -> None:
    from mathesar.accounts import tokens

    value = tokens.create(ada, "nightly")[1].get_secret_value()
    other = tokens.create(ada, "other")[1].get_secret_value()
    mixed = value[:13] + other[13:]
    last = "b" if value[-2] != "b" else "c"
    for wrong in (
        "", "Bearer", "Bearer ", value, f"Basic {value}", f"Bearer {value}x", f"Bearer {value[:-1]}", f"Bearer {mixed}",
        f"Bearer {value[:-2]}{last}{value[-1]}", f"Bearer {value}\n{value}", "Bearer mts_é_\0",
        "Bearer " + "a" * 100_000,
    ):  # fmt: skip
        assert tokens.authenticate(wrong) is None, wrong[:80]


def test_expired_inactive_and_revoked(ada) -> None:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from mathesar.accounts import tokens

    now = timezone.now()
    row, text = tokens.create(ada, "short", now + timedelta(minutes=5))
    assert tokens.authenticate(header(text), now + timedelta(minutes=4)) == ada
    assert tokens.authenticate(header(text), now + timedelta(minutes=5)) is None
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert tokens.authenticate(header(text)) is None
    User.objects.filter(pk=ada.pk).update(is_active=True)
    stranger = User.objects.create_user("eve")
    assert not tokens.revoke(stranger, row.pk)
    assert tokens.authenticate(header(text)) == ada
    assert tokens.revoke(ada, row.pk)
    assert tokens.authenticate(header(text)) is None


def test_the_last_use_is_noted_at_most_once_a_minute(ada) -> None:
    from django.utils import timezone

    from mathesar.accounts import tokens
    from mathesar.accounts.models import ApiToken

    _, text = tokens.create(ada, "nightly")
    first = timezone.now()
    noted = []
    for seconds in (0, 1, 59, 60, 61):
        tokens.authenticate(header(text), first + timedelta(seconds=seconds))
        noted.append((ApiToken.objects.get().last_used_at - first).seconds)
    assert noted == [0, 0, 0, 60, 60]


def test_there_is_an_end_of_them(ada, monkeypatch: pytest.MonkeyPatch) -> None:
    from mathesar.accounts import tokens

    monkeypatch.setattr(tokens, "MOST", 2)
    for name in ("one", "two"):
        tokens.create(ada, name)
    with pytest.raises(tokens.TooMany):
        tokens.create(ada, "three")
    client = Client()
    client.force_login(ada)
    assert "MP814" in client.post("/account/tokens", {"name": "three", "days": ""}).content.decode()


def test_on_the_page_it_is_shown_once_and_can_be_revoked(ada) -> None:
    from mathesar.accounts import tokens
    from mathesar.accounts.models import ApiToken

    client = Client()
    client.force_login(ada)
    made = client.post("/account/tokens", {"name": "<nightly>", "days": "30"})
    found = re.search(r"mts_[a-z2-7]{8}_[a-z2-7]{52}", made.content.decode())
    assert found is not None
    assert tokens.authenticate(f"Bearer {found[0]}") == ada
    row = ApiToken.objects.get()
    assert row.expires_at is not None
    assert abs(row.expires_at - row.created_at - timedelta(days=30)) < timedelta(seconds=60)
    page = client.get("/account").content.decode()
    assert found[0] not in page
    assert html.escape("<nightly>") in page
    assert "<nightly>" not in page
    assert client.post(f"/account/tokens/{row.pk}/revoke").status_code == 302
    assert client.post(f"/account/tokens/{row.pk}/revoke").status_code == 302
    assert tokens.authenticate(f"Bearer {found[0]}") is None


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x" * 101}, {"name": "a", "days": "31"}])
def test_what_is_typed_is_judged(ada, fields: dict[str, str]) -> None:
    from mathesar.accounts.models import ApiToken

    client = Client()
    client.force_login(ada)
    assert client.post("/account/tokens", fields).status_code == 400
    assert not ApiToken.objects.exists()
