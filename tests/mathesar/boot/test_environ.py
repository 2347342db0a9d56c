"""What is taken out of the environment before anything else runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mathesar.boot.environ import scrub
from tests.platforms.environments import ALL, heroku


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
