"""A pre-release comes before its release for dpkg and for SemVer, too, which write it in ways of their own."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packages.release import ROOT, program, run, set_version

# Stands in for debhelper: a file named as dpkg-deb would, from the changelog's head.
BUILD = """read -r name version rest <debian/changelog
version=${version#(}
version=${version%)}
echo "$version" >"../${name}_${version}_all.deb"
"""
PROJECT = ("README.md", "LICENSE", "requirements.lock", "mathesar", "provisioner", "platforms")


def built(checkout: Path, number: str) -> tuple[str, str]:
    """Return the name of the Debian package of this version, and its own version."""
    set_version(checkout, number)
    shutil.copytree(ROOT / "packaging/debian", checkout / "packaging/debian", dirs_exist_ok=True)
    for name in PROJECT:
        (checkout / name).touch()
    tools = checkout / "tools"
    program(tools, "dh", "exit 1\n")
    path = program(tools, "dpkg-buildpackage", BUILD)
    done = run(checkout, "sh", "packaging/debian/build.sh", number, path=path)
    assert done.returncode == 0, done.stderr
    (made,) = (checkout / number).iterdir()
    assert done.stdout == f"{number}/{made.name}\n"
    return made.name, made.read_text().strip()


def test_debians_versions_are_in_order(checkout: Path) -> None:
    if shutil.which("dpkg") is None:
        pytest.skip("needs dpkg")
    numbers = ["1.2.2", "1.2.3a1", "1.2.3b1", "1.2.3rc1", "1.2.3rc10", "1.2.3", "1.2.10"]
    made = [built(checkout, number) for number in numbers]
    assert [name for name, _ in made] == [f"mathesar_{number}_all.deb" for number in numbers]  # with nothing odd in it
    for (_, earlier), (_, later) in itertools.pairwise(made):
        assert subprocess.run(["dpkg", "--compare-versions", earlier, "lt", later], check=False).returncode == 0
    assert [version for _, version in made if "~" in version] == ["1.2.3~a1", "1.2.3~b1", "1.2.3~rc1", "1.2.3~rc10"]


@pytest.mark.parametrize(
    ("number", "semver"), [("1.2.3rc10", "1.2.3-rc.10"), ("1.2.3a1", "1.2.3-a.1"), ("1.2.3", "1.2.3")]
)
def test_the_charts_version_is_a_semver(checkout: Path, number: str, semver: str) -> None:
    set_version(checkout, number)
    chart = checkout / "packaging/helm/mathesar"
    chart.mkdir(parents=True)
    (chart / "Chart.yaml").write_text("version: 0.1.0\nappVersion: 0.1.0\n")
    (chart / "values.yaml").write_text('  repository: ""\n  digest: ""\n')
    done = run(checkout, "sh", "packaging/release/chart.sh")
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = (checkout / "dist").iterdir()
    assert made.name == f"mathesar-{semver}.tgz"
    run(checkout, "tar", "-xf", str(made))
    assert (checkout / "mathesar/Chart.yaml").read_text() == f'version: {semver}\nappVersion: "{number}"\n'
