"""Whose app it is: Mathesar is run for Mathesar's own manifest, and for nobody else's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioner.cli import main
from provisioner.rehearsal.container import Image
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.loading import is_mathesar, subjects
from provisioner.rehearsal.release import NO_COMMAND, Release
from provisioner.rehearsal.run import rehearse
from provisioner.rehearsal.scenarios import SCENARIOS
from provisioner.rehearsal.server import Server
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.showing import Showing
from provisioner.rehearsal.timeline import Timeline
from provisioner.rehearsal.witness import RowWitness
from tests.provisioner.rehearsal import tiny
from tests.rehearsal.planted import HERE

ROOT = Path(__file__).parents[3]
IN_ITS_IMAGE = """
services:
  - type: web
    name: mysite
    runtime: docker
    plan: starter
    healthCheckPath: /healthz
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Somebody's repository, whose Dockerfile has the command."""
    (tmp_path / "render.yaml").write_text(IN_ITS_IMAGE)
    (tmp_path / "Dockerfile").write_text('FROM python:3.13-slim\nCMD ["gunicorn", "mysite.wsgi"]\n')
    return tmp_path


def test_mathesars_own_folder_and_a_fork_of_it(folder: Path):
    assert is_mathesar(ROOT)
    assert not is_mathesar(folder)
    (folder / "mathesar").mkdir()
    assert not is_mathesar(folder)
    (folder / "mathesar" / "__init__.py").touch()
    assert is_mathesar(folder)


@pytest.mark.parametrize("named", [False, True], ids=["root", "here"])
def test_a_command_that_only_the_image_knows_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch, named: bool):
    monkeypatch.chdir(folder if named else ROOT)
    where = [] if named else ["--root", str(folder)]
    result = CliRunner().invoke(main, ["rehearse", "render", "--scenario", "first-deploy", "--yes", *where])
    assert result.exit_code == 2, result.output
    assert NO_COMMAND in " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.output).split())
    assert "Green" not in result.output


def test_mathesar_is_never_the_app_of_a_foreign_folder(folder: Path, server: Server):
    (subject,) = subjects(("render",), folder, None)
    outcome = rehearse(
        subject.runtime, subject.documents(), SCENARIOS["first-deploy"], witness=RowWitness(), source=folder
    )
    assert [(step.name, step.detail) for step in outcome.steps if step.verdict == "failed"] == [("start", NO_COMMAND)]


def test_a_foreign_folder_has_its_own_command_without_any_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(HERE / "harbour", tmp_path / "harbour")
    seen = []
    monkeypatch.setattr(Showing, "once", lambda showing, **_: seen.append(showing.source) or 0)
    for root in (tmp_path / "harbour", ROOT):
        assert CliRunner().invoke(main, ["rehearse", "render", "--root", str(root), "--yes"]).exit_code == 0
    assert seen == [tmp_path / "harbour", None]


def test_an_image_that_is_named_runs_for_a_foreign_folder(folder: Path, monkeypatch: pytest.MonkeyPatch):
    image = Image("podman", "localhost/mysite")
    monkeypatch.setattr("provisioner.rehearsal.showing.runnable", lambda _: (image, ""))
    (subject,) = subjects(("render",), folder, None)
    chosen = {
        name: Showing([subject], [], {}, None, folder, None, None, True, name).image()
        for name in ("built", "none", "x")
    }
    assert chosen == {"built": None, "none": None, "x": image}


def test_the_command_is_left_to_the_image(folder: Path):
    image = Image("podman", "localhost/mysite")
    with Keeper() as keeper:
        session = Session(tiny.wanted(command=None), tiny.HABITS, keeper, Timeline(), source=folder, image=image)
        assert Release(session, session.wanted, "r1").command() == ()
