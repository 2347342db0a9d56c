"""Health answers before host validation and redirects, and leaks nothing."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from mathesar import current


@pytest.fixture
def client(plan) -> Client:
    return Client()


@pytest.mark.parametrize("host", ["healthcheck.railway.app", "10.0.3.7:8080", "evil.example", "_bad_host_"])
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_any_host_over_plain_http(client: Client, host: str, path: str) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        response = client.get(path, headers={"host": host})
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response.headers["Content-Type"] == "text/plain"


def test_head_and_other_methods(client: Client) -> None:
    assert client.head("/livez").status_code == 200
    assert client.head("/readyz").content == b""
    assert client.post("/livez").status_code == 405


def test_verbose_names_checks_and_nothing_else(client: Client) -> None:
    response = client.get("/readyz?verbose")
    assert response.content.decode() == "ok\ndatabase: ok\nmigrations: ok\nkey: ok\n"


def test_a_key_that_does_not_fit_stays_in_service(client: Client) -> None:
    current.set_key_state("mismatch")
    response = client.get("/readyz?verbose")
    assert response.status_code == 200
    assert "key: failed" in response.content.decode()


def test_missing_migration_is_not_ready(client: Client, server) -> None:
    change = "UPDATE mathesar_internal.django_migrations SET name = '{}' WHERE app = 'accounts' AND name = '{}'"
    server.psql(change.format("x", "0001_initial"), "mathesar_tests")
    try:
        response = client.get("/readyz?verbose")
    finally:
        server.psql(change.format("0001_initial", "x"), "mathesar_tests")
    assert response.status_code == 503
    assert response.content.decode() == "not ready\ndatabase: ok\nmigrations: failed\nkey: ok\n"


def test_same_answer_before_and_after_the_first_user(client: Client) -> None:
    from django.contrib.auth.models import User

    before = [(r.status_code, r.content, dict(r.headers)) for r in map(client.get, ("/livez", "/readyz"))]
    client.force_login(User.objects.create_superuser("ada", password="correct horse"))
    after = [(r.status_code, r.content, dict(r.headers)) for r in map(client.get, ("/livez", "/readyz"))]
    assert before == after


def test_silent_database_fails_within_the_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from mathesar.health import readiness

    release = threading.Event()
    monkeypatch.setattr(readiness, "_applied_migrations", lambda: release.wait(20) and set())
    monkeypatch.setattr(readiness, "LIMIT_SECONDS", 0.05)
    try:
        response = client.get("/readyz?verbose")
    finally:
        release.set()
    assert response.status_code == 503
    assert "database: failed" in response.content.decode()
    assert client.get("/livez").status_code == 200
