"""Headers, hosts and error pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings


@pytest.fixture
def client(plan) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(client: Client) -> Client:
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_superuser("ada", password="correct horse"))
    return client


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/open/x", "/setup"])
def test_every_page_has_the_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_every_page_has_them_too_once_somebody_is_signed_in(signed_in: Client) -> None:
    for path in ("/", "/sign-in", "/nowhere", "/open/x", "/setup", "/account", "/people", "/people/add"):
        test_every_page_has_the_headers(signed_in, path)


def test_pages_hold_no_inline_script_or_style(signed_in: Client, client: Client) -> None:
    for path in ("/", "/nowhere", "/account", "/people", "/people/add"):
        html = signed_in.get(path).content.decode()
        assert "style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count("<script src=")


def every_path(patterns: list[Any], before: str = "/") -> Iterator[tuple[str, str]]:
    """Yield (path with made-up parts, name) of every page; the API answers for itself."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from every_path(pattern.url_patterns, path)
        elif not path.startswith("/api/"):
            path = path.replace("<uuid:database_id>", "00000000-0000-0000-0000-000000000000")
            yield re.sub("<str:[a-z_]+>", "x", re.sub("<int:[a-z_]+>", "1", path)), pattern.name


@pytest.mark.usefixtures("signed_in")
def test_everything_but_sign_in_and_health_needs_a_user() -> None:
    from mathesar.urls import urlpatterns

    client = Client()
    for path, name in every_path(urlpatterns):
        response = client.get(path)
        if name == "sign-in":
            assert response.status_code == 200
        elif name in ("open-link", "setup"):
            assert response.status_code == 404
        else:
            assert response.headers["Location"].startswith("/sign-in?next="), path


@pytest.mark.parametrize(
    ("path", "headers", "status", "words"),
    [
        ("/", {"host": "evil.example"}, 400, "ALLOWED_HOSTS"),
        ("/nowhere", {}, 404, "Page not found"),
        ("/databases/check", {}, 405, ""),
    ],
)
def test_error_pages(signed_in: Client, path: str, headers: dict[str, str], status: int, words: str) -> None:
    response = signed_in.get(path, headers=headers)
    assert response.status_code == status
    assert words in response.content.decode()


def test_internal_database_away(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from mathesar.connections import views

    def fail() -> None:
        raise OperationalError("host db.example user ada")

    monkeypatch.setattr(views.Database.objects, "all", fail)
    response = signed_in.get("/databases/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()
    assert "db.example" not in response.content.decode()


def test_forbidden_page(client: Client) -> None:
    from django.core.exceptions import PermissionDenied
    from django.views.defaults import permission_denied

    request = client.get("/sign-in").wsgi_request
    assert "Not allowed" in permission_denied(request, PermissionDenied()).content.decode()


def test_row_is_polled_and_never_waits(signed_in: Client, use) -> None:
    from mathesar.connections.models import Database
    from tests.mathesar import plans

    use(plans.local_plan({"gone": "postgresql://u:hidden-word@127.0.0.1:1/x"}))
    row = Database.objects.get()
    html = signed_in.get(f"/databases/{row.pk}/status").content.decode()
    assert "hidden-word" not in html
    assert "delay:700ms" in html or "refused" in html
    assert signed_in.post("/databases/check").headers["Location"] == "/databases/"
    page = signed_in.get("/").content.decode()
    assert "Nothing accepts connections" in page
    assert "hidden-word" not in page


@pytest.mark.usefixtures("signed_in")
def test_upload_limits(client: Client) -> None:
    with override_settings(DEBUG=False):
        response = client.post("/sign-in", {"username": "x" * 1_100_000, "password": "x"})
    assert response.status_code == 400
