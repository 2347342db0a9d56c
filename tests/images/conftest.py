"""The image, built once from this checkout on local stand-ins for the base images: nothing is pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.images.container import WORKSHOP
from tests.system.conftest import address, server, sslmode

__all__ = ["address", "server", "sslmode"]  # fixtures used here as they are there

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


@pytest.fixture(scope="session")
def image() -> str:
    """Build target `lean` with buildah as `make images` does; give its name."""
    if not WORKSHOP.is_dir():
        pytest.skip("no ../shared/workshop, whose base images stand in for those of a registry")
    absent = [name for name in ("buildah", "podman", "runc", "mmdebstrap") if shutil.which(name) is None]
    if absent or os.geteuid() != 0:
        pytest.skip(f"needs root, buildah, podman, runc and mmdebstrap (absent: {', '.join(absent) or 'root'})")
    base = f"docker.io/library/python:{_base_version()}-slim-bookworm"
    arguments = [
        "--isolation", "chroot", "--pull=never", "--build-arg", f"BASE={base}",
        "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro",  # this machine's authorities, while building only
    ]  # fmt: skip
    built = subprocess.run(
        ["sh", "packaging/images/build.sh", "lean", *arguments],
        cwd=ROOT, env={**os.environ, "ENGINE": "buildah"}, check=False, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return "localhost/mathesar:lean"


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
