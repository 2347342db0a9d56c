"""A rehearsal with the built image in place of the installed package."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.images.container import WORKSHOP, podman

pytestmark = pytest.mark.prove
ROOT = Path(__file__).resolve().parents[2]
ENVIRON = {**os.environ, "CONTAINERS_CONF": str(WORKSHOP / "containers.conf"), "NO_COLOR": "1"}
SECONDS = 120


def command(image: str, *scenarios: str) -> list[str]:
    chosen = [part for name in scenarios for part in ("--scenario", name)]
    return [sys.executable, "-m", "provisioner.cli", "rehearse", "render", "--yes", "--image", image, *chosen]


def containers() -> set[str]:
    """Return the names of the containers of rehearsals, also of those that have ended."""
    names = podman("ps", "--all", "--format", "{{.Names}}").stdout.split()
    return {name for name in names if name.startswith("rehearsal-")}


def test_the_image_is_green(image: str) -> None:
    before = containers()
    run = [*command(image, "second-deploy", "wrong-variable", "out-of-memory"), "--quiet", "--json", "-"]
    done = subprocess.run(run, cwd=ROOT, env=ENVIRON, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert [(each["scenario"], each["ok"]) for each in report["rehearsals"]] == [
        ("second-deploy", True), ("wrong-variable", True), ("out-of-memory", True),
    ], done.stderr  # fmt: skip
    assert 0 < report["rehearsals"][0]["memory_mb"] <= 0.6 * 512
    assert any(f"in {image}," in step["detail"] for step in report["rehearsals"][0]["steps"])
    assert containers() <= before


def test_a_kill_leaves_no_container(image: str) -> None:
    before = containers()
    process = subprocess.Popen(
        command(image, "shutdown-under-load"), cwd=ROOT, env=ENVIRON, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + SECONDS
    while not (own := containers() - before) and time.monotonic() < end:
        time.sleep(0.05)
    assert own
    process.send_signal(signal.SIGKILL)
    process.wait()
    end = time.monotonic() + SECONDS
    while own & containers() and time.monotonic() < end:
        time.sleep(0.1)
    assert not own & containers()


def test_an_image_that_is_not_there_is_said(image: str) -> None:
    run = command("mathesar:never-built", "first-deploy")
    done = subprocess.run(run, cwd=ROOT, env=ENVIRON, capture_output=True, text=True)
    assert done.returncode == 2
    assert "no image mathesar:never-built" in done.stderr
