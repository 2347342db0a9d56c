"""Requests for a service as people write them: a table of changes and what must be said of each, and nothing more."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.koyeb import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk

PATH = "platforms/koyeb/service.json"
GOOD: dict[str, Any] = {
    "type": "WEB",
    "regions": ["fra"],
    "instance_types": [{"type": "nano"}],
    "ports": [{"port": 8000, "protocol": "http"}],
    "routes": [{"port": 8000, "path": "/"}],
    "env": [],
    "health_checks": [{"http": {"port": 8000, "path": "/up"}}],
    "docker": {"image": "docker.io/koyeb/demo:1.2.3"},
}
GIT = {"git": {"repository": "github.com/koyeb/example-flask", "branch": "main"}}
DOCKER = "definition.docker"


def kinds(definition: dict[str, Any], **more: Any) -> dict[str, str]:
    linted = lint_text(PATH, json.dumps({"name": "a", "definition": definition, **more}))
    assert linted.platform == "koyeb"
    return {item.finding.variable.removeprefix("definition."): item.finding.kind for item in linted.marks}


def env(key: str, **more: str) -> dict[str, Any]:
    return {"env": [{"key": key, **more}]}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {}),
        ({"name": "a"}, {"name": "field-deprecated"}),
        ({"typo": 1}, {"typo": "field-unknown"}),
        ({"type": "web"}, {"type": "field-value"}),
        ({"strategy": {"type": "DEPLOYMENT_STRATEGY_TYPE_INVALID"}}, {"strategy.type": "value-deprecated"}),
        ({"ports": [{"port": "8000"}]}, {"ports[0].port": "value-loose"}),
        ({"ports": [{"port": 8000, "protocol": "udp"}]}, {"ports[0].protocol": "field-value"}),
        ({"ports": [{"port": 0}], "routes": [], "health_checks": GOOD["health_checks"]}, {
            "ports[0].port": "field-form", "health_checks[0].http.port": "reference-unknown"}),
        ({"routes": [{"port": 9000, "path": "/"}]}, {"routes[0].port": "reference-unknown"}),
        ({"health_checks": []}, {"definition": "health-missing"}),
        ({"health_checks": [{"tcp": {"port": 8000}}]}, {"definition": "health-missing"}),
        ({"health_checks": [], "type": "WORKER"}, {}),
        ({"instance_types": [{"type": "huge"}]}, {"instance_types[0].type": "plan-unknown"}),
        ({"instance_types": [{"type": "gpu-nvidia-l40s"}]}, {}),
        ({"instance_types": [{"type": "4-gpu-tenstorrent-n300s"}]}, {}),
        ({"instance_types": [{}]}, {"instance_types[0].type": "field-absent"}),
        ({"regions": ["mars"]}, {"regions[0]": "value-deprecated"}),
        ({"docker": {"image": "koyeb/demo"}}, {"docker.image": "image-floating"}),
        ({"docker": {}}, {"docker.image": "field-absent"}),
        (GIT, {"git": "fields-conflict"}),
        ({"docker": {"image": "a:1.2", "command": "gunicorn -b 127.0.0.1:8000"}}, {"docker.command": "bind-loopback"}),
        ({"docker": {"image": "a:1.2", "command": "gunicorn", "args": ["-b", "0.0.0.0:8000"]}}, {}),
        (env("SECRET_KEY", value="abcdef"), {"env[0].value": "secret-in-clear"}),
        (env("SECRET_KEY", value="{{ secret.KEY }}"), {}),
        (env("SECRET_KEY", secret="KEY"), {}),
        (env("SECRET_KEY", secret="KEY", value="{{ x }}"), {"env[0]": "fields-conflict"}),
        (env("DATABASE_URL", value="postgres://a:s3cret@h/d"), {"env[0].value": "secret-in-clear"}),
        (env("TITLE", value="CHANGE_ME"), {"env[0].value": "value-placeholder"}),
        (env("PGSSLMODE", value="disable"), {"env[0].value": "tls-off"}),
        (env("PORT", value="8000"), {}),
        (env("PORT", value="3000"), {"env[0].value": "port-fixed"}),
        ({"env": [{"value": "x"}]}, {"env[0].key": "field-absent"}),
        ({"scalings": [{"min": "1", "max": 1}]}, {"scalings[0].min": "value-loose"}),
        ({"scalings": [{"min": 0, "max": 1, "targets": [{"sleep_idle_delay": {"value": 300}}]}]}, {
            "scalings[0].targets[0].sleep_idle_delay.value": "field-deprecated"}),
    ],
)  # fmt: skip
def test_what_is_said(change, expected):
    assert kinds(GOOD | change) == expected


@pytest.mark.parametrize(
    ("git", "expected"),
    [
        ({}, {}),
        ({"run_command": "x"}, {"git.run_command": "field-deprecated"}),
        ({"build_command": "python manage.py migrate"}, {"git.build_command": "migrate-at-build"}),
        ({"buildpack": {"build_command": "x", "run_command": "gunicorn a"}}, {}),
        ({"buildpack": {}, "docker": {}}, {"git.docker": "fields-conflict"}),
        ({"docker": {"dokerfile": "x"}}, {"git.docker.dokerfile": "field-unknown"}),
    ],
)
def test_what_is_said_of_a_repository(git, expected):
    assert kinds(without("docker") | {"git": GIT["git"] | git}) == expected


def test_a_definition_may_stand_alone():
    linted = lint_text("koyeb.json", json.dumps(GOOD | {"name": "a", "regions": "fra"}))
    assert linted.platform == "koyeb"
    assert [(item.finding.variable, item.finding.kind) for item in linted.marks] == [("regions", "field-type")]


def test_other_json_is_not_ours():
    for data in ({"name": "a", "docker": {}}, {"regions": []}, {"git": "x", "scalings": []}, {}):
        assert lint.recognises(Document("x.json", "", "json", data)) == 0


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://app.koyeb.com/deploy", "button-implicit"),
        ("https://app.koyeb.com/deploy?type=git&branch=main", "button-implicit"),
        ("https://app.koyeb.com/deploy?type=git&repository=github.com/a/b&branch=main", None),
        ("https://app.koyeb.com/services/deploy?type=git&repository=github.com/a/b", None),
        ("https://app.koyeb.com/deploy?type=docker&image=ghcr.io/a/b:latest", "image-floating"),
        ("https://app.koyeb.com/deploy?type=docker&image=ghcr.io%2Fa%2Fb%3A1.2", None),
        ("https://www.koyeb.com/static/images/deploy/button.svg", None),
        ("https://app.koyeb.com/apps", None),
        ("https://[app.koyeb.com", None),
    ],
)
def test_links(url, kind):
    assert lint.judge_link(url) == kind


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text(PATH, json.dumps({"definition": GOOD | env("SECRET_KEY", value="Zq3vT8mXw2Lk")})).marks)
    assert "SECRET_KEY" in said
    assert "Zq3v" not in said


KEYS = [*GOOD, "git", "http", "port", "key", "value", "secret", "image", "command", "args", "scalings", "targets",
        "sleep_idle_delay", "definition", "database", "strategy", "name"]  # fmt: skip
JUNK = junk(KEYS)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JUNK))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document(PATH, "", "json", data)
    before = copy.deepcopy(data)
    assert 0 <= lint.recognises(document) <= 100
    list(lint.lint(document))
    assert document.data == before


@settings(max_examples=200)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    damaged = damage(draw, {"name": "a", "definition": GOOD | GIT | env("A", value="b")}, JUNK)
    list(lint.lint(Document(PATH, "", "json", damaged)))
