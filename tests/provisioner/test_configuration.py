"""The environment goes before the file, for each variable by itself; which file it is; who may read it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from provisioner.configuration import PRECEDENCE, configure
from tests.platforms import environments
from tests.provisioner.config_files import configured, save

URL = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/sales"
OTHER = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/staff"
KEY = "pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi6oRt1WqNzMxVyBkEhC"
NOBODY = 65534
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "environ", "expected"),
    [
        ("port = 1", {"PORT": "2"}, {"PORT": "2"}),
        ("port = 1", {"PORT": " "}, {"PORT": "1"}),
        ("port = 1", {}, {"PORT": "1"}),
        ("secret_key = 'a'", {"SECRET_KEY_FILE": "/k"}, {"SECRET_KEY_FILE": "/k"}),
        ("secret_key_file = '/k'", {"SECRET_KEY": "a"}, {"SECRET_KEY": "a"}),
        ("allowed_hosts = 'a'", {"MATHESAR_ALLOWED_HOSTS": "b"}, {"MATHESAR_ALLOWED_HOSTS": "b"}),
        ("allowed_hosts = 'a'", {"MATHESAR_ALLOWED_HOSTS_FILE": "/b"}, {"MATHESAR_ALLOWED_HOSTS_FILE": "/b"}),
        ("MATHESAR_ALLOWED_HOSTS = 'a'", {"ALLOWED_HOSTS": "b"}, {"ALLOWED_HOSTS": "b"}),
        ("mathesar_database_a_url = 'a'", {"MATHESAR_DATABASE_A_URL": "b"}, {"MATHESAR_DATABASE_A_URL": "b"}),
        (
            f"[databases]\na='{URL}'",
            {"DATABASE_URL": OTHER},
            {"DATABASE_URL": OTHER, "MATHESAR_DATABASES": f"(a|{URL})"},
        ),
        (f"[databases]\na='{URL}'", {"MATHESAR_DATABASES": "x"}, {"MATHESAR_DATABASES": "x"}),
        ("debug = 1\n", {"DEBUG": "false"}, {"DEBUG": "false"}),  # a fault of what is not in force is none
    ],
)
def test_the_environment_goes_first(text, environ, expected, tmp_path):
    configuration = configured(tmp_path, text, environ)
    assert configuration.environ == expected
    assert configuration.findings == ()


def test_nothing_of_the_given_environment_is_changed(tmp_path):
    environ = {"PORT": "", "HOME": "/h"}
    configured(tmp_path, f"port = 1\nsecret_key = '{KEY}'", environ)
    assert environ == {"PORT": "", "HOME": "/h"}


def test_a_key_that_is_a_foreign_variable_is_unknown_all_the_same(tmp_path):
    [found] = configured(tmp_path, "HOME = '/h'", {"HOME": "/h"}).findings
    assert found.kind == "config-unknown-key"


def test_a_file_behind_a_platform(tmp_path):
    environ = environments.render()
    key = environ.pop("SECRET_KEY")
    plan = configured(tmp_path, f"secret_key = '{key}'\nport = 1", environ).plan()
    assert plan == configured(tmp_path, "", environments.render()).plan()
    assert plan.port == 10000


def test_a_key_and_its_file_form_in_one_file_conflict_as_variables_do(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(KEY)
    found = configured(tmp_path, f"secret_key = '{KEY}x'\nsecret_key_file = '{secret}'").examine().findings
    assert [item.kind for item in found] == ["file-conflict"]


def test_which_file(tmp_path):
    for name in ("named", "variable", "implicit"):
        (tmp_path / name).mkdir()
    named, variable, implicit = (save(tmp_path / name, "port = 1") for name in ("named", "variable", "implicit"))
    environ = {"MATHESAR_CONFIG": f" {variable}\n"}
    assert configure(environ, named=named, implicit=implicit).path == named
    assert configure(environ, implicit=implicit).path == variable
    assert configure({"MATHESAR_CONFIG": " "}, implicit=implicit).path == implicit
    absent = configure({}, implicit=str(tmp_path / "absent" / "mathesar.toml"))
    assert (absent.path, absent.findings) == (None, ())
    assert configure({}, implicit=implicit + "/below-a-file").path is None
    none = configure({}, named="/dev/null", implicit=implicit)
    assert (none.environ, none.findings) == ({}, ())


@pytest.mark.parametrize(
    ("environ", "named", "expected"),
    [
        ({}, "nowhere.toml", ("config-missing", "nowhere.toml")),
        ({"MATHESAR_CONFIG": "nowhere.toml"}, None, ("config-missing", "nowhere.toml")),
        ({"MATHESAR_CONFIG": "${CONFIG}"}, None, ("unresolved-reference", "MATHESAR_CONFIG")),
        ({"MATHESAR_CONFIG_FILE": "nowhere.toml"}, None, ("near-miss", "MATHESAR_CONFIG_FILE")),
        ({}, "/", ("config-unreadable", "/")),
        ({}, "a\0b", ("config-unreadable", "a\0b")),
        ({"MATHESAR_CONFIG": "nowhere.toml"}, "", ("config-unreadable", "--config")),
        ({}, " ", ("config-unreadable", "--config")),
        ({}, "u:sEcReT@h/db", ("config-missing", "MATHESAR_CONFIG")),
        ({"MATHESAR_CONFIG": "host=h password=sEcReT"}, None, ("config-missing", "MATHESAR_CONFIG")),
    ],
)
def test_a_named_file_has_to_be_there(environ, named, expected, tmp_path):
    configuration = configure(environ, named=named, implicit=save(tmp_path, "port = 1"))
    result = configuration.examine()
    assert [(item.kind, item.variable) for item in result.stopping] == [expected]
    assert result.plan is None
    assert "sEcReT" not in repr(result)


def test_a_misspelt_name_of_the_file_is_no_reason_to_embed_a_database():
    result = configure({"MATHESAR_CONFG": "/etc/x.toml"}, implicit=None).examine()
    assert [(item.kind, item.variable) for item in result.stopping] == [("near-miss", "MATHESAR_CONFG")]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    [found] = configure({}, named=str(tmp_path / "pipe")).findings
    assert found.kind == "config-unreadable"


def test_too_large(tmp_path):
    [found] = configured(tmp_path, "#" * 1_000_001).findings
    assert "1 MB" in found.message


@pytest.mark.parametrize("where", ["file", "folder"])
def test_a_file_that_may_not_be_read_is_refused_also_where_nobody_named_it(where):
    """As root it is read by another user; as anybody else its own rights are taken away."""
    user = os.geteuid()
    folder = Path(tempfile.mkdtemp(prefix="cfg"))
    path = save(folder, "port = 1", mode=0o600 if user == 0 else 0)
    folder.chmod(0o755 if where == "file" else 0o700 if user == 0 else 0)
    configure({}, named=path)  # whatever is imported late is imported now, while it can be
    os.seteuid(NOBODY if user == 0 else user)
    try:
        found = configure({}, implicit=path).findings
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
        shutil.rmtree(folder)
    assert [item.kind for item in found] == ["config-unreadable"]


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        (0o640, f"secret_key = '{KEY}'", []),
        (0o600, f"secret_key = '{KEY}'", []),
        (0o644, f"secret_key = '{KEY}'", ["config-readable-by-others"]),
        (0o644, f"[databases]\na = '{URL}'", ["config-readable-by-others"]),
        (0o644, "secret_key_file = '/k'\nport = 1", []),
        (0o644, "secret_key = ''", []),
        (0o644, f"secret_kye = '{KEY}'", ["config-unknown-key", "config-readable-by-others"]),
        (0o640, f"secret_kye = '{KEY}'", ["config-unknown-key"]),
        (0o644, f"secret_key = ['{KEY}']", ["config-type", "config-readable-by-others"]),
        (0o644, f"[databases]\na = '{URL}'\nb = 5", ["config-type", "config-readable-by-others"]),
        (0o644, f"[databases]\n'a,b' = '{URL}'", ["config-database-name", "config-readable-by-others"]),
        (0o644, "prt = 1", ["config-unknown-key"]),
        (0o644, "port = ", ["config-syntax"]),
        (0o602, "port = 1", ["config-writable-by-others"]),
    ],
)
def test_who_may_read_it(mode, text, expected, tmp_path):
    found = configure({}, named=save(tmp_path, text, mode=mode)).findings
    assert [item.kind for item in found] == expected
    assert {item.severity for item in found if item.code in ("MP152", "MP153")} <= {"warning"}


def check(*arguments, environ=None, command="check"):
    return subprocess.run(
        [sys.executable, "-m", "provisioner.cli", command, *arguments], cwd=ROOT, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], **(environ or {})}, check=False,
    )  # fmt: skip


def test_check_reads_the_file_it_is_given(tmp_path):
    path = save(tmp_path, f"database_url = '{URL}'\nport = 'x'")
    refused = check("--config", path)
    assert refused.returncode == 1
    assert f"port in {path}, line 2" in " ".join(refused.stdout.split())
    accepted = check("--config", path, environ={"PORT": "80"})
    assert accepted.returncode == 0
    assert "db.example.com:5432/sales (from DATABASE_URL)" in accepted.stdout


def test_check_reads_an_env_file_with_a_configuration_file_behind_it(tmp_path):
    (tmp_path / "a.env").write_text("# ours\nPORT=x\n")
    path = save(tmp_path, "port = 1\ndebug = 'x'")
    done = check("--env-file", str(tmp_path / "a.env"), "--config", path, "--format", "github")
    assert done.returncode == 1
    assert f"file={tmp_path / 'a.env'},line=2,title=MP308 PORT" in done.stdout
    assert f"file={path},line=2,title=MP310 DEBUG" in done.stdout


def test_doctor_reads_the_file_it_is_given(tmp_path):
    path = save(tmp_path, "# mine\nport = 'x'")
    done = check("--config", path, command="doctor")
    assert done.returncode == 1
    assert f"port in {path}, line 2" in " ".join(done.stdout.split())


def test_the_table_of_precedence_is_the_documented_one():
    page = (ROOT / "provisioner" / "configuration.md").read_text()
    for rank, what, how in PRECEDENCE:
        assert f"| {rank} | {what} | {how} |" in page
