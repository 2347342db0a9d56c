"""Both commands as a person or a pipeline runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.platforms import environments
from tests.terminal import at_terminal


def run(*arguments, environ=None):
    return subprocess.run(
        [sys.executable, "-m", "provisioner.cli", *arguments],
        env={"PATH": os.environ["PATH"], **(environ or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def env_file(tmp_path):
    path = tmp_path / "prod.env"
    lines = [f"{name}={value}" for name, value in environments.five_faults().items()]
    path.write_text("\n".join(["# production", *lines]) + "\n")
    return path


@pytest.mark.parametrize("name", environments.ALL)
def test_a_good_environment_exits_with_0(name):
    done = run("check", environ=environments.ALL[name]())
    assert (done.returncode, done.stderr) == (0, "")
    assert "Would start" in done.stdout


@pytest.mark.parametrize("fmt", ["text", "json", "sarif", "github"])
def test_five_faults_exit_with_1(fmt, env_file):
    done = run("check", "--env-file", str(env_file), "--format", fmt)
    assert (done.returncode, done.stderr) == (1, "")
    assert [name for name in environments.FIVE_VARIABLES if name not in done.stdout] == []


def test_an_entrys_fault_is_red_as_well():
    done = run("check", environ=environments.render() | {"MATHESAR_DATABASES": "nonsense"})
    assert done.returncode == 1
    assert "Would start, with faults" in done.stdout


def test_findings_point_at_their_line(env_file):
    done = run("check", "--env-file", str(env_file), "--format", "json")
    lines = env_file.read_text().splitlines()
    for item in json.loads(done.stdout)["findings"]:
        assert lines[item["line"] - 1].startswith(f"{item['variable']}=")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "--platform", "flx"), "digitalocean, dokku, fly, heroku"),
        (("check", "--format", "yaml"), "sarif"),
        (("check", "--env-file", "/nonexistent.env"), "No such file"),
        (("explain", "DATABSE_URL"), "Did you mean DATABASE_URL"),
        (("explain", "databse-missing"), "Did you mean database-missing"),
    ],
)
def test_wrong_usage_exits_with_2(arguments, said):
    done = run(*arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_a_line_that_is_none_is_named_without_its_text(tmp_path):
    path = tmp_path / "bad.env"
    path.write_text("A=1\nhunter2secret\n")
    done = run("check", "--env-file", str(path))
    assert done.returncode == 2
    assert "line 2" in done.stderr
    assert "hunter2secret" not in done.stderr


@pytest.mark.parametrize("name", ["MP101", "mp101", "scheme", "SECRET_KEY", "MATHESAR_DATABASE_SALES_URL"])
def test_explain(name):
    done = run("explain", name)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_version():
    assert run("--version").stdout.startswith("provisioner ")


def in_terminal(environ):
    """Return what ``check`` writes to a terminal."""
    return at_terminal([sys.executable, "-m", "provisioner.cli", "check"], environ)[1]


def test_a_terminal_gets_colour_unless_it_declines():
    assert "\x1b[1;31mStops the start" in in_terminal(environments.five_faults())
    assert "\x1b[" not in in_terminal(environments.five_faults() | {"NO_COLOR": "1"})
    assert "\x1b[" not in in_terminal(environments.five_faults() | {"TERM": "dumb"})


def test_a_pipe_gets_none_even_where_the_encoding_is_poor():
    done = run("check", environ=environments.five_faults() | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "\x1b[" not in done.stdout
