"""Settings under each kind of plan, in a process of its own as settings are read once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.mathesar import plans

PASSWORD = "pl4nted-p4ssw0rd"
PLATFORM = {
    "RENDER": "true",
    "RENDER_EXTERNAL_HOSTNAME": "shop.onrender.com",
    "PORT": "10000",
    "SECRET_KEY": plans.KEY,
    "DATABASE_URL": f"postgresql://u:{PASSWORD}@dpg-abc-a/shop",
}
SHOW = """
import json, logging
from django.conf import settings
import django; django.setup()
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: repr(getattr(settings, name)) for name in names}))
"""


def run(environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={"DJANGO_SETTINGS_MODULE": "mathesar.settings", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(environ: Mapping[str, str]) -> dict[str, str]:
    done = run(environ, "-c", SHOW)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_deploy_check_is_clean_on_a_platform() -> None:
    done = run(PLATFORM, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stdout + done.stderr


def test_models_and_migrations_agree() -> None:
    done = run({"SECRET_KEY": plans.KEY}, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run")
    assert "No changes detected" in done.stdout, done.stdout + done.stderr


def test_platform() -> None:
    seen = settings_of(PLATFORM)
    assert seen["ALLOWED_HOSTS"] == "['shop.onrender.com']"
    assert seen["CSRF_TRUSTED_ORIGINS"] == "['https://shop.onrender.com']"
    assert seen["SESSION_COOKIE_NAME"] == "'__Host-mathesar_session'"
    assert seen["CSRF_COOKIE_NAME"] == "'__Host-mathesar_csrf'"
    assert seen["SECURE_HSTS_SECONDS"] == "31536000"
    assert seen["SECURE_HSTS_INCLUDE_SUBDOMAINS"] == "False"
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "USE_TZ"):
        assert seen[name] == "True"


def test_own_machine() -> None:
    seen = settings_of({"SECRET_KEY": plans.KEY, "MATHESAR_INTERNAL_DATABASE_URL": "postgresql://u:p@localhost/x"})
    assert seen["SESSION_COOKIE_NAME"] == "'mathesar_session'"
    assert seen["SECURE_PROXY_SSL_HEADER"] == "None"
    for name in ("SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DEBUG"):
        assert seen[name] == "False"


def test_no_secret_in_settings() -> None:
    fallback = plans.KEY[::-1]
    shown = json.dumps(settings_of({**PLATFORM, "SECRET_KEY_FALLBACKS": fallback}))
    for secret in (PASSWORD, plans.KEY, fallback):
        assert secret not in shown
    assert len(json.loads(json.dumps(settings_of(PLATFORM)))["SECRET_KEY"]) == 66


@pytest.mark.parametrize("environ", [{}, PLATFORM])
def test_static_files_are_collected_without_a_database(environ: Mapping[str, str], tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    script = (
        "from django.conf import settings; import pathlib, sys, django\n"
        f"settings.STATIC_ROOT = pathlib.Path({str(tmp_path / 'static')!r})\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
        "from django.templatetags.static import static\n"
        "print(static('mathesar/style.css'))"
    )
    done = run({**environ, **home}, "-c", script)
    assert done.returncode == 0, done.stderr
    hashed = done.stdout.strip().removeprefix("/static/")
    assert hashed != "mathesar/style.css"
    assert (tmp_path / "static" / f"{hashed}.gz").exists()


def test_beside_a_wheel_a_dependency_brings_its_own_static_files(tmp_path: Path) -> None:
    script = (
        "from django.conf import settings; import pathlib, re, django\n"
        f"settings.STATIC_ROOT = pathlib.Path({str(tmp_path / 'static')!r})\n"
        "finders = settings.STATICFILES_FINDERS\n"
        "settings.STATICFILES_FINDERS = ['django.contrib.staticfiles.finders.FileSystemFinder']\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
        "settings.STATICFILES_FINDERS = finders\n"
        "from django_htmx.jinja import htmx_script\n"
        "from django.templatetags.static import static\n"
        "from django.test import Client\n"
        "for url in (static('mathesar/style.css'), re.search('src=\"?([^ >\"]+)', htmx_script())[1]):\n"
        "    answer = Client(headers={'Accept-Encoding': 'gzip'}).get(url, secure=True)\n"
        "    print(url, answer.status_code, answer.headers.get('Content-Encoding'), answer.headers['Cache-Control'])\n"
        "try: static('mathesar/slip.css')\n"
        "except ValueError: print('refused')\n"
    )
    done = run({"MATHESAR_DATA_DIR": str(tmp_path)}, "-W", "ignore", "-c", script)
    assert done.returncode == 0, done.stderr
    own, other, slip, _ = done.stdout.split("\n")
    assert re.fullmatch(r"/static/mathesar/style\.\w{12}\.css 200 gzip max-age=\d+, public, immutable", own)
    assert re.fullmatch(r"/static/django_htmx/[\w.-]+\.js 200 None max-age=\d+, public", other)
    assert slip == "refused"


def test_sqlite_without_a_database_variable(tmp_path: Path) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from mathesar.accounts import throttle; throttle.count_attempt({'a': 1}); throttle.forget(['a'])\n"
        "from mathesar import current; from mathesar.connections.reconcile import is_behind, reconcile\n"
        "reconcile(current.get_plan()); print(is_behind(current.get_plan()))\n"
        "from django.db import connection; cursor = connection.cursor(); cursor.execute('PRAGMA journal_mode')\n"
        "print(cursor.fetchone()[0])\n"
        "from mathesar.health.readiness import check; print(check()); connection.close()"
    )
    done = run({"MATHESAR_DATA_DIR": str(tmp_path)}, "-c", script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:3] == [
        "False",
        "wal",
        "{'database': True, 'migrations': True, 'key': True}",
    ]
