"""The workflows: pinned actions, few rights, and steps that do what they say when a shell runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GOOD = {
    "DATABASE_URL": "postgresql://mathesar:Zq3vT8mXw2LkRb7n@dpg-d1abcdefghij0klmno-a/mathesar_x1ab",
    "SECRET_KEY": "B0jrA9nq2m0w3m6nVw9mC8h0uQh1zYk3sX7dP5tR4KE=",
    "MATHESAR_DATABASES": "",
}


def steps(file: Path) -> dict[str, Any]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {step["name"]: step for job in document["jobs"].values() for step in job["steps"] if "name" in step}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_actions_are_pinned_and_rights_are_few(file: Path):
    text = file.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+(\.\d+)+", comment), action
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    # What a person can name is never pasted into a shell.
    assert not re.search(r"run:.*\$\{\{", text)


def test_a_release_runs_the_steps_of_the_dry_run_and_few_others():
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    runs = [step["run"] for job in release["jobs"].values() for step in job["steps"] if "run" in step]
    listed = [line.split(maxsplit=1)[1] for line in (ROOT / "packaging/release/steps").read_text().splitlines()]
    assert [step for step in listed if not any(run.startswith(step) for run in runs)] == []
    # The rest: tools from the distribution, the tests, and what only a release does.
    others = [run for run in runs if not run.startswith(tuple(listed))]
    allowed = r"(sudo )?apt-get update .*|git config .*|\.ci/run|make \.venv/\.run|echo \"\$TOKEN\" \| docker login .*"
    assert [run for run in others if not re.fullmatch(allowed, run)] == [
        "sh packaging/release/images.sh base",
        'sh packaging/release/images.sh push "$PUBLISHED"',
        "sh packaging/release/publish.sh",
    ]
    for script in {word for run in runs for word in run.split() if word.startswith("packaging/")}:
        assert (ROOT / script).is_file(), script


def test_the_images_of_a_release_are_built_on_one_base():
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
    (step,) = [step for step in jobs["version"]["steps"] if step.get("run", "").endswith("images.sh base")]
    assert jobs["version"]["outputs"] == {"base": f"${{{{ steps.{step['id']}.outputs.base }}}}"}
    assert jobs["images"]["needs"] == "version"
    assert jobs["images"]["env"] == {"BASE_DIGEST": "${{ needs.version.outputs.base }}"}


def test_the_debian_package_of_a_release_is_built_where_it_is_tested():
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["deb"]["container"] == jobs["test"]["container"]["image"]
    runs = [step["run"] for step in jobs["deb"]["steps"] if "run" in step]
    assert {"git", "make", "python3-venv", "debhelper", "dpkg-dev"} <= set(runs[0].split())
    # Without it git would not say of which time the commit is
    assert [run for run in runs if "safe.directory" in run] == [
        run for run in (step.get("run", "") for step in jobs["test"]["steps"]) if "safe.directory" in run
    ]


def test_a_release_publishes_from_a_tag_alone_with_as_few_rights_as_do():
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    jobs = release["jobs"]
    assert release[True]["push"] == {"tags": ["v*"]}  # YAML 1.1 reads the key `on` so
    assert release["concurrency"]["cancel-in-progress"] is False
    rights = {name: job["permissions"] for name, job in jobs.items() if "permissions" in job}
    attest = {"id-token": "write", "attestations": "write"}
    assert rights == {
        "push": {"contents": "read", "packages": "write", **attest},
        "index": {"id-token": "write"},
        "release": {"contents": "write", **attest},
    }
    for name, job in jobs.items():
        assert job["timeout-minutes"] <= 120, name
        secret = [step for step in job["steps"] if re.search(r"secrets\.|github\.token", str(step))]
        assert all("run" in step for step in secret), name
        if name in rights or secret:
            assert job["environment"] == "release", name
            # Nothing is built beside a secret or a right to write, and no dependency is installed.
            assert not [step for step in job["steps"] if re.search(r"\bmake|\bpip|\.ci/run", step.get("run", ""))], name
        if name in {"apt", "push"}:
            assert job["if"] == "github.event_name == 'push'"
    # Whatever is published waits for the tests, and for all that is built.
    assert set(jobs["push"]["needs"]) == {"test", "packages", "images", "apt"}
    assert jobs["apt"]["needs"] == "deb"
    assert "sh packaging/release/apt.sh --signed" in [step.get("run") for step in jobs["apt"]["steps"]]
    assert "push" in jobs["index"]["needs"]
    assert set(jobs["release"]["needs"]) == {"push", "manifests", "index"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files under version control, and the programs where the workflow puts them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "mathesar/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/provisioner").write_text(f'#!/bin/sh\nexec {sys.executable} -m provisioner.cli "$@"\n')
    (tmp_path / ".venv/bin/provisioner").chmod(0o755)
    return tmp_path


def run(clone: Path, name: str, **environ: str) -> subprocess.CompletedProcess[str]:
    script = steps(ROOT / ".github/workflows/provisioner.yml")[name]["run"]
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PLATFORM": "render"}
    base["REPOSITORY"] = "https://github.com/example/fork"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=clone, env=base | environ, capture_output=True, text=True, check=False)


def test_a_clean_clone_passes(clone: Path):
    done = run(clone, "Lint the manifests")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run(clone, "Compare them with the spec").returncode == 0


def test_a_retired_plan_is_annotated_beside_its_line(clone: Path):
    file = clone / "render.yaml"
    file.write_text(file.read_text().replace("plan: starter", "plan: starter plus"))
    line = 1 + file.read_text().splitlines().index("    plan: starter plus")
    done = run(clone, "Lint the manifests")
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file=render.yaml,line={line},col=5,title=MP931 services[0].plan::")
    assert run(clone, "Compare them with the spec").returncode == 1


def test_a_fork_with_its_own_address_passes(clone: Path):
    subprocess.run(
        [".venv/bin/provisioner", "manifests", "--repo", "https://github.com/example/fork"],
        cwd=clone, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, check=True, capture_output=True,
    )  # fmt: skip
    assert run(clone, "Compare them with the spec").returncode == 0
    assert run(clone, "Lint the manifests").returncode == 0


def test_the_variables_are_checked_where_there_are_any(clone: Path):
    name = "Check the variables of the deployment"
    done = run(clone, name, DATABASE_URL="", SECRET_KEY="", MATHESAR_DATABASES="")
    assert (done.returncode, done.stdout) == (0, "No secret DATABASE_URL here: nothing to check.\n")
    assert run(clone, name, **GOOD).returncode == 0
    done = run(clone, name, **GOOD | {"DATABASE_URL": GOOD["DATABASE_URL"].replace("postgresql", "mysql")})
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=MP")
    assert "Zq3v" not in done.stdout + done.stderr
