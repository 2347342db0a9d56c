"""The apt repository of a release is signed, or there is none; that of a dry run says in its name that it is not."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.packages.release import run

APT = ("sh", "packaging/release/apt.sh")
CONTROL = "Package: mathesar\nVersion: 1.2.3\nArchitecture: all\nMaintainer: a <a@example.com>\nDescription: a\n"


@pytest.fixture
def packed(checkout: Path) -> Path:
    """Give the checkout with a Debian package built."""
    absent = [name for name in ("dpkg-deb", "apt-ftparchive", "gpg") if shutil.which(name) is None]
    if absent:
        pytest.skip(f"needs dpkg, apt-utils and gnupg (absent: {', '.join(absent)})")
    (checkout / "made/DEBIAN").mkdir(parents=True)
    (checkout / "made/DEBIAN/control").write_text(CONTROL)
    (checkout / "dist").mkdir()
    done = run(checkout, "dpkg-deb", "--build", "--root-owner-group", "made", "dist/mathesar_1.2.3_all.deb")
    assert done.returncode == 0, done.stderr
    return checkout


def archives(checkout: Path) -> list[str]:
    return sorted(file.name for file in (checkout / "dist").glob("*.tar.gz"))


@pytest.mark.parametrize("given", [{}, {"APT_SIGNING_KEY": ""}])
def test_a_release_without_its_key_makes_no_repository(checkout: Path, given: dict[str, str]) -> None:
    done = run(checkout, *APT, "--signed", **given)
    assert (done.returncode, archives(checkout)) == (1, [])
    assert "APT_SIGNING_KEY is empty or not set" in done.stderr


def test_nor_with_a_key_that_is_none(packed: Path) -> None:
    done = run(packed, *APT, "--signed", APT_SIGNING_KEY="  \n")
    assert done.returncode not in (0, 77)
    assert archives(packed) == []


def test_a_dry_run_without_a_key_says_so_in_the_name(packed: Path) -> None:
    done = run(packed, *APT)
    assert (done.returncode, archives(packed)) == (0, ["mathesar-apt-unsigned-1.2.3.tar.gz"])
    assert "Not signed" in done.stderr


def test_a_release_signs_with_its_key(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.mktemp("g"))  # short, for gpg's socket
    make = ("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "throw-away", "ed25519", "sign")
    assert run(packed, *make, "1d", GNUPGHOME=home).returncode == 0
    secret = run(packed, "gpg", "--batch", "--armor", "--export-secret-keys", GNUPGHOME=home).stdout
    done = run(packed, *APT, "--signed", APT_SIGNING_KEY=secret)
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
    assert (done.returncode, archives(packed)) == (0, ["mathesar-apt-1.2.3.tar.gz"]), done.stderr
    with tarfile.open(packed / "dist/mathesar-apt-1.2.3.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"dists/stable/InRelease", "dists/stable/Release.gpg", "mathesar-archive-keyring.gpg"} <= names
