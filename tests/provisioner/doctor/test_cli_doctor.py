"""The command as a person or a pipeline runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.mathesar import plans
from tests.platforms import environments
from tests.postgres import PostgresServer
from tests.provisioner.doctor.seeing import PASSWORD, holdings
from tests.terminal import at_terminal

ADMIN = {"MATHESAR_ADMIN_USERNAME": "ada", "MATHESAR_ADMIN_PASSWORD": "only-once-88"}
SECRETS = ("super%20secret", "super secret", "pass%20word", "pass word", "only-once-88")


def run(*arguments: str, environ: dict[str, str] | None = None, given: str | None = None, code: str | None = None):
    start = ["-c", code] if code else ["-m", "provisioner.cli"]
    return subprocess.run(
        [sys.executable, *start, *arguments],
        env={**{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}, **(environ or {})},
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )


@pytest.fixture
def environ(server: PostgresServer, shop: str) -> dict[str, str]:
    """Give the environment of an own machine with two databases."""
    return {
        "SECRET_KEY": plans.KEY,
        "DATABASE_URL": server.url(shop, user="doctor_owner", password=PASSWORD),
        "MATHESAR_DATABASES": f"(plain|{server.url(shop, user='doctor_plain', password=PASSWORD)})",
    }


@pytest.mark.parametrize("fmt", ["text", "json", "sarif", "github"])
def test_an_environment(server: PostgresServer, shop: str, environ: dict[str, str], fmt: str) -> None:
    before = holdings(server, shop)
    done = run("doctor", "--format", fmt, environ=environ | ADMIN)
    assert (done.returncode, done.stderr) == (1, "")
    assert "MP612" in done.stdout
    assert "MP632" in done.stdout
    assert [secret for secret in SECRETS if secret in done.stdout] == []
    assert holdings(server, shop) == before


def test_warnings_alone_exit_with_0(environ: dict[str, str]) -> None:
    del environ["MATHESAR_DATABASES"]
    done = run("doctor", environ=environ | ADMIN)
    assert done.returncode == 0
    assert "Looked at 1 database: " in done.stdout


def test_a_broken_environment_says_what_check_says(environ: dict[str, str]) -> None:
    done = run("doctor", environ=environ | {"DATABASE_URL": "mysql://u:only-once-88@h/d"})
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stdout
    assert "MP101" in done.stdout
    assert "only-once-88" not in done.stdout


def test_an_env_file_points_at_its_lines(environ: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "prod.env"
    path.write_text("".join(f"{name}='{value}'\n" for name, value in environ.items()))
    done = run("doctor", "--env-file", str(path), "--format", "github")
    assert f"file={path},line=3" in done.stdout


@pytest.mark.parametrize("way", ["argument", "file", "input"])
def test_one_url(server: PostgresServer, shop: str, tmp_path: Path, way: str) -> None:
    url = server.url(shop, user="doctor_owner", password=PASSWORD)
    (tmp_path / "url").write_text(f"{url}\n")
    arguments = {"argument": ["--url", url], "file": ["--url-file", str(tmp_path / "url")], "input": ["--url", "-"]}
    done = run("doctor", *arguments[way], "--format", "json", given=f"{url}\n")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    kinds = [each["kind"] for each in document["findings"]]
    assert kinds == (["doctor-url-in-arguments"] if way == "argument" else [])
    assert document["databases"][0]["purposes"] == ["internal", "user"]
    assert [secret for secret in SECRETS if secret in done.stdout] == []


def test_replicas(server: PostgresServer, shop: str) -> None:
    done = run("doctor", "--url", "-", "--replicas", "50", given=server.url(shop))
    assert done.returncode == 1
    assert "MP630" in done.stdout


def test_a_platform_names_what_it_refuses(server: PostgresServer) -> None:
    done = run("doctor", "--format", "json", environ=environments.render(server.url()))
    assert done.returncode == 1
    assert [each["code"] for each in json.loads(done.stdout)["findings"]] != []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--platform", "flx"), "digitalocean, dokku, fly, heroku"),
        (("--platform", "flx", "--url", "-"), "digitalocean, dokku, fly, heroku"),
        (("--url", "-"), "it is empty"),
        (("--url", "x", "--url-file", "y"), "Give one of"),
        (("--url-file", "/nonexistent.url"), "No such file"),
        (("--replicas", "0"), "replicas"),
        (("--format", "yaml"), "sarif"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], said: str) -> None:
    done = run("doctor", *arguments, given="")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def doctor_at_terminal(
    *arguments: str, environ: dict[str, str], answers: Sequence[tuple[str, str]] = ()
) -> tuple[int, str]:
    base = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    return at_terminal([sys.executable, "-m", "provisioner.cli", "doctor", *arguments], base | environ, answers)


def test_a_person_is_asked_without_echo(server: PostgresServer, shop: str) -> None:
    status, said = doctor_at_terminal("--url", "-", environ={}, answers=[("Database URL", server.url(shop))])
    assert status == 0
    assert "\x1b[1m" in said
    assert "secret" not in said


def test_a_terminal_shows_progress_and_wipes_it(environ: dict[str, str]) -> None:
    _, said = doctor_at_terminal(environ=environ)
    progress, _, report = said.rpartition("\r\x1b[K")
    assert progress.startswith("\rLooked at 0 of 2 databases.\rLooked at 1 of 2")
    assert "Looked at 2 databases: " in report
    status, said = doctor_at_terminal(environ=environ | {"NO_COLOR": "1"})
    assert status == 1
    assert "\x1b[1m" not in said


def test_check_stays_without_the_driver() -> None:
    code = (
        "import sys; from provisioner.cli import main\n"
        "try: main(['check'])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith(('provisioner.doctor', 'provisioner.connecting'))])"
    )
    done = run(code=code, environ={"SECRET_KEY": plans.KEY})
    assert done.stdout.splitlines()[-1] == "[]"
