"""A rehearsed disk has what a deploy would have: no private file of this machine, and nobody else reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from provisioner.rehearsal.copying import copy, left_out
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.server import Server
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Timeline
from tests.provisioner.rehearsal import tiny

PRIVATE = [".env", ".env.local", ".envrc", "db.sqlite3", "site/.ENV", "site/deep/.env.production"]
SHOWN = [".env.example", ".env.sample", ".environment", "app.py", "site/.env.local.dist", "site/env"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    for name in [*PRIVATE, *SHOWN, ".git/x", ".venv/.env", "site/__pycache__/x.pyc"]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    shutil.rmtree(folder / ".git")
    return folder


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("repository", [False, True])
def test_private_files_stay_where_they_are(source: Path, tmp_path: Path, repository: bool):
    if repository:
        git(source, "init")
    assert sorted(left_out(source)) == sorted(PRIVATE)
    copy(source, tmp_path / "disk")
    assert files(tmp_path / "disk") == sorted(SHOWN)
    assert (tmp_path / "disk").stat().st_mode & 0o777 == 0o700
    assert (source / ".env").exists()


def test_what_git_tracks_is_no_secret(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    git(source, "init")
    git(source, "add", "--force", ".env", "site/deep/.env.production")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))  # as within a hook
    assert sorted(left_out(source)) == sorted(set(PRIVATE) - {".env", "site/deep/.env.production"})
    copy(source, tmp_path / "disk")
    assert files(tmp_path / "disk") == sorted([*SHOWN, ".env", "site/deep/.env.production"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to somebody else")
def test_somebody_elses_repository(source: Path):
    git(source, "init")
    git(source, "add", "--force", ".env")
    for path in (source, *source.rglob("*")):
        os.chown(path, 65534, 65534)
    assert sorted(left_out(source)) == sorted(set(PRIVATE) - {".env"})


def test_a_folder_inside_a_repository(source: Path):
    git(source, "init")
    git(source, "add", "--force", "site/.ENV")
    assert sorted(left_out(source / "site")) == ["deep/.env.production"]


def test_the_programs_of_a_strangers_repository_are_not_run(source: Path, tmp_path: Path):
    git(source, "init")
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    spy.chmod(0o755)
    git(source, "config", "core.fsmonitor", str(spy))
    assert sorted(left_out(source)) == sorted(PRIVATE)
    assert not (tmp_path / "ran").exists()


def test_what_is_left_out_is_said(source: Path, server: Server):
    timeline = Timeline()
    with Keeper() as keeper, Session(tiny.wanted(), tiny.HABITS, keeper, timeline, source=source) as session:
        session.prepare()
    (step,) = [step for step in timeline.steps if step.name == "the app's folder"]
    assert step.detail == (
        "without .env, .env.local, .envrc, db.sqlite3, site/.ENV and 1 more, which git does not track"
    )
    assert server.version
