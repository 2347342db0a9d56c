"""What a release is held to: its version and notes, its sums, and that the steps on a laptop say what they lack."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.packages.release import CHANGES, ROOT, run


def version(checkout: Path, *tag: str) -> subprocess.CompletedProcess[str]:
    return run(checkout, sys.executable, "packaging/release/version.py", *tag)


def test_the_project_itself_can_be_released_as_far_as_its_version_goes(tmp_path: Path):
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "packaging/release", tmp_path / "packaging/release")
    done = version(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_notes_are_those_of_the_version(checkout: Path):
    done = version(checkout, "v1.2.3")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1.2.3\n", "")
    assert (checkout / "dist/notes.md").read_text() == "- New.\n"


@pytest.mark.parametrize(
    ("tag", "number", "changes", "words"),
    [
        ("v1.2.4", "1.2.3", CHANGES.format(unreleased=""), "The tag is v1.2.4, the version in pyproject.toml 1.2.3"),
        ("1.2.3", "1.2.3", CHANGES.format(unreleased=""), "the tag has to be v1.2.3"),
        ("v1.2", "1.2", CHANGES.format(unreleased=""), "not of the form"),
        ("v1.2.4", "1.2.4", CHANGES.format(unreleased=""), "no section headed: ## [1.2.4] - YYYY-MM-DD"),
        ("v1.2.3", "1.2.3", "## [1.2.3]\n\n- New.\n", "no section headed"),
        ("v1.2.3", "1.2.3", "## [1.2.3] - 2026-11-21\n\n## [1.2.2] - 2026-01-01\n\n- Old.\n", "says nothing under"),
        ("v1.2.3", "1.2.3", CHANGES.format(unreleased="\n- Later.\n"), "still has something under [Unreleased]"),
    ],
)
def test_a_release_that_contradicts_itself_is_refused(checkout: Path, tag: str, number: str, changes: str, words: str):
    (checkout / "pyproject.toml").write_text(f'[project]\nversion = "{number}"\n')
    (checkout / "CHANGELOG.md").write_text(changes)
    done = version(checkout, tag)
    assert done.returncode == 1
    assert words in done.stderr
    assert not (checkout / "dist").exists()


def test_the_sums_are_those_that_sha256sum_checks(checkout: Path):
    out = checkout / "dist"
    out.mkdir()
    (out / "b.whl").write_bytes(b"b" * 2500)
    (out / "a.tar.gz").write_bytes(b"")
    (out / "notes.md").write_text("not among them")
    assert run(checkout, sys.executable, "packaging/release/checksums.py").returncode == 0
    assert (out / "SHA256SUMS").read_text().splitlines() == [
        f"{hashlib.sha256(b'').hexdigest()}  a.tar.gz",
        f"{hashlib.sha256(b'b' * 2500).hexdigest()}  b.whl",
    ]
    table = run(checkout, sys.executable, "packaging/release/checksums.py", "--table").stdout
    assert [line.split()[:3] for line in table.splitlines()[1:3]] == [["a.tar.gz", "0", "B"], ["b.whl", "2.5", "kB"]]
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, check=True, capture_output=True)


def test_packing_forgets_who_packed_and_when(checkout: Path):
    folder = checkout / "files"
    (folder / "b").mkdir(parents=True)
    (folder / "b/c").write_text("c")
    (folder / "a").write_text("a")
    pack = [sys.executable, "packaging/release/pack.py", "files", "shop-1.tar.gz"]
    assert run(checkout, *pack).returncode == 0
    first = (checkout / "shop-1.tar.gz").read_bytes()
    os.utime(folder / "a", (1, 1))
    (folder / "b/c").chmod(0o600)
    assert run(checkout, *pack).returncode == 0
    assert (checkout / "shop-1.tar.gz").read_bytes() == first
    with tarfile.open(checkout / "shop-1.tar.gz") as archive:
        assert archive.getnames() == ["shop-1", "shop-1/a", "shop-1/b", "shop-1/b/c"]
        assert {(one.mtime, one.uid, one.uname) for one in archive.getmembers()} == {(1700000000, 0, "")}


def test_the_chart_is_of_this_version_and_names_the_image_by_digest(checkout: Path):
    chart = checkout / "packaging/helm/mathesar"
    chart.mkdir(parents=True)
    (chart / "Chart.yaml").write_text('name: mathesar\nversion: 0.1.0\nappVersion: "0.1.0"\n')
    (chart / "values.yaml").write_text('image:\n  repository: ""\n  tag: ""\n  digest: ""\n')
    digest = "sha256:" + "a1" * 32
    done = run(checkout, "sh", "packaging/release/chart.sh", f"ghcr.io/Owner/Shop@{digest}")
    assert (done.returncode, done.stderr) == (0, "")
    with tarfile.open(checkout / "dist/mathesar-1.2.3.tgz") as archive:
        found = {name: archive.extractfile(f"mathesar/{name}") for name in ("Chart.yaml", "values.yaml")}
        texts = {name: file.read().decode() for name, file in found.items() if file}
    assert texts == {
        "Chart.yaml": 'name: mathesar\nversion: 1.2.3\nappVersion: "1.2.3"\n',
        "values.yaml": f'image:\n  repository: "ghcr.io/owner/shop"\n  tag: ""\n  digest: "{digest}"\n',
    }
    (chart / "values.yaml").write_text("image: {}\n")
    done = run(checkout, "sh", "packaging/release/chart.sh")
    assert (done.returncode, done.stderr) == (1, 'values.yaml has no line:   repository: ""\n')


def test_a_dry_run_skips_what_is_not_here_and_goes_on(checkout: Path):
    (checkout / "packaging/release/steps").write_text(
        "version    python3 packaging/release/version.py\n"
        "wheel      sh packaging/release/make.sh wheel\n"
        "deb        sh packaging/release/make.sh deb\n"
        "debsboms   sh packaging/release/deb_sboms.sh\n"
        "checksums  python3 packaging/release/checksums.py\n"
    )
    done = run(checkout, "sh", "packaging/release/dry_run.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line[:1] for line in lines[:5]] == ["✓", "✓", "-", "-", "✓"]
    assert "skipped: The Makefile has no recipe named deb." in lines[2]
    assert lines[6].split()[:3] == ["mathesar-1.2.3-py3-none-any.whl", "6", "B"]


def test_a_dry_run_with_a_failing_step_ends_badly_and_shows_why(checkout: Path):
    (checkout / "Makefile").write_text("wheel:\n\t@echo no luck >&2; exit 3\n")
    (checkout / "packaging/release/steps").write_text("wheel      sh packaging/release/make.sh wheel\n")
    done = run(checkout, "sh", "packaging/release/dry_run.sh")
    assert done.returncode == 1
    assert done.stdout.startswith("✗ wheel      ended with 2; the end of what it said:\n    no luck\n")


def test_images_without_a_builder_are_skipped_not_made_up(checkout: Path, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "sed", "mkdir", "make"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (checkout / "Dockerfile").write_text("FROM scratch AS lean\n")
    done = run(checkout, "sh", "packaging/release/images.sh", "build", path=str(tools))
    assert done.returncode == 77
    assert done.stderr.endswith("are not on this machine: images need one\n")
    assert list((checkout / "dist").iterdir()) == []
