"""What is in the images and what is not: licences, users, rights, sizes, labels; and a build that can be repeated."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.spec_mathesar import REPOSITORY
from tests.images.conftest import ALL_IN_ONE, LEAN, ROOT
from tests.images.container import WORKSHOP, podman

pytestmark = pytest.mark.prove
IMAGES = pytest.mark.parametrize("name", [LEAN, ALL_IN_ONE])
LIMITS_MB = {LEAN: 35, ALL_IN_ONE: 65}
SITE = "opt/mathesar/lib/python3.13/site-packages"


def layers(name: str) -> list[str]:
    """Return the digests of an image's layers, as they are before they are packed."""
    inspected = subprocess.run(["buildah", "inspect", "--type", "image", name], check=True, capture_output=True)
    return json.loads(inspected.stdout)["OCIv1"]["rootfs"]["diff_ids"]


@pytest.fixture
def root(images: None, name: str) -> Iterator[Path]:
    """Give the folder in which the image's files are seen."""
    yield Path(podman("image", "mount", name).stdout.strip())
    podman("image", "unmount", name)


@IMAGES
def test_nothing_in_it_gives_rights_or_builds_programs(root: Path) -> None:
    files = [Path(place, entry) for place, folders, names in os.walk(root) for entry in (*folders, *names)]
    modes = {path: path.lstat().st_mode for path in files if not path.is_symlink()}
    assert not [path for path, mode in modes.items() if mode & (stat.S_ISUID | stat.S_ISGID)]
    assert [path for path, mode in modes.items() if mode & 0o002] == [root / "tmp"]
    programs = {path.name for path in files if path.parent.name in ("bin", "sbin")}
    assert {"sh", "mathesar", "provisioner", "python"} <= programs
    builders = {"cc", "gcc", "ld", "make", "pip", "pip3", "apt", "apt-get", "dpkg", "perl", "bash", "su", "curl"}
    assert not programs & builders
    assert not list(root.glob("**/pip")) + list(root.glob("**/ensurepip")) + list(root.glob("**/*.a"))
    owners = {path.lstat().st_uid for path in files}
    assert owners == {0, 10001}
    assert [path for path in files if path.lstat().st_uid] == [root / "var/lib/mathesar"]


@IMAGES
def test_each_part_has_its_licence(root: Path) -> None:
    lines = (root / "usr/share/mathesar/system.tsv").read_text().splitlines()
    debian = [line.split("\t")[1] for line in lines if line.startswith("deb\t")]
    assert {"libc6", "libssl3", "dash", "coreutils", "tzdata", "ca-certificates", "libgcc-s1"} <= set(debian)
    for package in debian:
        assert (root / "usr/share/doc" / package / "copyright").stat().st_size > 200, package
        assert (root / "var/lib/dpkg/status.d" / package).is_file()
    assert (root / "usr/share/common-licenses/GPL-3").is_file()
    assert list(root.glob("usr/local/lib/python3.*/LICENSE.txt"))
    for folder in (*root.glob(f"{SITE}/*.dist-info"), *root.glob("opt/postgresql/*.dist-info")):
        texts = [path for path in folder.rglob("*") if re.match(r"(?i)(licen[cs]e|copying|notice)", path.name)]
        names = re.search(r"^License(-Expression)?: \S+", (folder / "METADATA").read_text(), re.MULTILINE)
        assert texts or names, folder.name
    libraries = {path.name for path in root.glob("usr/lib/*-linux-gnu/*")} - {""}
    assert libraries


@IMAGES
def test_every_program_finds_its_libraries(root: Path) -> None:
    missing = []
    for path in (path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        with path.open("rb") as file:
            if file.read(4) != b"\x7fELF":
                continue
        inside = f"/{path.relative_to(root)}"
        loader = "/lib64/ld-linux-x86-64.so.2"
        listed = subprocess.run(["chroot", str(root), loader, "--list", inside], capture_output=True, text=True)
        if "not found" in listed.stdout + listed.stderr:
            missing.append((inside, listed.stdout))
    assert missing == []


@IMAGES
def test_labels_and_settings(images: None, name: str) -> None:
    inspected = subprocess.run(["buildah", "inspect", "--type", "image", name], check=True, capture_output=True)
    config = json.loads(inspected.stdout)["Docker"]["config"]
    labels = {key.rpartition(".")[2]: value for key, value in config["Labels"].items() if "opencontainers" in key}
    assert labels["source"] == REPOSITORY
    assert labels["licenses"] == "Apache-2.0"
    assert labels["version"] == "0.1.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", labels["created"])
    assert config["Labels"]["org.mathesar.image.built-with"].startswith("docker.io/library/python:3.")
    assert labels["title"] == ("Mathesar" if name == LEAN else "Mathesar with PostgreSQL inside")
    assert config["User"] == "10001:10001"
    assert config["Cmd"] == ["mathesar", "start"]
    assert not config.get("Entrypoint")
    assert list(config.get("Volumes") or {}) == ([] if name == LEAN else ["/var/lib/mathesar"])
    assert config["Healthcheck"]["Test"] == ["CMD", "python", "-m", "mathesar.health.alive"]


def test_they_are_no_larger_than_promised(images: None) -> None:
    lean, larger = layers(LEAN), layers(ALL_IN_ONE)
    assert larger[:-1] == lean  # so that weighing the larger one weighs both
    command = [sys.executable, "packaging/images/sizes.py", ALL_IN_ONE, str(LIMITS_MB[ALL_IN_ONE])]
    shown = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    rows = [[cell.strip() for cell in line.split("|")] for line in shown.stdout.splitlines()[2:]]
    packed = {row[1]: float(row[3]) for row in rows}
    assert packed[f"**all {len(larger)} layers**"] - packed["PostgreSQL"] <= LIMITS_MB[LEAN]


@IMAGES
def test_its_sbom_lists_what_is_in_it(images: None, name: str, tmp_path: Path) -> None:
    pytest.importorskip("packaging")
    target = name.partition(":")[2]
    environ = {"ENGINE": "podman", "PYTHON": sys.executable, "CONTAINERS_CONF": str(WORKSHOP / "containers.conf")}
    command = ["sh", "packaging/images/sbom.sh", target, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    parts = {each["name"] for each in json.loads((tmp_path / f"mathesar-{target}.cdx.json").read_text())["components"]}
    assert {"django", "psycopg-binary", "python", "libc6", "libssl3", "dash"} <= {part.lower() for part in parts}
    assert ("postgresql" in parts) == (name == ALL_IN_ONE)
    statement = json.loads((tmp_path / f"mathesar-{target}.provenance.json").read_text())
    assert statement["source"] == REPOSITORY
    assert statement["base"].startswith("docker.io/library/python:3.")
    assert len(statement["layers"]) >= 4
