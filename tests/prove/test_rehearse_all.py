"""Every button of this repository, pressed: four platforms, every scenario, through the command itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST_CLASS = {"render", "railway", "digitalocean", "heroku"}
SMALLEST_PLAN_MB, SHARE = 512, 0.6
SECONDS = 5400  # far over what it takes; a hang ends

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def report() -> dict:
    """Rehearse everything once."""
    command = [sys.executable, "-m", "provisioner.cli", "rehearse", "all", "--yes", "--quiet", "--json", "-"]
    command += ["--image", "none"]  # whether one was built here before or not; what it does: tests/images
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, env={**os.environ, "NO_COLOR": "1"}
    )
    assert done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_every_scenario_is_green_on_every_first_class_platform(report):
    red = {
        (each["platform"], each["scenario"]): [step for step in each["steps"] if step["verdict"] == "failed"]
        for each in report["rehearsals"]
        if not each["ok"]
    }
    assert red == {}
    from provisioner.rehearsal.scenarios import SCENARIOS

    played = {(each["platform"], each["scenario"]) for each in report["rehearsals"]}
    assert played >= {(platform, name) for platform in FIRST_CLASS for name in SCENARIOS}


def test_a_first_deploy_leaves_room_on_the_smallest_plan(report):
    used = {each["platform"]: each["memory_mb"] for each in report["rehearsals"] if each["scenario"] == "first-deploy"}
    assert set(used) >= FIRST_CLASS
    for platform, memory_mb in used.items():
        assert 0 < memory_mb <= SHARE * SMALLEST_PLAN_MB, platform


def test_two_releases_together_leave_connections_over(report):
    """`connection_limit` is what PostgreSQL gives after the three that it keeps for superusers."""
    overlapping = [
        each for each in report["rehearsals"] if each["scenario"] in ("second-deploy", "shutdown-under-load")
    ]
    for each in overlapping:
        assert 0 < each["connections"] <= each["connection_limit"], each["platform"]
    assert min(each["connection_limit"] for each in overlapping) <= 20 - 3
