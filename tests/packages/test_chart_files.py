"""What the chart's files promise without Helm: one version, every value described, the page's table, the lock."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import yaml

from provisioner.facts import load_facts, tomllib

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging" / "helm"
CHART = FOLDER / "mathesar"
FACTS = load_facts(str(ROOT / "platforms" / "kubernetes" / "contract.py"))


def table() -> Any:
    """Return the module that writes the table of values."""
    spec = importlib.util.spec_from_file_location("values_table", FOLDER / "values_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def values() -> Any:
    return yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))


def test_the_table_is_as_generated():
    assert table().page() == (FOLDER / "README.md").read_text(encoding="utf-8")


def test_each_value_is_described_in_a_sentence():
    rows = list(table().rows())
    assert len(rows) > 50
    for path, _, words in rows:
        assert re.fullmatch(r"[A-Z`].*[.]", words), path


def test_nothing_but_what_is_described_is_taken():
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))

    def walk(part: dict[str, Any], path: str) -> None:
        if "properties" in part:
            assert part.get("additionalProperties") is False, path
        for name, inner in part.get("properties", {}).items():
            walk(inner, f"{path}.{name}")
        if isinstance(part.get("items"), dict):
            walk(part["items"], f"{path}[]")

    walk(schema, "values")


def test_the_chart_has_the_projects_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    semver = re.sub(r"[a-z]+", r"-\g<0>.", project["version"])
    assert (chart["version"], chart["appVersion"]) == (semver, project["version"])


def test_the_chart_agrees_with_the_facts():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["kubeVersion"] == f">={FACTS.text('kubernetes_version')}.0-0"
    given = values()
    assert given["resources"]["limits"]["memory"] == f"{FACTS.integer('memory_mb')}Mi"
    assert given["database"]["trial"]["resources"]["limits"]["memory"] == f"{FACTS.integer('database_memory_mb')}Mi"
    assert given["database"]["connectionLimit"] == FACTS.integer("connection_limit")
    deployment = (CHART / "templates" / "deployment.yaml").read_text(encoding="utf-8")
    assert f"add {FACTS.integer('shutdown_seconds')} .Values.preStopSeconds" in deployment
    assert f"containerPort: {FACTS.integer('default_port')}" in deployment


def test_the_trial_database_is_composes():
    compose = load_facts(str(ROOT / "platforms" / "compose" / "contract.py"))
    assert values()["database"]["trial"]["image"] == compose.text("database_image")
    template = (CHART / "templates" / "database-trial.yaml").read_text(encoding="utf-8")
    assert f'"mathesar.podSecurity" {compose.text("database_user").partition(":")[0]} ' in template
    assert f"mountPath: {compose.text('database_folder')}\n" in template


def test_the_lock_has_hashes_and_agrees_with_that_of_the_tests():
    text = (FOLDER / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+.*?) \\$", text, re.MULTILINE))
    assert {"helm-python-sdk", "kubernetes-validate"} <= set(pinned)
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\w)", text) if "==" in block.partition("\n")[0])
    dev = dict(
        re.findall(
            r"^([\w.-]+)==(\S+.*?) \\$", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert {name for name in pinned if name in dev and dev[name] != pinned[name]} == set()
    names = re.findall(r"^[\w-]+(?=\s+#)", (FOLDER / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert names == ["helm-python-sdk", "kubernetes-validate"]
