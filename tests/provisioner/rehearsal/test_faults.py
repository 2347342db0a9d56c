"""What a rehearsal is for: each planted fault turns it red with the right finding, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from platforms.heroku import runtime as heroku
from provisioner.rehearsal import release
from tests.rehearsal.planted import FAULTS, HEALTH, HERE, SLOW, Fault, rehearse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    return tmp_path / "app"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch):
    """Take a wrong answer for settled after a second: nothing here gets better by waiting."""
    monkeypatch.setattr(release, "SETTLED_SECONDS", 1.0)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_red_with_its_finding(fault: Fault, folder: Path):
    status, rehearsal = rehearse(fault, fault.lay_out(folder))
    assert (status, rehearsal["ok"]) == (1, False)
    *before, last = rehearsal["steps"]
    assert (last["name"], last["verdict"]) == (fault.step, "failed"), last
    assert [item["code"] for item in last["findings"]] == [fault.code]
    assert all(step["verdict"] == "passed" and not step["findings"] for step in before)


@pytest.mark.prove
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_without_the_fault_it_is_green(fault: Fault, folder: Path):
    status, rehearsal = rehearse(fault, fault.lay_out(folder, sound=True), sound=True)
    wrong = [step for step in rehearsal["steps"] if step["verdict"] != "passed"]
    assert wrong == []
    assert (status, rehearsal["ok"]) == (0, True)


def test_a_boot_past_the_deadline_is_red(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(heroku, "HABITS", replace(heroku.HABITS, boot_seconds=3))
    status, rehearsal = rehearse(SLOW, SLOW.lay_out(folder))
    *before, last = rehearsal["steps"]
    assert (status, last["name"], last["verdict"]) == (1, HEALTH, "failed")
    assert [(item["code"], "within the platform's 3 s" in item["message"]) for item in last["findings"]] == [
        (SLOW.code, True)
    ]
    assert all(step["verdict"] == "passed" for step in before)


def test_a_boot_within_the_deadline_is_green(folder: Path):
    status, rehearsal = rehearse(SLOW, SLOW.lay_out(folder, sound=True), sound=True)
    assert (status, rehearsal["ok"]) == (0, True)


def test_every_fault_in_the_folder_is_planted():
    assert {fault.name for fault in (*FAULTS, SLOW)} == {path.name for path in (HERE / "faults").iterdir()}
