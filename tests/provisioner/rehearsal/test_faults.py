"""What a rehearsal is for: each planted fault turns it red with the right finding, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from platforms.heroku import runtime as heroku
from provisioner.lint.document import read
from provisioner.rehearsal.run import rehearse as rehearse_one
from provisioner.rehearsal.scenarios import SCENARIOS
from provisioner.rehearsal.witness import RowWitness
from tests.rehearsal.closed_python import reachable_python  # noqa: F401 - a fixture
from tests.rehearsal.planted import BUTTON, FAULTS, HEALTH, HERE, Fault, rehearse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    return tmp_path / "app"


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_red_with_its_finding(fault: Fault, folder: Path):
    status, rehearsal = rehearse(fault, fault.lay_out(folder))
    assert (status, rehearsal["ok"]) == (1, False)
    *before, last = rehearsal["steps"]
    assert (last["name"], last["verdict"]) == (fault.step, "failed"), last
    assert [item["code"] for item in last["findings"]] == [fault.code]
    assert all(step["verdict"] == "passed" and not step["findings"] for step in before)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_without_the_fault_it_is_green(fault: Fault, folder: Path):
    status, rehearsal = rehearse(fault, fault.lay_out(folder, sound=True))
    wrong = [step for step in rehearsal["steps"] if step["verdict"] != "passed"]
    assert wrong == []
    assert (status, rehearsal["ok"]) == (0, True)


def test_every_fault_in_the_folder_is_planted():
    slow = {"slow-boot", "ssl-no-verify-answered"}
    assert {fault.name for fault in FAULTS} | slow == {path.name for path in (HERE / "faults").iterdir()}
