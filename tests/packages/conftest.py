"""The chart's PostgreSQL server; the Debian package built once, and a clean system with a real systemd for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packages.debian import Machine, make_root
from tests.system.conftest import address, server, sslmode

__all__ = ["address", "server", "sslmode"]  # fixtures used here as they are there

ROOT = Path(__file__).resolve().parents[2]
RELEASE = os.environ.get("MATHESAR_TEST_RELEASE", "bookworm")  # or jammy, noble, trixie


@pytest.fixture(scope="session")
def deb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package as `make deb` does, but for the slow compression; MATHESAR_TEST_DEB names a ready one."""
    if ready := os.environ.get("MATHESAR_TEST_DEB"):
        return Path(ready)
    absent = [
        name for name in ("dh", "dpkg-buildpackage", "lintian", "apt-ftparchive", "gpg") if not shutil.which(name)
    ]
    if absent:
        pytest.skip(f"needs debhelper, dpkg-dev, lintian, apt-utils and gnupg (absent: {', '.join(absent)})")
    environ = {**os.environ, "PYTHON": sys.executable, "COMPRESSION": "-Zgzip -z1"}
    built = subprocess.run(
        ["sh", "packaging/debian/build.sh"], cwd=ROOT, env=environ, check=False, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    package = ROOT / built.stdout.splitlines()[-1]
    return Path(shutil.move(package, tmp_path_factory.mktemp("deb") / package.name))


@pytest.fixture(scope="session")
def newer_deb(deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package under a higher version, which is all that an upgrade goes by."""
    folder = tmp_path_factory.mktemp("newer")
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "-R", deb, tree], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(control.read_text().replace("\nVersion: ", "\nVersion: 9."))
    subprocess.run(["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", tree, folder], check=True)
    shutil.rmtree(tree)
    return next(folder.glob("*.deb"))


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A running Debian (or MATHESAR_TEST_RELEASE) without network and without this package."""
    absent = [name for name in ("podman", "runc", "mmdebstrap") if shutil.which(name) is None]
    if absent or os.geteuid() != 0:
        pytest.skip(f"needs root, podman, runc and mmdebstrap (absent: {', '.join(absent) or 'root'})")
    folder = tmp_path_factory.mktemp("machine")
    try:
        with Machine(make_root(RELEASE, folder), folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)
