"""The button's app.json and Knative services: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.cloudrun import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk

PATH = "platforms/cloudrun/app.json"
# After the button's own documentation: every key that it has.
FULL = {
    "name": "foo-app",
    "env": {
        "BACKGROUND_COLOR": {"description": "a css colour", "value": "#fefefe", "required": False},
        "TITLE": {"description": "title for your site"},
        "APP_SECRET": {"generator": "secret"},
        "ORDERED_ENV": {"description": "asked first", "order": 100},
    },
    "options": {"allow-unauthenticated": False, "memory": "512Mi", "cpu": "1", "port": 80, "http2": False},
    "build": {"skip": False, "buildpacks": {"builder": "some/builderimage"}},
    "hooks": {name: {"commands": ["./setup.sh"]} for name in ("prebuild", "postbuild", "precreate", "postcreate")},
}
SERVICE = """
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: app}
spec:
  template:
    spec:
      containers:
      - image: %s
        %s
"""
GOOD = ("docker.io/example/app:1.2.3", "startupProbe: {httpGet: {path: /up}}")
AT = "spec.template.spec.containers[0]"


def kinds(text: str, name: str = PATH) -> dict[str, str]:
    linted = lint_text(name, text, "cloudrun")
    return {item.finding.variable: item.finding.kind for item in linted.marks}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (FULL, {}),
        ({"name": "a"}, {}),
        ({"name": "a", "website": "https://x.org", "keywords": ["a"], "stack": "container", "formation": {}}, {}),
        ({"name": "a", "addons": []}, {"addons": "field-unknown"}),
        ({"name": 1}, {"name": "field-type"}),
        ({"env": {"A": "x"}}, {"env.A": "field-type"}),
        ({"env": {"A": {"vlaue": "x"}}}, {"env.A.vlaue": "field-unknown"}),
        ({"env": {"A": {"value": True}}}, {"env.A.value": "field-type"}),
        ({"env": {"A": {"required": "no"}}}, {"env.A.required": "field-type"}),
        ({"env": {"A": {"value": "<REQUIRED>"}}}, {"env.A.value": "value-placeholder"}),
        ({"env": {"A": {"value": "x", "generator": "secret"}}}, {"env.A": "fields-conflict"}),
        ({"env": {"A": {"value": "", "generator": "secret"}}}, {}),
        ({"env": {"A": {"generator": "uuid"}}}, {"env.A.generator": "value-loose"}),
        ({"env": {"SECRET_KEY": {"generator": "secret"}}}, {}),
        ({"env": {"APP_KEY": {"generator": "secret"}}}, {"env.APP_KEY": "secret-framework"}),
        ({"env": {"DATABASE_URL": {"generator": "secret"}}}, {"env.DATABASE_URL": "secret-shape"}),
        ({"env": {"SECRET_KEY": {"value": "abcdef"}}}, {"env.SECRET_KEY.value": "secret-in-clear"}),
        ({"env": {"PGSSLMODE": {"value": "disable"}}}, {"env.PGSSLMODE.value": "tls-off"}),
        ({"env": {"PORT": {"value": "80"}}}, {"env.PORT": "field-form"}),
        ({"require-auth": True}, {"require-auth": "field-unknown"}),
        ({"options": {"memory": "512 MB"}}, {"options.memory": "field-form"}),
        ({"options": {"memory": 512}}, {"options.memory": "field-type"}),
        ({"options": {"cpu": "3"}}, {"options.cpu": "plan-unknown"}),
        ({"options": {"cpu": "0.5"}}, {}),
        ({"options": {"cpu": "1000m"}}, {}),
        ({"options": {"port": "80"}}, {"options.port": "field-type"}),
        ({"options": {"max-instances": 1001}}, {"options.max-instances": "field-form"}),
        ({"options": {"max_instances": 10}}, {"options.max_instances": "field-unknown"}),
        ({"hooks": {"prebuild": ["make"]}}, {"hooks.prebuild": "field-type"}),
        ({"hooks": {"postdeploy": {"commands": []}}}, {"hooks.postdeploy": "field-unknown"}),
        ({"hooks": {"precreate": {"commands": ["NODE_TLS_REJECT_UNAUTHORIZED=0 ./x"]}}}, {
            "hooks.precreate.commands[0]": "tls-off"}),
    ],
)  # fmt: skip
def test_what_is_said(data, expected):
    assert kinds(json.dumps(data)) == expected


@pytest.mark.parametrize(
    ("image", "rest", "expected"),
    [
        (*GOOD, {}),
        ("us-docker.pkg.dev/cloudrun/container/hello:1", GOOD[1], {}),
        (GOOD[0], "startupProbe: {tcpSocket: {port: 8080}}", {AT: "health-missing"}),
        ("nginx", GOOD[1], {f"{AT}.image": "image-floating"}),
        ("ghcr.io/example/app:1.2.3", GOOD[1], {f"{AT}.image": "field-form"}),
        (GOOD[0], f"{GOOD[1]}\n        ports: [{{containerPort: 80}}]", {}),
        (GOOD[0], f"{GOOD[1]}\n        ports: [{{containerPort: many}}]", {
            f"{AT}.ports[0].containerPort": "field-type"}),
        (GOOD[0], f"{GOOD[1]}\n        args: [gunicorn, -b, '0.0.0.0:8080']", {f"{AT}.args": "port-fixed"}),
        (GOOD[0], f"{GOOD[1]}\n        env: [{{name: PORT, value: '80'}}]", {f"{AT}.env[0].name": "field-form"}),
        (GOOD[0], f"{GOOD[1]}\n        env: [{{name: A, value: CHANGEME}}]", {
            f"{AT}.env[0].value": "value-placeholder"}),
        (GOOD[0], f"{GOOD[1]}\n        env: [{{name: API_KEY, value: s3cr3tvalue}}]", {
            f"{AT}.env[0].value": "secret-in-clear"}),
        (GOOD[0], f"{GOOD[1]}\n        env: [{{name: A, value: x, valueFrom: {{}}}}]", {
            f"{AT}.env[0]": "fields-conflict"}),
        (GOOD[0], f"{GOOD[1]}\n        env: [{{name: A, valueFrom: {{secretKeyRef: {{name: a}}}}}}]", {
            f"{AT}.env[0].valueFrom.secretKeyRef.key": "field-absent"}),
    ],
)  # fmt: skip
def test_what_is_said_of_a_service(image, rest, expected):
    assert kinds(SERVICE % (image, rest), "service.yaml") == expected


def test_files_are_recognised():
    assert lint_text("app.json", json.dumps({"hooks": FULL["hooks"]})).platform == "cloudrun"
    assert lint_text("cloudrun.yaml", SERVICE % GOOD).platform == "cloudrun"
    assert lint_text(PATH, json.dumps({"name": "a"})).platform == "cloudrun"
    plain = Document("service.yaml", "", "yaml", {"apiVersion": "v1", "kind": "Service"})
    assert lint.recognises(plain) == 0


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://deploy.cloud.run", "button-implicit"),
        ("https://deploy.cloud.run/?dir=x", "button-implicit"),
        ("https://deploy.cloud.run/?git_repo=https://github.com/a/b.git", None),
        ("https://deploy.cloud.run/button.svg", None),
        ("https://example.org/deploy.cloud.run", None),
        ("https://[deploy.cloud.run", None),
    ],
)
def test_links(url, kind):
    assert lint.judge_link(url) == kind


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text(PATH, json.dumps({"env": {"SECRET_KEY": {"value": "Zq3vT8mXw2Lk"}}})).marks)
    assert "SECRET_KEY" in said
    assert "Zq3v" not in said


KEYS = [
    "env", "options", "hooks", "build", "commands", "value", "generator", "memory", "cpu", "prebuild", "name",
    "spec", "template", "containers", "image", "httpGet", "startupProbe", "valueFrom",
]  # fmt: skip
JUNK = junk(KEYS)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from([*KEYS, "apiVersion", "kind", "require-auth"]), JUNK), st.booleans())
def test_no_document_breaks_it(data: dict[str, Any], knative):
    if knative:
        data |= {"apiVersion": "serving.knative.dev/v1", "kind": "Service"}
    document = Document(PATH, "", "yaml" if knative else "json", data)
    before = copy.deepcopy(data)
    assert 0 <= lint.recognises(document) <= 100
    list(lint.lint(document))
    assert document.data == before


@settings(max_examples=200)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    rest = f"{GOOD[1]}\n        env: [{{name: A, valueFrom: {{secretKeyRef: {{name: a, key: b}}}}}}]"
    damaged = damage(draw, draw.draw(st.sampled_from([FULL, yaml.safe_load(SERVICE % (GOOD[0], rest))])), JUNK)
    list(lint.lint(Document(PATH, "", "json", damaged)))
