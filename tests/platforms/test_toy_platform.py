"""Another package adds a platform: one folder and one entry point, and every command knows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = {
    "cirrus/__init__.py": "",
    "cirrus/contract.py": """
from provisioner.facts import load_facts
from provisioner.platform import Contract


class Cirrus:
    name = "cirrus"
    label = "Cirrus"

    def detect(self, environ):
        return environ.get("CIRRUS") == "1"

    def contract(self, environ):
        hosts = (environ["CIRRUS_HOST"],)
        return Contract(self.name, self.label, hosts=hosts, memory_mb=load_facts(__file__).integer("memory_mb"))
""",
    "cirrus/facts.toml": '[memory_mb]\nvalue = 384\ndate = "2026-11-20"\nsource = "https://cirrus.example/limits"\n',
    "cirrus/manifest.py": """
from provisioner.buttons import Button
from provisioner.facts import load_facts
from provisioner.layout import yaml
from provisioner.manifests import NOTICE


def files(spec):
    memory = load_facts(__file__).integer("memory_mb")
    return {"cirrus.yaml": yaml({"cirrus": spec.name, "memory": memory, "health": spec.live_path}, header=NOTICE)}


def button(spec):
    return Button("Deploy to Cirrus", f"https://cirrus.example/new?repo={spec.repository}", "https://cirrus.example/b.svg")
""",
    "cirrus/lint.py": """
from provisioner.lint.grammar import Grammar, check

NAMES = ("cirrus.yaml",)


class Manifest(Grammar):
    cirrus: str
    memory: int
    health: str


def recognises(document):
    return 90 if document.get("cirrus") else 0


def lint(document):
    return check(Manifest, document.data, platform="cirrus")
""",
    "cirrus-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: cirrus\nVersion: 1.0\n",
    "cirrus-1.0.dist-info/entry_points.txt": "[provisioner.platforms]\ncirrus = cirrus.contract:Cirrus\n",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "package" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "package"


def run(package: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "provisioner.cli", *arguments],
        capture_output=True, text=True, check=False, cwd=package.parent,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(package)} | environ,
    )  # fmt: skip


def test_its_manifest_is_generated_checked_and_linted(package: Path):
    where = package.parent
    done = run(package, "manifests", "--platform", "cirrus", "--name", "sales")
    assert (done.returncode, done.stderr) == (0, "")
    text = (where / "cirrus.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[1:] == ["cirrus: sales", "memory: 384", "health: /livez"]
    assert run(package, "manifests", "--platform", "cirrus", "--name", "sales", "--check").returncode == 0
    assert run(package, "lint", "cirrus.yaml").returncode == 0
    (where / "cirrus.yaml").write_text(text.replace("384", "much").replace("health", "healht"), encoding="utf-8")
    assert run(package, "manifests", "--platform", "cirrus", "--check").returncode == 1
    done = run(package, "lint", "--format", "json")
    found = [(item["kind"], item["field"], item["line"]) for item in json.loads(done.stdout)["files"][0]["findings"]]
    assert found == [("field-absent", "health", 2), ("field-type", "memory", 3), ("field-unknown", "healht", 4)]
    assert done.returncode == 1


def test_its_environment_becomes_a_plan(package: Path):
    environ = {
        "CIRRUS": "1", "CIRRUS_HOST": "app.cirrus.example",
        "SECRET_KEY": "B0jrA9nq2m0w3m6nVw9mC8h0uQh1zYk3sX7dP5tR4KE=",
        "DATABASE_URL": "postgresql://app:Zq3vT8mXw2Lk@db.cirrus.example/app?sslmode=require",
    }  # fmt: skip
    done = run(package, "check", "--format", "json", **environ)
    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert (result["plan"]["platform"], result["plan"]["memory_mb"]) == ("cirrus", 384)


def test_it_is_among_all_the_others(package: Path):
    done = run(package, "manifests", "--output", "out")
    assert done.returncode == 0
    assert "cirrus.yaml: written (cirrus)" in done.stdout
    assert "render.yaml: written (render)" in done.stdout
    assert "cirrus.example/new?repo=" in run(package, "buttons").stdout
