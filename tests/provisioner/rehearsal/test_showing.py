"""What a call writes: on any terminal, where it was told to, and again when a manifest changes."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioner.cli import main
from provisioner.rehearsal import address, naming, showing
from provisioner.rehearsal.loading import Unusable, subjects
from provisioner.rehearsal.showing import Showing

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_word_can_be_written_anywhere(encoding: str, monkeypatch: pytest.MonkeyPatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    shown = Showing([], [], {}, None, None, None, None, False)
    shown.say("✓ Ghent 雨 café \udcff")
    (line,) = written.getvalue().decode(encoding).splitlines()
    assert "Ghent" in line
    assert ("雨" in line) == (encoding == "utf-8")
    assert ("café" in line) == (encoding != "ascii")


def test_json_is_utf8_whatever_the_terminal_speaks(tmp_path: Path):
    """A manifest's own words stand in the report."""
    text = (ROOT / "tests/rehearsal/harbour/render.yaml").read_text()
    (tmp_path / "render.yaml").write_text(
        text.replace("name: harbour\n", "name: 雨é\n").replace("    healthCheckPath: /healthz\n", "")
    )
    command = [sys.executable, "-m", "provisioner.cli", "rehearse", "render", "--root", str(tmp_path), "--yes"]
    done = subprocess.run(
        [*command, "--scenario", "first-deploy", "--json", "-", "--image", "none"],
        cwd=ROOT, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1, done.stderr
    assert "雨é" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


@pytest.mark.parametrize("option", ["--json", "--html"])
@pytest.mark.parametrize(("name", "said"), [("", "it is a folder"), ("no/such/file", "there is no such folder")])
def test_a_report_that_cannot_be_written_is_told_before_anything_runs(
    tmp_path: Path, option: str, name: str, said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Showing, "once", lambda *_, **__: pytest.fail("it ran"))
    result = CliRunner().invoke(main, ["rehearse", "render", "--root", str(ROOT), option, str(tmp_path / name)])
    assert result.exit_code == 2
    assert option in result.output
    assert said in " ".join(result.output.replace("│", " ").split())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ones_own(tmp_path: Path):
    tmp_path.chmod(0o500)
    result = CliRunner().invoke(main, ["rehearse", "render", "--root", str(ROOT), "--json", str(tmp_path / "x")])
    tmp_path.chmod(0o700)
    assert result.exit_code == 2


def test_a_manifest_that_is_half_written_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    file = tmp_path / "render.yaml"
    whole = (ROOT / "tests/rehearsal/harbour/render.yaml").read_text()
    file.write_text(whole)
    shown = Showing(subjects(("render",), tmp_path, None), [], {}, None, tmp_path, None, None, True)
    seen: list[str] = []

    def once(**_: object) -> int:
        shown.found[0].documents()
        seen.append(file.read_text())
        return 0

    changes = iter([lambda: file.write_bytes(b"services:\xc3"), lambda: file.write_text(whole + "# more\n")])

    def changed(*_: object) -> None:
        change = next(changes, None)
        if change is None:
            raise KeyboardInterrupt
        change()

    monkeypatch.setattr(shown, "once", once)
    monkeypatch.setattr(showing, "until_changed", changed)
    assert shown.watch() == 0
    assert seen == [whole, whole + "# more\n"]
    assert "is not UTF-8 text." in capsys.readouterr().out
    file.write_bytes(b"\xc3")
    with pytest.raises(Unusable):
        shown.watch()


def test_a_port_is_given_away_once(monkeypatch: pytest.MonkeyPatch):
    drawn = iter([21001, 21001, 21001, 21002, 21003, 21004])
    monkeypatch.setattr(address, "_given", set())
    monkeypatch.setattr(random, "randint", lambda *_: next(drawn))
    assert address.free_port() != address.free_port()


def test_names_that_instances_see_are_not_written_again(tmp_path: Path):
    one = naming.with_names(tmp_path, {"db": "192.0.2.7"}, ["true"], None)
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert naming.with_names(tmp_path, {"db": "192.0.2.7"}, ["true"], None) == one
    assert naming.with_names(tmp_path, {"db": "192.0.2.8"}, ["true"], None) != one
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in before} == before
    assert len(list(tmp_path.iterdir())) == 2
