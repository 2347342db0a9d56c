"""Service templates as they are found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.coolify import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk, kinds_in, on_real
from tests.platforms.manifests import SHARED

APP = """# documentation: https://example.com
# slogan: An app.
# port: 8000

services:
  app:
    image: example/app:1.2
    environment:
      - SERVICE_URL_APP_8000
      - KEY=value
    healthcheck:
      test: ["CMD", "true"]
"""
BOTH = "      - SERVICE_URL_APP_8000\n      - KEY=value\n"
LINE = "services.app.environment[1]"


def kinds(text: str, name: str = "templates/compose/app.yaml") -> dict[str, str]:
    return kinds_in(text, name)


def env(line: str) -> str:
    return APP.replace("- KEY=value", f"- {line}")


def service(lines: str) -> str:
    return APP.replace("    healthcheck:", f"    {lines}\n    healthcheck:")


def beside(image: str, more: str = "") -> str:
    return APP + f"  other:\n    image: {image}\n{more}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (APP, {}),
        ("version: '3.8'\n" + APP, {"version": "field-deprecated"}),
        (APP.replace("example/app:1.2", "example/app"), {"services.app.image": "image-floating"}),
        (APP.replace("example/app:1.2", "example/app:${TAG:-latest}"), {"services.app.image": "image-floating"}),
        (APP.replace("example/app:1.2", "example/app:${TAG}"), {}),
        (APP.replace("    image: example/app:1.2\n", ""), {"services.app.image": "field-absent"}),
        (APP.replace("image: example/app:1.2", "build: ."), {}),
        (APP.replace("image: example/app:1.2", "build: {context: .}"), {}),
        (APP.replace('    healthcheck:\n      test: ["CMD", "true"]\n', ""), {"services.app": "health-missing"}),
        (APP.replace('["CMD", "true"]', "[NONE]"), {"services.app": "health-missing"}),
        (APP.replace('["CMD", "true"]', "curl -f http://localhost || exit 1"), {}),
        (APP.replace('      test: ["CMD", "true"]', "      disable: true"), {"services.app": "health-missing"}),
        (APP.replace("      - SERVICE_URL_APP_8000\n", "").replace(
            '    healthcheck:\n      test: ["CMD", "true"]\n', ""), {}),
        (env("A: b"), {LINE: "field-type"}),
        (APP.replace(BOTH, "      SERVICE_URL_APP_8000: /\n      A: 1\n"), {}),
        (APP.replace(BOTH, "      A: [1]\n"), {"services.app.environment.A": "field-type"}),
        (env("SECRET_KEY=$SERVICE_BASE64_64_KEY"), {}),
        (env("SECRET_KEY=${SERVICE_REALBASE64_64_KEY}"), {}),
        (env("SECRET_KEY=${SERVICE_HEX_32_KEY}"), {}),
        (env("SECRET_KEY=${SERVICE_USER_KEY}"), {LINE: "secret-shape"}),
        (env("APP_KEY=${SERVICE_PASSWORD_KEY}"), {LINE: "secret-framework"}),
        (env("FERNET_KEY=${SERVICE_REALBASE64_32_KEY}"), {LINE: "secret-framework"}),
        (env("SECRET_KEY=${SERVICE_PASSWORD_MY_KEY}"), {LINE: "secret-shape"}),
        (env("SECRET_KEY=${SERVICE_PASSWORD_32_KEY}"), {LINE: "secret-shape"}),
        (env("A=${SERVICE_PASSWORDWITHSYMBOLS_64_A}"), {}),
        (env("A=${SERVICE_SUPABASEANON_KEY}"), {}),
        (env("A=${SERVICE_EMAIL_ADMIN}"), {}),
        (env("URL=postgres://$SERVICE_USER_DB:$SERVICE_PASSWORD_DB@db:5432/x"), {}),
        (env("URL=postgres://u:hunter22@db:5432/x"), {LINE: "secret-in-clear"}),
        (env("SECRET_KEY=abcdefghijkl"), {LINE: "secret-in-clear"}),
        (env("SECRET_KEY=${SECRET_KEY:-abcdefghijkl}"), {LINE: "secret-in-clear"}),
        (env("SECRET_KEY=${SECRET_KEY:?}"), {}),
        (env("SECRET_KEY=${SECRET_KEY}"), {}),
        (env("SECRET_KEY=$${SERVICE_NO_SUCH_THING}"), {}),
        (env("PGSSLMODE=disable"), {LINE: "tls-off"}),
        (env("HOST=${SERVICE_FQDN_APP}"), {}),
        (env("HOST=${SERVICE_FQDN_OTHER}"), {LINE: "reference-unknown"}),
        (beside("nginx:1.27").replace("KEY=value", "HOST=${SERVICE_FQDN_OTHER}"), {}),
        (APP.replace("SERVICE_URL_APP_8000", "SERVICE_URL_ANYTHING_8000"), {}),
        (service("depends_on: [db]"), {"services.app.depends_on[0]": "reference-unknown"}),
        (service("depends_on: {db: {condition: service_healthy}}"), {
            "services.app.depends_on.db": "reference-unknown"}),
        (service("exclude_from_hc: true"), {}),
        (service("volumes: [{type: bind, source: ./a, target: /a, is_directory: true}]"), {}),
        (service("volumes: data:/data"), {"services.app.volumes": "field-type"}),
        (service("command: gunicorn -b 127.0.0.1:8000 app"), {"services.app.command": "bind-loopback"}),
        (service("command: [gunicorn, -b, '0.0.0.0:8000', app]"), {}),
        (service("ports: ['8000:8000']"), {}),
        (beside("postgres:17"), {}),
        (beside("postgres:17", "    ports: ['5432:5432']\n"), {"services.other.ports": "database-open"}),
        (beside("bitnami/redis:7", "    ports: []\n"), {}),
        (beside("redis"), {"services.other.image": "image-floating"}),
        ("services: {}\n", {"services": "field-form"}),
        ("services: []\n", {"services": "field-type"}),
        (service("image: example/app:1.2"), {"services.app.image": "key-twice"}),
        ("", {"(top)": "manifest-empty"}),
        ("a: [\n", {"(top)": "manifest-unreadable"}),
    ],
)  # fmt: skip
def test_what_is_said(text, expected):
    assert kinds(text) == expected


def test_it_is_known_by_its_comments_or_its_variables():
    assert lint_text("mathesar.yaml", APP).platform == "coolify"
    assert lint_text("mathesar.yaml", APP.partition("\n\n")[2]).platform == "coolify"
    plain = "services:\n  app:\n    image: example/app:1.2\n"
    assert lint_text("mathesar.yaml", plain).platform != "coolify"


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text("templates/compose/app.yaml", env("SECRET_KEY=${SECRET_KEY:-Zq3vT8mXw2Lk}")).marks)
    assert "SECRET_KEY" in said
    assert "Zq3v" not in said


REAL = sorted((SHARED / "schemas" / "coolify").glob("example.*.yaml"))
EXPECTED = {
    "example.glitchtip.yaml": ["image-floating"],
    "example.nocodb.yaml": ["image-floating"],
    "example.plausible.yaml": [],
    "example.umami.yaml": [],
    # Four services with one image without a tag, and one salt written out as a default; no check of the web service;
    # a database of PostgreSQL 12.
    "example.posthog.yaml": ["health-missing", "version-ended", *["image-floating", "secret-in-clear"] * 4],
}


@on_real(REAL)
def test_coolifys_own_templates(file):
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert linted.platform == "coolify"
    assert sorted(item.finding.kind for item in linted.marks) == sorted(EXPECTED[file.name])


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from(
    ["$SERVICE_PASSWORD_X", "SERVICE_URL_APP_80", "${A:-b}", "A=${SERVICE_FQDN_B}"]
)  # fmt: skip
KEYS = ["services", "image", "build", "environment", "depends_on", "healthcheck", "test", "ports", "volumes", "command",
        "SERVICE_URL_APP", "SERVICE_", "version"]  # fmt: skip
JUNK = junk(KEYS, SCALARS)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JUNK))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document("app.yaml", "", "yaml", data)
    assert lint.recognises(document) >= 0
    list(lint.lint(document))


@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    damaged = damage(draw, yaml.safe_load(beside("postgres:17", "    ports: ['5432:5432']\n")), JUNK)
    list(lint.lint(Document("app.yaml", "", "yaml", damaged)))
