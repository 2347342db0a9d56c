"""The chart's PostgreSQL server; a checkout for releases; the Debian package built once, and a clean system for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packages.debian import Machine, make_root, renumber
from tests.packages.release import CHANGES, set_version
from tests.system.conftest import address, server, sslmode

__all__ = ["address", "server", "sslmode"]  # fixtures used here as they are there

ROOT = Path(__file__).resolve().parents[2]
RELEASE = os.environ.get("MATHESAR_TEST_RELEASE", "bookworm")  # or jammy, noble, trixie


@dataclass(frozen=True)
class Making:
    """What is made at the same time, as it takes long: the package, what lintian says of it, and a system for it."""

    deb: Future[Path]
    lintian: Future[subprocess.CompletedProcess[str]]
    system: Future[Path]


@pytest.fixture(scope="session")
def making(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Making]:
    """Begin to make all of it; a skip inside comes out where the result is asked for."""
    folder = tmp_path_factory.mktemp("machine")
    built = tmp_path_factory.mktemp("deb")
    with ThreadPoolExecutor(3) as pool:
        deb = pool.submit(build, built)
        yield Making(deb, pool.submit(lambda: lintian(deb.result())), pool.submit(system, folder))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def deb(making: Making) -> Path:
    """The package."""
    return making.deb.result()


@pytest.fixture(scope="session")
def newer_deb(deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package under a higher version."""
    return renumber(deb, tmp_path_factory.mktemp("newer"))


@pytest.fixture(scope="module")
def machine(making: Making) -> Iterator[Machine]:
    """A running Debian (or MATHESAR_TEST_RELEASE) without network and without this package."""
    root = making.system.result()
    with Machine(root, root.parent) as running:
        yield running


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a folder with the scripts of a release, a project of version 1.2.3 and its changelog."""
    for name in ("release", "apt", "images"):
        shutil.copytree(ROOT / "packaging" / name, tmp_path / "packaging" / name)
    set_version(tmp_path, "1.2.3")
    (tmp_path / "CHANGELOG.md").write_text(CHANGES.format(unreleased=""))
    (tmp_path / "Makefile").write_text("wheel:\n\t@echo built > dist/mathesar-1.2.3-py3-none-any.whl\n")
    return tmp_path


def build(folder: Path) -> Path:
    """Build the package as `make deb` does, but for the slow compression; MATHESAR_TEST_DEB names a ready one."""
    if ready := os.environ.get("MATHESAR_TEST_DEB"):
        return Path(ready)
    need("dh", "dpkg-buildpackage", "apt-ftparchive", "gpg")
    environ = {**os.environ, "PYTHON": sys.executable, "COMPRESSION": "-Zgzip -z1"}
    command = ["sh", "packaging/debian/build.sh", str(folder)]
    built = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return Path(built.stdout.splitlines()[-1])


def lintian(package: Path) -> subprocess.CompletedProcess[str]:
    """Run lintian, whose findings do not depend on the system that the package is tried on."""
    if RELEASE != "bookworm":
        pytest.skip("lintian is asked in the run without MATHESAR_TEST_RELEASE")
    need("lintian")
    return subprocess.run(["lintian", "--allow-root", package], check=False, capture_output=True, text=True)


def system(folder: Path) -> Path:
    """Unpack a clean system; return its root."""
    need("podman", "runc", "mmdebstrap")
    if os.geteuid() != 0:
        pytest.skip("needs root")
    return make_root(RELEASE, folder)


def need(*programs: str) -> None:
    """Skip where one of these programs of Debian's is absent."""
    if absent := [name for name in programs if shutil.which(name) is None]:
        pytest.skip(
            f"needs debhelper, lintian, apt-utils, gnupg, podman, runc, mmdebstrap (absent: {', '.join(absent)})"
        )
