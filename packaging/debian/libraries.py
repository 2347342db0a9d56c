"""Lay out what `requirements.lock` lists for every Python of the package: `libraries.py LOCK WHEELS FOLDER ARCH`.

Each wheel is unpacked into the folder named after the Pythons that it serves, `py310-311-312-313` or `py311`, so
what needs no compiler is there once. Wheels that are already in WHEELS (this project's own) serve all Pythons.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement

PYTHONS = ("3.10", "3.11", "3.12", "3.13")  # those of the distributions in README.md
# glibc 2.34 and older: Ubuntu 22.04, the oldest of them, has 2.35.
GLIBC = (34, 28, 27, 26, 24, 17, 5)
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
# Never used here, and half of all files: translations (USE_I18N is off), the pages of Django's admin and of Django
# Ninja's documentation, which are both off.
LEFT_OUT = re.compile(r"/LC_MESSAGES/|^django/contrib/admin/static/|^ninja/(static|templates)/")
DOWNLOAD = ("download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp")


def for_python(lock: str, python: str, machine: str) -> str:
    """Return the part of a lock that one Python needs on Linux; pip would judge by the Python that runs it."""
    facts = {
        "python_version": python, "python_full_version": f"{python}.0", "platform_machine": machine,
        "implementation_name": "cpython", "platform_python_implementation": "CPython", "sys_platform": "linux",
        "platform_system": "Linux", "os_name": "posix",
    }  # fmt: skip
    kept = []
    for block in re.split(r"(?<!\\)\n(?=\w)", lock):
        words, _, hashes = block.partition("\\\n")
        requirement = Requirement(words.strip())
        if requirement.marker is None or requirement.marker.evaluate(facts):
            kept.append(f"{requirement.name}{requirement.specifier} \\\n{hashes}")
    return "\n".join(kept)


def download(lock: Path, wheels: Path, architecture: str) -> dict[Path, set[str]]:
    """Fetch the wheels of every Python, by hash; return which Pythons each serves."""
    machine = MACHINES[architecture]
    platforms = [part for minor in GLIBC for part in ("--platform", f"manylinux_2_{minor}_{machine}")]
    platforms += ["--platform", f"manylinux2014_{machine}"]
    serves: dict[Path, set[str]] = {own: set(PYTHONS) for own in wheels.glob("*.whl")}

    def fetch(python: str) -> list[Path]:
        folder = wheels / python
        folder.mkdir()
        wanted = folder / "requirements.txt"
        wanted.write_text(for_python(lock.read_text(), python, machine))
        run = [sys.executable, "-m", "pip", *DOWNLOAD, *platforms, "--python-version", python]
        subprocess.run([*run, "--dest", str(folder), "--requirement", str(wanted)], check=True)
        return sorted(folder.glob("*.whl"))

    with ThreadPoolExecutor() as pool:
        for python, found in zip(PYTHONS, pool.map(fetch, PYTHONS), strict=True):
            for wheel in found:
                same = next((known for known in serves if known.name == wheel.name), wheel)
                serves.setdefault(same, set()).add(python)
    return serves


def unpack(serves: dict[Path, set[str]], target: Path) -> None:
    """Unpack each wheel; ValueError where one wants files anywhere but among the libraries."""
    for wheel, pythons in serves.items():
        name = "-".join(python.replace(".", "") for python in sorted(pythons))
        with zipfile.ZipFile(wheel) as archive:
            if elsewhere := [each for each in archive.namelist() if each.split("/")[0].endswith(".data")]:
                raise ValueError(f"{wheel.name} would install {elsewhere[0]}")
            members = [each for each in archive.namelist() if not LEFT_OUT.search(each)]
            archive.extractall(target / f"py{name}", members)


def inventory(target: Path) -> str:
    """Return a line for each library: its name, version, licence and the folders it is in."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for path in target.glob("py*/*.dist-info/METADATA"):
        data = HeaderParser().parsestr(path.read_text(encoding="utf-8"))
        trove = [each.rpartition(" :: ")[2] for each in data.get_all("Classifier", []) if each.startswith("License ::")]
        licence = data["License-Expression"] or ", ".join(trove) or (data["License"] or "see its files").splitlines()[0]
        found[data["Name"].lower(), data["Version"], licence].add(path.parent.parent.name)
    rows = [f"{name} {version}  {licence}  ({', '.join(sorted(folders))})" for (name, version, licence), folders
            in sorted(found.items())]  # fmt: skip
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    lock, wheels, target, architecture = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    unpack(download(lock, wheels, architecture), target)
    print(inventory(target), end="")
