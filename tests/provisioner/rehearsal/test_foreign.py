"""Somebody else's Django project, rehearsed with nothing but its own manifest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from platforms.heroku import runtime as heroku
from platforms.render import runtime as render
from provisioner.cli import main
from provisioner.lint.document import Document, read
from provisioner.rehearsal.run import Outcome, rehearse
from provisioner.rehearsal.scenarios import SCENARIOS
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.visitor import Visitor
from provisioner.rehearsal.wanted import Wanted
from provisioner.rehearsal.witness import RowWitness
from tests.rehearsal.planted import HERE

HARBOUR = HERE / "harbour"
RUNTIMES: dict[str, Any] = {"render": render, "heroku": heroku}
QUICK = {("render", "shutdown-under-load"), ("heroku", "second-deploy")}
MATHESARS = {"attach-second-database", "detach-database"}
UNFIT = {"render": MATHESARS | {"custom-domain"}, "heroku": MATHESARS}


def documents(platform: str) -> dict[str, Document]:
    return {name: read(name, (HARBOUR / name).read_text()) for name in RUNTIMES[platform].MANIFESTS}


def wanted(platform: str) -> Wanted:
    found: Wanted = RUNTIMES[platform].read(documents(platform))
    return found


class BoatWitness(RowWitness):
    """Sees the project's own rows on its page, as people do."""

    def page(self, session: Session) -> str:
        page = Visitor(session.host, session.edge.port, session.edge_certificate).visit("/")
        if page.status != 200 or page.body.count("<li>") != 2 or "Grey Heron" not in page.body:
            raise RuntimeError(f"the page of boats answers {page.status} without its boats")
        return "the boats are there"


def play(platform: str, scenario: str, source: Path = HARBOUR) -> Outcome:
    return rehearse(
        RUNTIMES[platform], documents(platform), SCENARIOS[scenario], witness=BoatWitness(), source=source
    )  # fmt: skip


@pytest.mark.parametrize("platform", RUNTIMES)
def test_what_is_not_for_this_app_is_said(platform: str):
    said = {name: scenario.unfit(wanted(platform)) for name, scenario in SCENARIOS.items()}
    assert {name for name, words in said.items() if words} == UNFIT[platform]
    assert said["attach-second-database"] == "not for this app: its manifest does not name MATHESAR_DATABASES"


def test_an_app_without_a_database_has_no_address_to_mistype():
    bare = Wanted("bare", {})
    assert SCENARIOS["wrong-variable"].unfit(bare).startswith("not for this app: ")
    assert SCENARIOS["key-changed"].unfit(bare).endswith("does not name SECRET_KEY")
    assert SCENARIOS["first-deploy"].unfit(bare) == ""


@pytest.mark.parametrize(
    ("platform", "scenario"),
    [
        pytest.param(platform, name, marks=[] if (platform, name) in QUICK else [pytest.mark.prove])
        for platform in RUNTIMES
        for name in SCENARIOS
        if name not in UNFIT[platform]
    ],
)
def test_a_foreign_project_is_green(platform: str, scenario: str):
    outcome = play(platform, scenario)
    wrong = [(step.name, step.detail, step.log) for step in outcome.steps if step.verdict not in ("passed", "expected")]
    assert wrong == []
    assert outcome.passed


@pytest.mark.parametrize("platform", RUNTIMES)
def test_it_is_rehearsed_by_its_manifest_alone(platform: str, tmp_path: Path):
    report = tmp_path / "report.json"
    manifest = HARBOUR / RUNTIMES[platform].MANIFESTS[0]
    arguments = ["rehearse", platform, "--manifest", str(manifest), "--scenario", "first-deploy", "--yes"]
    result = CliRunner().invoke(main, [*arguments, "--json", str(report)])
    assert result.exit_code == 0, result.output
    (rehearsal,) = json.loads(report.read_text())["rehearsals"]
    (seen,) = [step["detail"] for step in rehearsal["steps"] if step["name"] == "first sign-in"]
    assert seen == "a row planted; the first page answers 200"


def test_its_own_virtual_environment_comes_first(tmp_path: Path):
    source = tmp_path / "app"
    shutil.copytree(HARBOUR, source)
    python = source / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho error: its own Python was asked\nexit 3\n")
    python.chmod(0o755)
    outcome = play("render", "first-deploy", source)
    assert outcome.steps[-1].name == "release step"
    assert outcome.steps[-1].log == ["error: its own Python was asked"]
