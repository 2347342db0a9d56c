"""The images, built once from this checkout on local stand-ins for the base images: nothing is pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.images.container import WORKSHOP, podman
from tests.system.conftest import address, server, sslmode

__all__ = ["address", "server", "sslmode"]  # fixtures used here as they are there

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


LEAN, ALL_IN_ONE = "localhost/mathesar:lean", "localhost/mathesar:all-in-one"


@pytest.fixture(scope="session")
def image(images: None) -> str:
    """Give the name of the lean image."""
    return LEAN


@pytest.fixture(scope="session")
def all_in_one(images: None) -> str:
    """Give the name of the image with PostgreSQL inside."""
    return ALL_IN_ONE


@pytest.fixture
def volume() -> Iterator[str]:
    """Give the name of a volume that is not there yet, and remove it afterwards."""
    name = f"mathesar-test-{uuid.uuid4().hex[:12]}"
    yield name
    podman("volume", "rm", "--force", name)


@pytest.fixture(scope="session")
def images() -> None:
    """Build both targets with buildah as `make images` does; with IMAGES_BUILT=1 take those that are there."""
    if not WORKSHOP.is_dir():
        pytest.skip("no ../shared/workshop, whose base images stand in for those of a registry")
    absent = [name for name in ("buildah", "podman", "runc", "mmdebstrap") if shutil.which(name) is None]
    if absent or os.geteuid() != 0:
        pytest.skip(f"needs root, buildah, podman, runc and mmdebstrap (absent: {', '.join(absent) or 'root'})")
    if os.environ.get("IMAGES_BUILT"):
        return
    base = f"docker.io/library/python:{_base_version()}-slim-bookworm"
    arguments = [
        "--isolation", "chroot", "--pull=never", "--build-arg", f"BASE={base}",
        "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro",  # this machine's authorities, while building only
    ]  # fmt: skip
    built = subprocess.run(
        ["sh", "packaging/images/build.sh", "all", *arguments],
        cwd=ROOT, env={**os.environ, "ENGINE": "buildah"}, check=False, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]


def _base_version() -> str:
    """Make the stand-in unless it is there: of the Dockerfile's own Python, else of the one that runs the tests."""
    pythons = Path(sys.base_prefix).parent
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    version = next((each for each in ("3.13", running) if list(pythons.glob(f"{each}.*"))), None)
    if version is None:
        pytest.skip(f"no CPython installation named by its version in {pythons} to make a base image from")
    known = ["buildah", "inspect", "--type", "image", f"docker.io/library/python:{version}-slim-bookworm"]
    if subprocess.run(known, check=False, capture_output=True).returncode != 0:
        made = subprocess.run(
            ["bash", str(WORKSHOP / "base-images.sh"), version],
            env={**os.environ, "PYTHONS": str(pythons)}, check=False, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr[-3000:]
    return version
