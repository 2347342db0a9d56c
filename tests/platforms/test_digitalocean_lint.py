"""App specs as they are found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.digitalocean import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import junk, on_real
from tests.platforms.manifests import corpus

Parts = dict[str, Any]
SERVICE: Parts = {
    "name": "web", "image": {"registry_type": "GHCR", "registry": "o", "repository": "app", "tag": "1.2"},
    "instance_size_slug": "apps-s-1vcpu-0.5gb", "http_port": 8000, "health_check": {"http_path": "/up"},
}  # fmt: skip


def kinds(spec: Any, name: str = ".do/app.yaml") -> dict[str, str]:
    return {item.finding.variable: item.finding.kind for item in lint_text(name, yaml.safe_dump(spec)).marks}


def service(**more: Any) -> Parts:
    changed = {key: value for key, value in (SERVICE | more).items() if value is not None}
    return {"name": "app", "region": "nyc", "services": [changed]}


def envs(*envs: Parts) -> Parts:
    return service(envs=list(envs))


def database(**more: Any) -> Parts:
    return service() | {"databases": [{"name": "db", "engine": "PG", "version": "17", **more}]}


FIRST, ENV = "services[0]", "services[0].envs[0].value"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (service(), {}),
        (service(health_check=None), {FIRST: "health-missing"}),
        (service(health_check={"port": 1}), {FIRST: "health-missing"}),
        (service(internal_ports=[5432], health_check=None), {}),
        (service(instance_size_slug="basic-xxs"), {f"{FIRST}.instance_size_slug": "value-deprecated"}),
        (service(instance_size_slug="huge"), {f"{FIRST}.instance_size_slug": "plan-unknown"}),
        (service(instance_size_slug=None), {FIRST: "plan-implicit"}),
        (service(routes=[{"path": "/"}]), {f"{FIRST}.routes": "field-deprecated"}),
        (service(image={"registry_type": "GHCR", "repository": "app", "tag": "latest"}), {
            f"{FIRST}.image.tag": "image-floating"}),
        (service(image={"registry_type": "GHCR", "repository": "app", "tag": 1.2}), {
            f"{FIRST}.image.tag": "value-loose"}),
        (service(image={"registry_type": "QUAY", "repository": "app", "tag": "1"}), {
            f"{FIRST}.image.registry_type": "field-value"}),
        (service(http_prot=1), {f"{FIRST}.http_prot": "field-unknown"}),
        (service(http_port="8000"), {f"{FIRST}.http_port": "field-type"}),
        (service(name="Web"), {f"{FIRST}.name": "field-form"}),
        (service(run_command="gunicorn -b 0.0.0.0:8000 a"), {}),
        (service(run_command="gunicorn -b 0.0.0.0:8000 a", http_port=None), {f"{FIRST}.run_command": "port-fixed"}),
        (service(run_command="gunicorn -b 127.0.0.1:8000 a"), {f"{FIRST}.run_command": "bind-loopback"}),
        (service(build_command="python manage.py migrate"), {f"{FIRST}.build_command": "migrate-at-build"}),
        (service(instance_count=2, autoscaling={"min_instance_count": 1, "max_instance_count": 2},
                 instance_size_slug="apps-d-1vcpu-1gb"), {f"{FIRST}.instance_count": "fields-conflict"}),
        (service(autoscaling={"metrics": {"cpu": {"percent": 70}}}), {f"{FIRST}.autoscaling": "plan-unfit"}),
        (service(inactivity_sleep={"after_seconds": 600}), {}),
        (service() | {"region": "mars"}, {"region": "field-value"}),
        (service() | {"region": "nyc3"}, {}),
        (service() | {"features": ["buildpack-stack=ubuntu-22"], "alerts": [{"rule": "DEPLOYMENT_FAILED"}]}, {}),
        (service() | {"ingress": {"rules": [{"component": {"name": "web", "preserve_path_prefix": True}}]}}, {}),
        (service() | {"sevices": []}, {"sevices": "field-unknown"}),
        (envs({"key": "A", "value": "x"}), {}),
        (envs({"key": "A", "value": True}), {ENV: "value-loose"}),
        (envs({"key": "A", "value": "x", "scope": "ALWAYS"}), {"services[0].envs[0].scope": "field-value"}),
        (envs({"value": "x"}), {"services[0].envs[0].key": "field-absent"}),
        (envs({"key": "SECRET_KEY", "value": "abcdef"}), {ENV: "secret-in-clear"}),
        (envs({"key": "SECRET_KEY", "value": "<REQUIRED>", "type": "SECRET"}), {ENV: "value-placeholder"}),
        (envs({"key": "SECRET_KEY", "value": "EV[1:abc:def]", "type": "SECRET"}), {}),
        (envs({"key": "SECRET_KEY", "type": "SECRET"}), {}),
        (envs({"key": "HOST", "value": "${APP_DOMAIN}"}), {}),
        (envs({"key": "DATABASE_URL", "value": "${db.DATABASE_URL}"}), {ENV: "reference-unknown"}),
        (envs({"key": "DATABASE_URL", "value": "postgres://h/d?sslmode=no-verify"}), {ENV: "tls-off"}),
        (database(), {}),
        (database(version=16), {"databases[0].version": "value-loose"}),
        (database(version="12"), {"databases[0].version": "version-retired"}),
        (database(engine="POSTGRES"), {"databases[0].engine": "field-value"}),
        (service() | {"jobs": [{"name": "migrate", "run_command": "python manage.py migrate"}]}, {
            "jobs[0]": "value-deprecated"}),
        (service() | {"jobs": [{"name": "migrate", "kind": "PRE_DEPLOY", "run_command": "rails db:migrate"}]}, {}),
    ],
)  # fmt: skip
def test_what_is_said(spec: Parts, expected: dict[str, str]):
    assert kinds(spec) == expected
    nested = {f"spec.{at}": kind for at, kind in expected.items()}
    assert kinds({"spec": spec}, ".do/deploy.template.yaml") == nested


@pytest.mark.parametrize(
    ("spec", "name", "expected"),
    [
        (service(), ".do/deploy.template.yaml", {"(top)": "file-misplaced"}),
        ({"spec": service()}, ".do/deploy.template.yml", {"(top)": "file-misplaced"}),
        ({"spec": service()}, ".do/app.yaml", {"spec": "field-deprecated"}),
    ],
)
def test_where_it_has_to_lie(spec: Parts, name: str, expected: dict[str, str]):
    assert kinds(spec, name) == expected


def test_buttons():
    assert lint.judge_link("https://cloud.digitalocean.com/apps/new") == "button-implicit"
    assert lint.judge_link("https://cloud.digitalocean.com/apps/new?repo=https://github.com/a/b/tree/main") is None


REAL = corpus("digitalocean")


@on_real(REAL)
def test_real_files_are_read_without_a_false_invalid(file: Path):
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert linted.platform == "digitalocean"
    wrong = [
        item for item in linted.marks if item.finding.kind.startswith("field-") and item.finding.severity == "error"
    ]
    assert [str(item.finding) for item in wrong] == []


JUNK = junk(["name", "envs", "key", "value", "image", "tag", "routes", "autoscaling", "rules", "component", "version"])
KEYS = ["services", "jobs", "databases", "ingress", "envs", "spec", "region", "name", "functions"]


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JUNK))
def test_no_document_breaks_it(data: Parts):
    document = Document(".do/app.yaml", "", "yaml", data)
    list(lint.lint(document))
    assert lint.recognises(document) >= 0
