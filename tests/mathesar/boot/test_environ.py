"""What is taken out of the environment before anything else runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mathesar.boot.environ import bears_secret, scrub
from tests.platforms.environments import ALL, heroku

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


@pytest.mark.parametrize("platform", sorted(ALL))
def test_nothing_of_a_platforms_database_or_key_is_left(platform: str) -> None:
    environ = ALL[platform]() | {"PGPASSWORD": "x", "PGHOST": "h", "GUNICORN_CMD_ARGS": "--bind 0.0.0.0:1"}
    planted = {environ["DATABASE_URL"], environ.get("SECRET_KEY", "")} - {""}
    scrub(environ)
    assert not planted & set(environ.values())
    assert not [name for name in environ if name.startswith("PG")]
    assert "GUNICORN_CMD_ARGS" not in environ


def test_kept_for_the_command_that_needs_it() -> None:
    environ = heroku() | {"DJANGO_SUPERUSER_PASSWORD": "p"}
    scrub(environ, keep=("DJANGO_SUPERUSER_PASSWORD",))
    assert environ["DJANGO_SUPERUSER_PASSWORD"] == "p"
    assert "DATABASE_URL" not in environ


def test_children_inherit_none() -> None:
    program = (
        "import os, subprocess\nfrom mathesar.boot.environ import scrub\nscrub(os.environ)\n"
        "print(subprocess.run(['env'], capture_output=True, text=True).stdout)"
    )
    environ = {**heroku(), "PATH": os.environ["PATH"], "PGPASSWORD": "planted-1"}
    shown = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert "PORT=" in shown.stdout
    assert "planted-1" not in shown.stdout
    assert "postgres://" not in shown.stdout
