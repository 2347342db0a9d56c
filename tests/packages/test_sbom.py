"""The list of what is inside: CycloneDX's own schema accepts it, and it says what the metadata says."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE_PACKAGES = Path(click.__file__).parents[1]
SYSTEM = """\
deb\tlibssl3\t3.0.17-1~deb12u2\tApache-2.0

generic\tpython\t3.13.1\tPSF-2.0
deb\tdash\t0.5.12-2\tBSD-3-clause and GPL
"""


def metadata(folder: Path, name: str, number: str, *lines: str) -> Path:
    """Write the metadata of a made-up package, and return its folder."""
    made = folder / f"{name}-{number}.dist-info"
    made.mkdir(parents=True)
    (made / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", f"Version: {number}", *lines]))
    return made


def run(
    out: Path, *arguments: str | Path, site: Path = SITE_PACKAGES, epoch: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "packaging/sbom.py", "--site-packages", site, "--out", out, *arguments]
    environ = {"SOURCE_DATE_EPOCH": epoch} if epoch else {}
    return subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True, check=False)


def listed(out: Path, *arguments: str | Path, site: Path = SITE_PACKAGES, epoch: str = "") -> dict[str, Any]:
    done = run(out, "--name", "shop", "--version", "1.2", *arguments, site=site, epoch=epoch)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    document: dict[str, Any] = json.loads(out.read_text())
    return document


@pytest.fixture
def system(tmp_path: Path) -> Path:
    file = tmp_path / "system.tsv"
    file.write_text(SYSTEM)
    return file


def test_cyclonedx_accepts_the_list_of_a_real_environment(tmp_path: Path, system: Path):
    reason = "cyclonedx-python-lib of requirements-dev.lock is not installed"
    validation = pytest.importorskip("cyclonedx.validation.json", reason=reason)
    schema = pytest.importorskip("cyclonedx.schema", reason=reason)
    listed(tmp_path / "a.json", "--system", system, "--lock", ROOT / "requirements-run.lock", epoch="1700000000")
    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str((tmp_path / "a.json").read_text()) is None
    assert validator.validate_str('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{}]}') is not None


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, system: Path):
    first, second, dated = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    one = listed(first, "--system", system)
    listed(second, "--system", system)
    assert first.read_bytes() == second.read_bytes()
    assert "timestamp" not in one["metadata"]
    other = listed(dated, "--system", system, epoch="1700000000")
    assert other["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert one["serialNumber"] != other["serialNumber"]


def test_packages_licences_hashes_and_needs(tmp_path: Path, system: Path):
    document = listed(tmp_path / "a.json", "--system", system, "--lock", ROOT / "requirements-run.lock")
    found = {made["name"]: made for made in document["components"]}
    django = found["django"]
    assert django["purl"] == f"pkg:pypi/django@{version('django')}"
    assert django["licenses"] == [{"expression": "BSD-3-Clause"}]
    locked = (ROOT / "requirements-run.lock").read_text()
    hashes = [one["content"] for one in django["externalReferences"][0]["hashes"]]
    assert len(hashes) == 2
    assert all(f"--hash=sha256:{digest}" in locked for digest in hashes)
    needs = {edge["ref"]: edge["dependsOn"] for edge in document["dependencies"]}
    assert f"pkg:pypi/sqlparse@{version('sqlparse')}" in needs[django["bom-ref"]]
    # psycopg asks for psycopg-binary by its extra `binary`, which the project asks for.
    assert f"pkg:pypi/psycopg-binary@{version('psycopg-binary')}" in needs[found["psycopg"]["bom-ref"]]
    assert found["libssl3"]["purl"] == "pkg:deb/debian/libssl3@3.0.17-1~deb12u2"
    assert found["python"]["licenses"] == [{"expression": "PSF-2.0"}]
    assert found["dash"]["licenses"] == [{"license": {"name": "BSD-3-clause and GPL"}}]
    assert {found["libssl3"]["bom-ref"], found["python"]["bom-ref"]} <= set(needs["shop@1.2"])
    assert set(needs) == {"shop@1.2"} | {made["bom-ref"] for made in document["components"]}


def test_the_package_that_the_list_is_of_is_its_subject(tmp_path: Path):
    site = tmp_path / "site"
    metadata(
        site, "Sho_p", "1.2", "Requires-Dist: till", "Requires-Dist: lamp; extra == 'light'", "Provides-Extra: light"
    )
    metadata(site, "till", "2", "License-Expression: mit", "Requires-Dist: drum; python_version < '3'")
    metadata(site, "lamp", "3", "Classifier: License :: OSI Approved :: BSD License", "Requires-Dist: shade[red]")
    metadata(site, "shade", "4", "Requires-Dist: paint; extra == 'red'", "Requires-Dist: drum; extra == 'tin'")
    metadata(site, "paint", "5", "License: A long story\n        of many lines")
    inside = metadata(site, "drum", "6") / "sboms"
    inside.mkdir()
    parts = [
        {"type": "library", "name": "skin", "version": "7", "bom-ref": "here"},
        {"type": "library", "name": "Drum"},
    ]
    (inside / "auditwheel.cdx.json").write_text(json.dumps({"bomFormat": "CycloneDX", "components": parts}))
    done = run(tmp_path / "a.json", "--name", "sho-p", "--version", "1.2", site=site)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["metadata"]["component"]["purl"] == "pkg:pypi/sho-p@1.2"
    found = {made["name"]: made.get("licenses") for made in document["components"]}
    assert found == {
        "till": [{"expression": "MIT"}], "lamp": [{"license": {"name": "BSD License"}}],
        "shade": None, "paint": None, "drum": None,
    }  # fmt: skip
    drum = next(made for made in document["components"] if made["name"] == "drum")
    assert drum["components"] == [{"type": "library", "name": "skin", "version": "7"}]  # and not itself
    needs = {edge["ref"].partition("/")[2]: edge["dependsOn"] for edge in document["dependencies"]}
    assert needs["sho-p@1.2"] == ["pkg:pypi/drum@6", "pkg:pypi/lamp@3", "pkg:pypi/till@2"]
    assert (needs["till@2"], needs["shade@4"]) == ([], ["pkg:pypi/paint@5"])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("rpm\tbash\t5\tGPL-3.0-or-later\n", "system.tsv:1 is not type, name, version and licence, tab between them."),
        ("\ndeb bash 5 GPL\n", "system.tsv:2 is not type, name, version and licence, tab between them."),
        ("deb\ta\t1\tMIT\ndeb\ta\t1\tMIT\n", "system.tsv lists more than once: pkg:deb/debian/a@1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, system: Path, lines: str, message: str):
    system.write_text(lines)
    done = run(tmp_path / "a.json", "--name", "shop", "--version", "1", "--system", system)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "a.json").exists()


def test_a_folder_that_cannot_be_listed(tmp_path: Path):
    done = run(tmp_path / "a.json", "--name", "shop", "--version", "1", site=tmp_path)
    assert (done.returncode, "holds no installed packages" in done.stderr) == (2, True)
    metadata(tmp_path, "till", "1")
    metadata(tmp_path, "till", "2")
    done = run(tmp_path / "a.json", "--name", "shop", "--version", "1", site=tmp_path)
    assert (done.returncode, "more than one version of till" in done.stderr) == (2, True)
