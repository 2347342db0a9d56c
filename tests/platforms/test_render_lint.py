"""render.yaml as it is found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.render import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk, kinds_in, on_real
from tests.platforms.manifests import corpus

WEB = "services:\n- {type: web, name: app, runtime: docker, plan: starter, healthCheckPath: /up%s}\n"
DATABASE = "databases:\n- {name: db, plan: basic-256mb, ipAllowList: []%s}\n"
IMAGE = WEB.replace("docker", "image, image: {url: 'nginx:latest'}")
KEYVALUE = "services:\n- {type: %s, name: r, plan: free}\n"
FIRST = "services[0].envVars[0]"
ENV = WEB % ", envVars: [%s]"


def kinds(text: str, name: str = "render.yaml") -> dict[str, str]:
    return kinds_in(text, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WEB % "", {}),
        (DATABASE % "", {}),
        (WEB.replace("runtime", "env") % "", {"services[0].env": "field-deprecated"}),
        (WEB.replace("starter", "Starter") % "", {"services[0].plan": "value-loose"}),
        (WEB.replace("starter", "starter plus") % "", {"services[0].plan": "plan-retired"}),
        (WEB.replace("starter", "huge") % "", {"services[0].plan": "plan-unknown"}),
        (WEB.replace("starter", "0.5c-512mb") % "", {}),
        (WEB.replace("plan: starter, ", "") % "", {"services[0]": "plan-implicit"}),
        (WEB.replace("healthCheckPath: /up", "branch: main") % "", {"services[0]": "health-missing"}),
        (WEB.replace("type: web", "type: worker").replace(", healthCheckPath: /up", "") % "", {}),
        (WEB.replace("runtime: docker", "runtime: docker, diks: x") % "", {"services[0].diks": "field-unknown"}),
        (WEB.replace("runtime: docker", "runtime: cobol") % "", {"services[0].runtime": "field-value"}),
        (WEB % ", numInstances: two", {"services[0].numInstances": "field-type"}),
        (WEB % ", maxShutdownDelaySeconds: 500", {"services[0].maxShutdownDelaySeconds": "field-form"}),
        (WEB % ", region: paris", {"services[0].region": "field-value"}),
        (WEB % ", startCommand: gunicorn -b 127.0.0.1:$PORT a", {"services[0].startCommand": "bind-loopback"}),
        (WEB % ", startCommand: gunicorn -b 0.0.0.0:8000 a", {"services[0].startCommand": "port-found"}),
        (WEB % ", startCommand: gunicorn -b 0.0.0.0:10000 a", {}),
        (WEB.replace("runtime: docker, ", "") % "", {"services[0].runtime": "field-absent"}),
        (WEB.replace("runtime: docker", "env: php") % "", {"services[0].env": "field-value"}),
        (WEB.replace("type: web", "type: cron").replace("starter", "pro max") % ", schedule: '* * * * *'", {
            "services[0].plan": "plan-unfit", "services[0].healthCheckPath": "field-unknown"}),
        (ENV % "{key: A, displayName: a, description: d, required: true, sync: false}", {}),
        (ENV % "{key: SECRET_KEY_BASE, generateValue: true}", {}),
        ((ENV % "{key: SECRET_KEY_BASE, generateValue: true}").replace("docker", "elixir"), {
            FIRST: "secret-framework"}),
        ("envVarGroups:\n- {name: g, envVars: [{key: A, sync: false}]}\n", {
            "envVarGroups[0].envVars[0].sync": "field-deprecated"}),
        ("envVarGroups:\n- {name: g, envVars: }\n", {"envVarGroups[0].envVars": "value-loose"}),
        ("version: 1\n" + WEB % "", {"version": "value-loose"}),
        (WEB % ", startCommand: gunicorn -b 0.0.0.0:8000 a, envVars: [{key: PORT, value: 8000}]", {}),
        (WEB % ", buildCommand: python manage.py migrate", {"services[0].buildCommand": "migrate-early"}),
        (IMAGE % "", {"services[0].image.url": "image-floating"}),
        (WEB.replace("starter", "free") % ", disk: {name: d, mountPath: /d}", {"services[0].disk": "plan-unfit"}),
        (WEB.replace("starter", "free") % ", preDeployCommand: x", {"services[0].preDeployCommand": "plan-unfit"}),
        (ENV % "{key: A, value: true}", {"services[0].envVars[0].value": "value-loose"}),
        (ENV % "{key: SECRET_KEY, value: abcdef}", {"services[0].envVars[0].value": "secret-in-clear"}),
        (ENV % "{key: SECRET_KEY, generateValue: true}", {}),
        (ENV % "{key: APP_KEY, generateValue: true}", {"services[0].envVars[0]": "secret-framework"}),
        (ENV % "{key: PGSSLMODE, value: disable}", {"services[0].envVars[0].value": "tls-off"}),
        (ENV % "{value: x}", {"services[0].envVars[0].key": "field-absent"}),
        (ENV % "{key: A, fromDatabase: {name: db, property: url}}", {
            f"{FIRST}.fromDatabase.property": "field-value", f"{FIRST}.fromDatabase": "reference-unknown"}),
        (ENV % "{fromGroup: shared}", {}),
        (KEYVALUE.replace("}", ", ipAllowList: []}") % "redis", {"services[0].type": "value-deprecated"}),
        (KEYVALUE % "keyvalue", {"services[0].ipAllowList": "field-absent"}),
        ("services:\n- {type: pserv, name: r, plan: free, runtime: docker}\n", {"services[0].plan": "plan-unfit"}),
        ("services:\n- {type: web, name: s, runtime: static, staticPublishPath: ./x}\n", {}),
        (DATABASE.replace("basic-256mb", "starter") % "", {"databases[0].plan": "plan-retired"}),
        (DATABASE.replace("basic-256mb", "pro-16gb") % "", {}),
        (DATABASE.replace(", ipAllowList: []", "") % "", {"databases[0]": "database-open"}),
        (DATABASE.replace("[]", "[{source: 0.0.0.0/0}]") % "", {"databases[0].ipAllowList[0].source": "database-open"}),
        (DATABASE % ", postgresMajorVersion: 16", {"databases[0].postgresMajorVersion": "value-loose"}),
        (DATABASE % ", postgresMajorVersion: '12'", {"databases[0].postgresMajorVersion": "version-retired"}),
        (DATABASE % ", postgresMajorVersion: '19'", {"databases[0].postgresMajorVersion": "field-value"}),
        (KEYVALUE.replace("}", ", ipAllowList: [{source: 0.0.0.0/0}]}") % "keyvalue", {
            "services[0].ipAllowList[0].source": "database-open"}),
        (DATABASE % ", diskSizeGB: 7", {"databases[0].diskSizeGB": "field-form"}),
        ("previewsEnabled: true\n" + WEB % "", {"previewsEnabled": "field-deprecated"}),
        ("service: []\n" + WEB % "", {"service": "field-unknown"}),
        (WEB % "" + "services: []\n", {"services": "key-twice"}),
        ("projects:\n- {name: p, environments: [{name: e, databases: [{name: d, plan: pro, ipAllowList: []}]}]}\n", {
            "projects[0].environments[0].databases[0].plan": "plan-retired"}),
        ("", {"(top)": "manifest-empty"}),
        ("- a\n", {"(top)": "manifest-empty"}),
        ("services: [\n", {"(top)": "manifest-unreadable"}),
    ],
)  # fmt: skip
def test_what_is_said(text, expected):
    assert kinds(text) == expected


def test_the_other_ending_is_not_read():
    assert kinds(WEB % "", "render.yml") == {"(top)": "file-misplaced"}


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text("render.yaml", ENV % "{key: SECRET_KEY, value: Zq3vT8mXw2Lk}").marks)
    assert "SECRET_KEY" in said
    assert "Zq3v" not in said


REAL = corpus("render")


@on_real(REAL)
def test_real_files_are_read_without_a_false_invalid(file: Path):
    """Render takes them all; what its schema refuses in them is old or loose, not wrong."""
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert linted.platform == "render"
    assert [str(item.finding) for item in linted.marks if item.finding.kind.startswith("field-")
            and item.finding.severity == "error"] == []  # fmt: skip


JUNK = junk(
    ["type", "name", "plan", "envVars", "key", "value", "services", "databases", "projects", "image", "fromDatabase"]
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["services", "databases", "projects", "ungrouped", "envVarGroups", "x"]), JUNK))
def test_no_document_breaks_it(data: dict[str, Any]):
    list(lint.lint(Document("render.yaml", "", "yaml", data)))


@settings(max_examples=200)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    data = yaml.safe_load(WEB % ", envVars: [{key: A, fromDatabase: {name: db, property: host}}]" + DATABASE % "")
    damaged = damage(draw, data, JUNK)
    list(lint.lint(Document("render.yaml", "", "yaml", damaged)))
