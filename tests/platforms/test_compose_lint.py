"""Compose files as they are found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.compose import lint
from platforms.compose.interpolation import resolved
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk, kinds_in, on_real
from tests.platforms.manifests import SHARED

WEB = "services:\n  web: {image: 'nginx:1.29'%s}\n"
DB = "services:\n  db: {image: 'postgres:%s'%s}\n"
CHECK = ", healthcheck: {test: [CMD, curl, 'http://localhost:80/up']}"
PORT = WEB % (", ports: ['8080:80']" + CHECK + "%s")
ENV = WEB % ", environment: %s"


def kinds(text: str, name: str = "compose.yaml") -> dict[str, str]:
    return kinds_in(text, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WEB % "", {}),
        (PORT % "", {}),
        ("version: '3.8'\n" + WEB % "", {"version": "field-deprecated"}),
        ("name: x\n", {"services": "field-absent"}),
        ("include: [other.yaml]\n", {}),
        (WEB.replace(":1.29", "") % "", {"services.web.image": "image-floating"}),
        (WEB.replace("1.29", "${TAG:-latest}") % "", {"services.web.image": "image-floating"}),
        (WEB.replace("1.29", "${TAG}") % "", {}),
        (WEB.replace(":1.29", "") % ", build: .", {}),
        (WEB % ", ports: ['80:80']", {"services.web": "health-missing"}),
        (WEB % ", ports: ['80:80'], healthcheck: {disable: true}", {"services.web": "health-missing"}),
        (WEB % ", ports: ['80:80'], healthcheck: {test: NONE}", {"services.web": "health-missing"}),
        (WEB % ", healthcheck: {test: [CMD, {a: b}]}", {"services.web.healthcheck.test[1]": "field-type"}),
        (WEB % ", ports: 80", {"services.web.ports": "field-type"}),
        (WEB % ", depends_on: {web: {condition: healthy}}", {
            "services.web.depends_on.web.condition": "field-value"}),
        (WEB % ", depends_on: [db]", {"services.web.depends_on[0]": "reference-unknown"}),
        (WEB % ", depends_on: {db: {condition: service_healthy}}", {"services.web.depends_on.db": "reference-unknown"}),
        (WEB % ", depends_on: {db: {condition: service_healthy, required: false}}", {}),
        (WEB % ", volumes: ['data:/data']", {"services.web.volumes[0]": "reference-unknown"}),
        (WEB % ", volumes: ['data:/data']" + "volumes: {data: }\n", {}),
        (WEB % r", volumes: ['./a:/a', '/b:/b', '~/c:/c', 'C:\d:/d', '${X}:/e', '/anonymous']", {}),
        (WEB % ", volumes: [{type: bind, source: data, target: /a}]", {}),
        (WEB % ", volumes: [{type: volume, source: data, target: /a}]", {
            "services.web.volumes[0]": "reference-unknown"}),
        (WEB % ", secrets: [key], configs: [{source: c}]", {
            "services.web.secrets[0]": "reference-unknown", "services.web.configs[0]": "reference-unknown"}),
        (WEB % ", secrets: [key]" + "secrets: {key: {file: ./key}}\n", {}),
        (WEB % ", networks: {default: , back: {aliases: [x]}}", {"services.web.networks.back": "reference-unknown"}),
        ("include: [o.yaml]\n" + WEB % ", networks: [back]", {}),
        (ENV % "{SECRET_KEY: Zq3vT8mXw2Lk}", {"services.web.environment.SECRET_KEY": "secret-in-clear"}),
        (ENV % "['SECRET_KEY=Zq3vT8mXw2Lk', TOKEN]", {"services.web.environment[0]": "secret-in-clear"}),
        (ENV % "{SECRET_KEY: '${SECRET_KEY:-Zq3vT8mXw2Lk}'}", {
            "services.web.environment.SECRET_KEY": "secret-in-clear"}),
        (ENV % "{SECRET_KEY: '${SECRET_KEY:?say it}', TOKEN: , PASSWORD: '${P}', DEBUG: true, N: 3}", {}),
        (ENV % "{DATABASE_URL: 'postgres://u:Zq3vT8@db/x?sslmode=disable'}", {
            "services.web.environment.DATABASE_URL": "tls-off"}),
        (PORT % ", environment: {ALLOWED_HOSTS: data.example.com}", {
            "services.web.environment.ALLOWED_HOSTS": "host-check"}),
        (PORT % ", environment: {ALLOWED_HOSTS: 'localhost,data.example.com'}", {}),
        (PORT % ", command: gunicorn --bind 127.0.0.1:8000 x", {"services.web.command": "bind-loopback"}),
        (PORT % ", command: [gunicorn, --bind, '0.0.0.0:8000', x]", {}),
        (DB % ("17", ", ports: ['5432:5432']"), {"services.db.ports[0]": "database-open"}),
        (DB % ("17", ", ports: [5432]"), {"services.db.ports[0]": "database-open"}),
        (DB % ("17", ", ports: [{target: 5432, published: 5432}]"), {"services.db.ports[0]": "database-open"}),
        (DB % ("17", ", ports: ['127.0.0.1:5432:5432', '[::1]:5432:5432', {target: 1, host_ip: 127.0.0.1}]"), {}),
        (DB % ("17", ", ports: ['${BIND:-127.0.0.1}:5432:5432']"), {}),
        (DB % ("17", ", environment: {POSTGRES_HOST_AUTH_METHOD: trust}"), {
            "services.db.environment.POSTGRES_HOST_AUTH_METHOD": "password-off"}),
        (DB % ("17", ", privileged: true"), {"services.db.privileged": "container-privileged"}),
        (DB % ("17", ", volumes: ['./d:/var/lib/postgresql/data']"), {}),
        (DB % ("18", ", volumes: ['./d:/var/lib/postgresql']"), {}),
        (DB % ("18.1-trixie", ", volumes: ['./d:/var/lib/postgresql/data/']"), {
            "services.db.volumes[0]": "field-form"}),
        (DB % ("18", ", environment: {PGDATA: /x}, volumes: ['./d:/var/lib/postgresql/data']"), {}),
        ("services: {web: }\n", {"services.web": "field-type"}),
        ("", {"(top)": "manifest-empty"}),
    ],
)  # fmt: skip
def test_what_is_said(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize("name", lint.NAMES)
def test_each_name_is_known(name):
    assert lint_text(name, WEB % "").platform == "compose"


def test_it_is_known_by_what_is_in_it():
    assert lint_text("stack.yml", WEB % "").platform == "compose"
    assert lint.recognises(Document("x.yaml", "", "yaml", {"services": [{"type": "web"}]})) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A:-b}", "b"), ("${A-b}/$${C}", "b/${C}"), ("${A:-${B:-c}}", "c"), ("$A${B:?no}", "$A${B:?no}"),
        ("${A:-}", ""), ("a$$b", "a$b"),
    ],
)  # fmt: skip
def test_defaults(text, expected):
    assert resolved(text) == expected


EXAMPLES = sorted((SHARED / "schemas" / "coolify").glob("example.*.yaml"))


@on_real(EXAMPLES)
def test_real_files_are_read_without_a_false_invalid(file):
    """Coolify's templates are Compose files too."""
    linted = lint_text(file.name, file.read_text(encoding="utf-8"), "compose")
    assert [str(item.finding) for item in linted.marks if item.finding.kind.startswith("field-")
            and item.finding.severity == "error"] == []  # fmt: skip


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from(["a:b", "${A:-b}"])
JUNK = junk(
    ["image", "build", "ports", "volumes", "environment", "depends_on", "healthcheck", "test", "networks", "condition"],
    SCALARS,
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["services", "volumes", "networks", "secrets", "version"]), JUNK, min_size=1))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document("compose.yaml", "", "yaml", data)
    list(lint.lint(document))
    lint.recognises(document)


@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    text = PORT % ", environment: [A=b], volumes: ['d:/d'], depends_on: {web: {condition: service_healthy}}"
    damaged = damage(
        draw, yaml.safe_load(text + "  db: {image: 'postgres:18', ports: [5432], volumes: [{target: x}]}"), JUNK
    )
    list(lint.lint(Document("compose.yaml", "", "yaml", damaged)))
