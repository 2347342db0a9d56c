"""`mathesar config show` and `config example`: what is in force, where it came from, and no secret."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mathesar.cli import main
from provisioner.config_rows import rows
from provisioner.config_show import as_text
from provisioner.configuration import PRECEDENCE
from provisioner.variables import VARIABLES
from tests.platforms import environments
from tests.provisioner.config_files import configured, save

KEY = "pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi6oRt1WqNzMxVyBkEhC"
URL = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/sales"
ROOT = Path(__file__).parents[2]
TEXT = f"""\
database_url = "{URL}?sslmode=require"
secret_key = "{KEY}"
allowed_hosts = ["a.example.com"]
port = 8080
admin_username = "ada"
[databases]
Staff = "{URL}"
"""


def run(*arguments, environ=None):
    return subprocess.run(
        [sys.executable, "-m", "mathesar", *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(environ or {})},
    )  # fmt: skip


def shown(tmp_path, text="", environ=None, **options):
    configuration = configured(tmp_path, text, environ)
    found = rows(configuration, configuration.examine().plan, defaults={}, **options)
    return {row.name: row for row in found}


def test_each_value_with_its_source(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(KEY)
    environ = {
        "SECRET_KEY_FILE": str(secret),
        "MATHESAR_ALLOWED_HOSTS": "b.example.com",
        "MATHESAR_DATABASE_SALES_URL": URL,
    }
    found = shown(tmp_path, TEXT, environ, option="x.toml")
    facts = {row.name: (row.values, row.source, row.variable) for row in found.values() if row.source != "default"}
    masked = "postgresql://ann:***@db.example.com:5432/sales"
    assert facts == {
        "DATABASE_URL": ((f"{masked}?sslmode=require",), "file", "DATABASE_URL"),
        "MATHESAR_DATABASES": ((f"(Staff|{masked})",), "file", "MATHESAR_DATABASES"),
        "MATHESAR_DATABASE_SALES_URL": ((masked,), "environment", "MATHESAR_DATABASE_SALES_URL"),
        "SECRET_KEY": (("***",), "name_file", "SECRET_KEY_FILE"),
        "ALLOWED_HOSTS": (("b.example.com",), "environment", "MATHESAR_ALLOWED_HOSTS"),
        "PORT": (("8080",), "file", "PORT"),
        "MATHESAR_ADMIN_USERNAME": (("ada",), "file", "MATHESAR_ADMIN_USERNAME"),
        "MATHESAR_CONFIG": (("x.toml",), "option", "--config"),
    }
    assert found["PORT"].written[1:] == (4, "port")
    assert found["SECRET_KEY"].points_to == str(secret)
    assert found["ALLOWED_HOSTS"].hidden.line == 3
    assert set(found) >= {variable.name for variable in VARIABLES if "<" not in variable.name}


def test_what_a_platform_injects(tmp_path):
    found = shown(tmp_path, "port = 1", environments.render())
    facts = {name: (found[name].values, found[name].source, found[name].variable) for name in ("ALLOWED_HOSTS", "PORT")}
    assert facts == {
        "ALLOWED_HOSTS": ((environments.HOSTS["render"],), "platform", "RENDER_EXTERNAL_HOSTNAME"),
        "PORT": (("10000",), "environment", "PORT"),
    }
    heroku = shown(tmp_path, "", environments.heroku())
    assert heroku["HEROKU_POSTGRESQL_ROSE_URL"].source == "platform"
    assert "router" in heroku["ALLOWED_HOSTS"].values[0]
    assert heroku["WEB_CONCURRENCY"].values == ("2",)


LOST = ["postgresql://pw-Qk38dLmX@localhost/x", "mysql://u:pw-Qk38dLmX@h/d", "http://u:pw-Qk38dLmX@h", "u:pw-Qk38dLmX"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [(name, value) for name in ("DATABASE_URL", "MATHESAR_DATABASES", "SECRET_KEY_FALLBACKS") for value in LOST]
    + [("ALLOWED_HOSTS", value) for value in LOST[:3]],
)
def test_what_may_be_a_secret_is_not_shown(variable, value, tmp_path):
    row = shown(tmp_path, "", {variable: value})[variable]
    assert "Qk38dLmX" not in repr(row)


SLASHED = "postgresql://u:pa/Qk38dLmX@h/db"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MATHESAR_DATA_DIR", SLASHED),
        ("MATHESAR_DATA_DIR", "postgresql://u:pa/Qk38dLmX"),
        ("MATHESAR_DATA_DIR", "u:Qk38dLmX@h"),
        ("ALLOWED_HOSTS", "a.example.com,u:Qk38dLmX@host"),
        ("ALLOWED_HOSTS", "host=h password=Qk38dLmX"),
        ("CSRF_TRUSTED_ORIGINS", "https://u:Qk38dLmX@a.example.com"),
        ("MATHESAR_BIND", "host=h password=Qk38dLmX"),
        ("MATHESAR_BIND", "Qk38dLmX"),
        ("PORT", "Qk38dLmX"),
        ("DEBUG", "Qk38dLmX"),
        ("MATHESAR_ADMIN_USERNAME", "u:Qk38dLmX@h"),
        ("MATHESAR_ADMIN_USERNAME", "Qk38 dLmX$Qk38dLmX"),
    ],
)
def test_what_is_no_value_of_its_kind_is_not_shown(variable, value, tmp_path):
    key = variable.lower().removeprefix("mathesar_")
    for text, environ in (("", {variable: value}), (f"{key} = '{value}'", {})):
        row = shown(tmp_path, text, environ)[variable]
        assert row.values == ("***",)
        assert "Qk38dLmX" not in repr(row)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MATHESAR_DATA_DIR", "/srv/our data@home"),
        ("MATHESAR_DATA_DIR", "data"),
        ("ALLOWED_HOSTS", "*, .example.com, [::1], 10.0.0.1"),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example.com:8443,https://*.example.com"),
        ("MATHESAR_BIND", "[::]:8000"),
        ("PORT", "+80"),
        ("DEBUG", "Off"),
        ("MATHESAR_ADMIN_EMAIL", "ada+x@example.com"),
        ("MATHESAR_ON_KEY_MISMATCH", "refuse"),
    ],
)
def test_what_is_one_is_shown(variable, value, tmp_path):
    assert shown(tmp_path, "", {variable: value})[variable].values == (value,)


@pytest.mark.parametrize(
    ("value", "visible"),
    [
        (KEY, False),
        ("hunter2Qk38dLmX", False),
        (f"/{KEY}", False),
        ("/Qk38dLm+XQk=", False),
        (SLASHED, False),
        ("/h/u:Qk38dLmX@x", False),
        ("/run/secrets/key", True),
        ("./key", False),
    ],
)
def test_a_secret_in_place_of_its_path_is_not_shown(value, visible, tmp_path):
    row = shown(tmp_path, "", {"SECRET_KEY_FILE": value})["SECRET_KEY"]
    assert row.points_to == (value if visible else "***")
    assert (value in repr(row)) is visible


def test_a_path_that_is_there_is_shown(tmp_path):
    secret = tmp_path / ("a+" * 30)
    secret.write_text(KEY)
    assert shown(tmp_path, "", {"SECRET_KEY_FILE": str(secret)})["SECRET_KEY"].points_to == str(secret)


@pytest.mark.parametrize("value", [URL, SLASHED])
@pytest.mark.parametrize("option", [False, True])
def test_a_url_in_place_of_the_path_is_not_shown(value, option):
    arguments = ("--config", value) if option else ()
    done = run(*arguments, "config", "show", environ={} if option else {"MATHESAR_CONFIG": value})
    assert (done.returncode, done.stderr) == (1, "")
    assert "named by a URL" in " ".join(done.stdout.split())
    assert "Qk38dLmX" not in done.stdout


def test_an_empty_path_is_no_path(tmp_path):
    path = save(tmp_path, "port = 8080")
    done = run("--config", "", "config", "show", environ={"MATHESAR_CONFIG": path})
    assert (done.returncode, done.stderr) == (1, "")
    said = " ".join(done.stdout.split())
    assert "the path is empty" in said
    assert "MATHESAR_CONFIG (cannot be used) option --config" in said
    assert "8080" not in said


@pytest.mark.parametrize("width", [40, 80, 100])
def test_text_keeps_to_the_width_and_colour_is_only_paint(width, tmp_path):
    configuration = configured(tmp_path, TEXT + "b = 1\n")
    examination = configuration.examine()
    found = rows(configuration, examination.plan, defaults={})
    plain = as_text(found, configuration, examination, color=False, width=width)
    longest = max(max(map(len, plain.split())) + 6, width)
    heads = ("  ✗", "  !")
    assert [line for line in plain.splitlines() if len(line) > longest and not line.startswith(heads)] == []
    painted = as_text(found, configuration, examination, color=True, width=width)
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


def test_the_command(tmp_path):
    path = save(tmp_path, TEXT.replace("admin_username", "data_dir").replace('"ada"', f'"{tmp_path / "data"}"'))
    done = run("--config", path, "config", "show", environ={"PORT": "9090"})
    assert (done.returncode, done.stderr) == (0, "")
    assert f"environment; goes before {path}:4" in " ".join(done.stdout.split())
    assert "listens on  127.0.0.1:9090" in done.stdout
    assert not [secret for secret in (KEY, "Qk38dLmX") if secret in done.stdout]
    assert max(len(line) for line in done.stdout.splitlines() if path not in line) <= 80
    assert os.listdir(tmp_path) == ["mathesar.toml"]  # nothing was made


def test_the_command_with_faults_shows_them_and_the_rest(tmp_path):
    path = save(tmp_path, TEXT + "Other = 1\n")
    done = run("config", "show", "--json", environ={"MATHESAR_CONFIG": path, "PORT": "x"})
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr, document["config_file"]) == (1, "", path)
    found = {item["variable"]: (item["code"], item["file"], item["line"], item["key"]) for item in document["findings"]}
    assert found["PORT"] == ("MP308", None, None, None)
    assert found["MATHESAR_DATABASES"] == ("MP146", path, 8, "databases.Other")
    shown = {item["name"]: item for item in document["variables"]}
    assert (shown["SECRET_KEY"]["value"], shown["SECRET_KEY"]["line"]) == ("***", 2)
    assert shown["MATHESAR_DATABASES"]["value"] is None
    assert not [secret for secret in (KEY, "Qk38dLmX") if secret in done.stdout]


def test_help_has_the_table_of_precedence():
    said = CliRunner().invoke(main, ["config", "show", "--help"], terminal_width=80).output
    for rank, what, how in PRECEDENCE:
        assert re.search(rf"^ +{rank}  {re.escape(what)} +{re.escape(how)}$", said, re.MULTILINE)
    assert max(map(len, said.splitlines())) <= 80


def test_the_example_can_be_used_as_it_is(tmp_path):
    printed = CliRunner().invoke(main, ["config", "example"]).output
    assert configured(tmp_path, printed).examine().findings == ()


@pytest.mark.parametrize("command", ["start", "createsuperuser"])
def test_every_command_says_where_in_the_file(command, tmp_path):
    path = save(tmp_path, "# mine\nsecret_key = 'planted-short'\n")
    done = run("--config", path, command, environ={"RENDER": "true", "DATABASE_URL": "mysql://u:planted@db/x"})
    assert done.returncode == 1
    assert f"secret_key in {path}, line 2" in " ".join(done.stderr.split())
    assert "planted" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
