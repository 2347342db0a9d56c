"""What the repository itself promises: two commands, locked dependencies, small files, no address of an index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from provisioner.manifests import generate
from provisioner.spec_mathesar import mathesar
from tests.conftest import IMAGES, SPREAD, place_of

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
LONGEST_FILE = 300
REGISTRIES = tuple(f"{name}.{end}" for name, end in (
    ("pypi", "org"), ("pythonhosted", "org"), ("registry.npmjs", "org"), ("registry.yarnpkg", "com"),
    ("crates", "io"), ("rubygems", "org"), ("deb.debian", "org"), ("archive.ubuntu", "com"),
))  # fmt: skip


def tracked_files() -> list[Path]:
    """Return the files under version control; the whole folder where this is no clone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a clone")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    begin = lines.index("```sh")
    assert all(line.startswith("#") or not line for line in lines[:begin])
    assert [line.partition("#")[0].strip() for line in lines[begin + 1 : lines.index("```")]] == [
        "make run",
        "make test",
    ]


def test_each_command_of_make_is_one_line_with_an_explanation() -> None:
    rules = re.findall(r"^([a-z-]+):.*?## (.+)\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"run", "test", "prove", "lint", "bench", "images", "lock", "clean", "help"} <= {
        name for name, _, _ in rules
    }
    for name, explanation, recipe in rules:
        assert recipe.count("\n") == 1, name
        assert explanation.endswith("."), name


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked_files()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert found == []


def test_no_file_is_long() -> None:
    generated = {"LICENSE", *LOCKS, *(Path(file.path).name for file in generate(mathesar()))}
    found = {
        str(path.relative_to(ROOT)): lines
        for path in tracked_files()
        if path.name not in generated
        and path.suffix != ".png"
        and (lines := path.read_bytes().count(b"\n")) > LONGEST_FILE
    }
    assert found == {}


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_dependency_has_hashes(name: str) -> None:
    requirements = re.split(r"(?<!\\)\n", (ROOT / name).read_text())
    pinned = [line for line in requirements if re.match(r"\w", line)]
    assert pinned
    for requirement in pinned:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_the_locks_agree() -> None:
    assert set(_pins("requirements.lock")) <= set(_pins("requirements-run.lock")) <= set(_pins("requirements-dev.lock"))


def test_each_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    blocks = re.findall(r"^(?:dependencies|embedded|rehearse|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    for line in "".join(blocks).splitlines():
        assert re.search(r'^    ".+",\s+# \S.{10,}', line), line


def _pins(lock: str) -> list[str]:
    """Return ``name==version ; marker`` of each requirement."""
    return re.findall(r"^(\w\S*==.*?) *\\?$", (ROOT / lock).read_text(), re.MULTILINE)


def test_the_proofs_that_are_spread_over_workers_are_there():
    assert [name for name in (*SPREAD, IMAGES) if not (ROOT / name).exists()] == []
    assert place_of(f"{IMAGES}test_a.py::test_b") == place_of(f"{IMAGES}test_c.py::test_d")
    assert place_of(f"{SPREAD[0]}::test_a") != place_of(f"{SPREAD[0]}::test_b")
    assert place_of("tests/prove/test_a.py::test_b[1::2]") == place_of("tests/prove/test_a.py::test_c")
