"""The command as a person or a script runs it."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.provisioner.importing import importing
from tests.terminal import at_terminal

OLD = (importing.FIXTURES / "02-compose-0.1.env").read_text()
BROKEN = importing.FIXTURES / "19-broken.env"
COMPOSE = importing.FIXTURES / "22-compose-own-services"


URL = "postgresql://u:sEcReT@h/db"


def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "provisioner.cli", "import", *arguments],
        env={"PATH": os.environ["PATH"]},
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.env"
    path.write_text(OLD)
    return path


def test_the_report_fits_80_columns_and_shows_no_value(old: Path) -> None:
    done = run(str(old))
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []
    assert "✓ Would start." in done.stdout
    assert "PW" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_terminal_gets_colours_and_the_same_words(old: Path) -> None:
    status, said = at_terminal([sys.executable, "-m", "provisioner.cli", "import", str(old)], {"COLUMNS": "80"})
    assert status == 0
    assert "\x1b[1" in said
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r\n", "\n")
    assert plain == run(str(old)).stdout


def test_out_is_ones_own_and_never_overwritten(old: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.env"
    done = run(str(old), "--out", str(out))
    assert done.returncode == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    written = out.read_text()
    assert importing.reread(written) == importing.values(importing.convert_text(OLD))
    again = run(str(old), "--out", str(out))
    assert again.returncode == 2
    assert "--force" in again.stderr
    out.chmod(0o644)
    out.write_text("mine")
    assert run(str(old), "--out", str(out), "--force").returncode == 0
    assert out.read_text() == written
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.env", "old.env"]


def test_out_to_standard_output_keeps_the_report_apart(old: Path) -> None:
    done = run("-", "--out", "-", text=OLD)
    assert importing.reread(done.stdout) == importing.values(importing.convert_text(OLD))
    assert "What became of each old variable" in done.stderr
    assert "PW" not in done.stderr


def test_json(old: Path, tmp_path: Path) -> None:
    done = run(str(old), "--platform", "heroku", "--format", "json", "--out", str(tmp_path / "new.json"))
    document = json.loads(done.stdout)
    assert (document["ok"], document["target"], document["check"]["starts"]) == (True, "heroku", True)
    assert {each["name"] for each in document["old"]} == {each.name for each in importing.convert_text(OLD).outcomes}
    written = json.loads((tmp_path / "new.json").read_text())
    assert written["variables"] == importing.values(importing.convert_text(OLD, "heroku"))
    assert "PW" not in done.stdout


def test_errors_exit_with_1_and_are_written_all_the_same(tmp_path: Path) -> None:
    done = run(str(BROKEN), "--out", str(tmp_path / "new.env"))
    assert done.returncode == 1
    assert "errors about the old configuration" in done.stdout
    assert "br0kenPW" in (tmp_path / "new.env").read_text()
    assert "br0kenPW" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.env"], "No such file"),
        ([str(BROKEN), "--platform", "nowhere"], "no platform 'nowhere'"),
        ([str(BROKEN), "--out", str(BROKEN), "--force"], "the old file itself"),
        ([str(COMPOSE / "compose.yaml"), "--out", str(COMPOSE / "compose.yaml"), "--force"], "the old file itself"),
        ([str(BROKEN), "--out", "/nowhere/at/all.env"], "No such file or directory"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[URL], [str(BROKEN), "--out", URL], [str(BROKEN), "--out", URL, "--force"]])
def test_a_url_in_place_of_a_path_is_not_repeated(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "it is a URL, not a path" in done.stderr
    assert "sEcReT" not in done.stdout + done.stderr


def test_no_file_that_was_read_is_written_over(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": "services: {web: {env_file: app.env, extends: {file: base.yml, service: b}}}\n",
        "docker-compose.override.yml": "services: {web: {environment: {DEBUG: 'false'}}}\n",
        "base.yml": "services: {b: {environment: {TZ: UTC}}}\n",
        "app.env": "A=1\n",
        ".env": "B=2\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    for name, text in files.items():
        done = run(str(tmp_path), "--out", str(tmp_path / name), "--force")
        assert (done.returncode, "the old file itself" in done.stderr) == (2, True)
        assert (tmp_path / name).read_text() == text
    assert run(str(tmp_path), "--out", str(tmp_path / "new.env")).returncode == 0


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.env").write_text("# nothing\n")
    done = run(str(tmp_path / "empty.env"))
    assert done.returncode == 1
    assert "MP186" in done.stdout


def test_the_env_beside_a_compose_file_is_an_old_file_too(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {environment: {DEBUG: ${D}}}}\n")
    (tmp_path / ".env").write_text("D=false\n")
    for path in (tmp_path, tmp_path / "compose.yaml"):
        assert run(str(path), "--out", str(tmp_path / ".env"), "--force").returncode == 2
    assert (tmp_path / ".env").read_text() == "D=false\n"
    (tmp_path / ".env").unlink()
    (tmp_path / "old.env").write_text("DEBUG=false\n")
    assert run(str(tmp_path / "old.env"), "--out", str(tmp_path / ".env")).returncode == 0
