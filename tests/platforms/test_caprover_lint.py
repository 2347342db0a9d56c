"""One-click apps as they are found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.caprover import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk, kinds_in, on_real
from tests.platforms.manifests import SHARED

APP = """captainVersion: 4
services:
  $$cap_appname:
    image: ghcr.io/example/app:$$cap_version
    environment:
      KEY: value
    caproverExtra:
      containerHttpPort: '8000'
caproverOneClickApp:
  variables:
    - id: $$cap_version
      label: Version
      defaultValue: 1.2.3
      validRegex: /.{1,}/
  instructions:
    start: Before.
    end: After.
  displayName: App
  description: An app.
"""
FIELD = "caproverOneClickApp.variables[%d]"
SERVICE = "services.$$cap_appname"


def kinds(text: str, name: str = "public/v4/apps/app.yml") -> dict[str, str]:
    return kinds_in(text, name)


def env(line: str) -> str:
    return APP.replace("KEY: value", line)


def service(lines: str) -> str:
    return APP.replace("    caproverExtra:\n", f"    {lines}\n    caproverExtra:\n")


def field(lines: str) -> str:
    return APP.replace("    - id: $$cap_version", f"    - {{{lines}}}\n    - id: $$cap_version")


def secret(default: str) -> str:
    return field(f"id: $$cap_secret, label: S, defaultValue: '{default}'").replace(
        "KEY: value", "SECRET_KEY: $$cap_secret"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (APP, {}),
        (APP.replace("captainVersion: 4", "captainVersion: '4'"), {}),
        (APP.replace("captainVersion: 4", "captainVersion: 2"), {"captainVersion": "file-retired"}),
        (APP.replace("captainVersion: 4", "captainVersion: 5"), {"captainVersion": "field-value"}),
        (APP.replace("    start: Before.\n", ""), {"caproverOneClickApp.instructions.start": "field-absent"}),
        (APP.replace("  description: An app.\n", ""), {"caproverOneClickApp.description": "field-absent"}),
        (APP.replace("An app.", "An app. " * 30), {"caproverOneClickApp.description": "value-loose"}),
        (APP.replace("label: Version", "labels: Version"), {f"{FIELD % 0}.label": "field-absent"}),
        (APP.replace("/.{1,}/", "'.{1,}'"), {f"{FIELD % 0}.validRegex": "field-form"}),
        (APP.replace("/.{1,}/", "''"), {}),
        (APP.replace("id: $$cap_version", "id: version"), {
            f"{FIELD % 0}.id": "field-form", f"{SERVICE}.image": "reference-unknown"}),
        (APP.replace("defaultValue: 1.2.3", "defaultValue: latest"), {f"{SERVICE}.image": "image-floating"}),
        (APP.replace("app:$$cap_version", "app"), {f"{SERVICE}.image": "image-floating"}),
        (APP.replace("      defaultValue: 1.2.3\n", ""), {}),
        (APP.replace("  $$cap_appname:", "  app:"), {"services.app": "value-loose"}),
        (env("URL: http://$$cap_appname.$$cap_root_domain"), {}),
        (env("URL: $$cap_nowhere"), {f"{SERVICE}.environment.URL": "reference-unknown"}),
        (env("A: 1\n      B: true\n      C:"), {}),
        (env("- KEY=value"), {f"{SERVICE}.environment": "value-loose"}),
        (env("KEY: [a]"), {f"{SERVICE}.environment.KEY": "field-type"}),
        (env("SECRET_KEY: abcdefgh"), {f"{SERVICE}.environment.SECRET_KEY": "secret-in-clear"}),
        (env("DATABASE_URL: postgres://u:hunter22@db/x"), {f"{SERVICE}.environment.DATABASE_URL": "secret-in-clear"}),
        (env("PGSSLMODE: disable"), {f"{SERVICE}.environment.PGSSLMODE": "tls-off"}),
        (secret("$$cap_gen_random_hex(64)"), {}),
        (secret(""), {}),
        (secret("hunter2hunter2"), {f"{FIELD % 0}.defaultValue": "secret-in-clear"}),
        (secret("$$cap_gen_random_hex(16)"), {f"{FIELD % 0}.defaultValue": "secret-shape"}),
        (secret("$$cap_gen_random_hex(300)"), {f"{FIELD % 0}.defaultValue": "secret-shape"}),
        (secret("$$cap_gen_random_alnum(40)"), {}),
        (secret("$$cap_gen_random_base64(32)"), {}),
        (secret("$$cap_gen_random_hex(64)").replace("SECRET_KEY", "APP_KEY"), {
            f"{FIELD % 0}.defaultValue": "secret-framework"}),
        (env("SECRET_KEY: $$cap_gen_random_hex(64)"), {}),
        (field("id: $$cap_ver, label: V"), {f"{FIELD % 1}.id": "fields-conflict"}),
        (field("id: $$cap_version_2, label: V"), {}),
        (field("id: $$cap_version, label: V"), {f"{FIELD % 1}.id": "fields-conflict"}),
        (field("id: $$cap_appname, label: V"), {f"{FIELD % 0}.id": "fields-conflict"}),
        (service("restart: always"), {}),
        (service("healthcheck: {test: x}"), {f"{SERVICE}.healthcheck": "value-loose"}),
        (service("enviroment: {A: b}"), {f"{SERVICE}.enviroment": "value-loose"}),
        (service("depends_on: [$$cap_appname-db]"), {f"{SERVICE}.depends_on[0]": "reference-unknown"}),
        (service("depends_on: {a: {condition: service_healthy}}"), {f"{SERVICE}.depends_on": "value-loose"}),
        (service("command: gunicorn -b 127.0.0.1:8000 app"), {f"{SERVICE}.command": "bind-loopback"}),
        (service("command: gunicorn -b 0.0.0.0:8000 app"), {}),
        (service("ports: ['8000:8000']"), {}),
        (service("ports: ['5432:5432']").replace("ghcr.io/example/app:$$cap_version", "postgres:17"), {
            f"{SERVICE}.ports": "database-open"}),
        (APP.replace("containerHttpPort: '8000'", "notExposeAsWebApp: 'false'"), {
            f"{SERVICE}.caproverExtra.notExposeAsWebApp": "value-loose"}),
        (APP.replace("containerHttpPort: '8000'", "notExposeAsWebApp: true"), {}),
        (APP.replace("containerHttpPort: '8000'", "dockerfileLines: [FROM a]"), {
            f"{SERVICE}.caproverExtra.dockerfileLines": "fields-conflict"}),
        (APP.replace("    image: ghcr.io/example/app:$$cap_version\n", ""), {f"{SERVICE}.image": "field-absent"}),
        ("captainVersion: 4\nservices: {}\n", {
            "services": "field-form", "caproverOneClickApp": "field-absent"}),
        (APP + "captainVersion: 4\n", {"captainVersion": "key-twice"}),
        ("", {"(top)": "manifest-empty"}),
        ("a: [\n", {"(top)": "manifest-unreadable"}),
    ],
)  # fmt: skip
def test_what_is_said(text, expected):
    assert kinds(text) == expected


def test_it_is_known_by_its_content():
    assert lint_text("mathesar.yml", APP).platform == "caprover"
    assert lint_text("captain-definition.json", '{"schemaVersion": 2, "imageName": "a:1"}').platform != "caprover"


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text("public/v4/apps/app.yml", secret("Zq3vT8mXw2Lk")).marks)
    assert "SECRET_KEY" in said
    assert "Zq3v" not in said


REAL = sorted((SHARED / "schemas" / "caprover").glob("example.*.yml"))


@on_real(REAL)
def test_the_official_repositorys_own_apps_have_no_finding(file):
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert (linted.platform, linted.marks) == ("caprover", ())


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from(
    ["$$cap_appname", "$$cap_x", "$$cap_gen_random_hex(9)"]
)  # fmt: skip
KEYS = ["captainVersion", "services", "caproverOneClickApp", "variables", "id", "defaultValue", "validRegex", "image",
        "environment", "depends_on", "caproverExtra", "notExposeAsWebApp", "ports", "$$cap_appname"]  # fmt: skip
JUNK = junk(KEYS, SCALARS)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JUNK))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document("app.yml", "", "yaml", data)
    assert lint.recognises(document) >= 0
    list(lint.lint(document))


@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    damaged = damage(draw, yaml.safe_load(secret("$$cap_gen_random_hex(64)")), JUNK)
    list(lint.lint(Document("app.yml", "", "yaml", damaged)))
