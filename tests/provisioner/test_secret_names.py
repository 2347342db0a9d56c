"""Which variables hold a secret."""

from __future__ import annotations

import pytest

from provisioner.secret_names import bears_secret

SECRETS = [
    ("DATABASE_URL", "postgresql://u:p@h/d"),
    ("SECRET_KEY", "k"),
    ("SECRET_KEY_FALLBACKS", "a,b"),
    ("MATHESAR_DATABASES", "(a|postgresql://h/d)"),
    ("MATHESAR_DATABASE_SALES_URL", "x"),
    ("DATABASE_UNPOOLED_URL", "postgres://u:p@h/d"),
    ("HEROKU_POSTGRESQL_ROSE_URL", "postgres://u:p@h/d"),
    ("REDIS_URL", "rediss://:p@h"),
    ("POSTGRES_PASSWORD", "p"),
    ("SENTRY_DSN", "x"),
    ("DJANGO_SUPERUSER_PASSWORD", "p"),
    ("GITHUB_TOKEN", "t"),
    ("AWS_SECRET_ACCESS_KEY", "t"),
]
HARMLESS = [
    ("PATH", "/bin"),
    ("PORT", "8000"),
    ("RENDER_EXTERNAL_URL", "https://a.onrender.com"),
    ("SECRET_KEY_FILE", "/run/secrets/key"),
    ("ALLOWED_HOSTS", "a.example"),
    ("KEYBOARD", "de"),
    ("COMPASS", "north"),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_bears_a_secret(name: str, value: str) -> None:
    assert bears_secret(name, value)


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_bears_none(name: str, value: str) -> None:
    assert not bears_secret(name, value)
