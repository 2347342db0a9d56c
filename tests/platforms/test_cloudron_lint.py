"""CloudronManifest.json as it is found: a table of changes and what must be said of each, and nothing more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.cloudron import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk, on_real
from tests.platforms.manifests import SHARED

NAME = "CloudronManifest.json"
APP: dict[str, Any] = {
    "id": "com.example.app",
    "title": "App",
    "version": "1.0.0",
    "healthCheckPath": "/up",
    "httpPort": 8000,
    "addons": {"postgresql": {}},
    "manifestVersion": 2,
}
PORT = {"title": "SSH", "description": "For git.", "defaultValue": 2222}


def kinds(text: str) -> dict[str, str]:
    return {item.finding.variable: item.finding.kind for item in lint_text(NAME, text).marks}


def without(field: str) -> dict[str, Any]:
    return {key: value for key, value in APP.items() if key != field}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (APP, {}),
        (without("id"), {}),
        (without("addons"), {}),
        (without("version"), {"version": "field-absent"}),
        (without("httpPort"), {"httpPort": "field-absent"}),
        (without("manifestVersion"), {"manifestVersion": "field-absent"}),
        (without("healthCheckPath"), {"(top)": "health-missing"}),
        (APP | {"healthCheckPath": ""}, {"healthCheckPath": "field-form", "(top)": "health-missing"}),
        (without("healthCheckPath") | {"httpPort": 0}, {}),
        (APP | {"manifestVersion": 1}, {"manifestVersion": "value-deprecated"}),
        (APP | {"manifestVersion": 3}, {"manifestVersion": "field-form"}),
        (APP | {"manifestVersion": True}, {"manifestVersion": "field-type"}),
        (APP | {"httpPort": "8000"}, {"httpPort": "field-type"}),
        (APP | {"version": "1.0"}, {"version": "field-form"}),
        (APP | {"version": "1.0.0-1"}, {}),
        (APP | {"id": "app"}, {"id": "field-form"}),
        (APP | {"id": "com.Example"}, {"id": "field-form"}),
        (APP | {"healthcheckPath": "/"}, {"healthcheckPath": "field-unknown"}),
        (APP | {"env": {"A": "b"}}, {"env": "field-unknown"}),
        (APP | {"website": "nowhere"}, {"website": "field-form"}),
        (APP | {"website": "example.com/x"}, {}),
        (APP | {"contactEmail": "me"}, {"contactEmail": "field-form"}),
        (APP | {"memoryLimit": 536870912}, {}),
        (APP | {"memoryLimit": "512 MB"}, {}),
        (APP | {"memoryLimit": "512"}, {"memoryLimit": "field-form"}),
        (APP | {"memoryLimit": [1]}, {"memoryLimit": "field-type"}),
        (APP | {"addons": ["postgresql"]}, {"addons": "field-type"}),
        (APP | {"addons": {"postgres": {}}}, {"addons.postgres": "field-unknown"}),
        (APP | {"addons": {"oauth": {}}}, {"addons.oauth": "field-deprecated"}),
        (APP | {"addons": {"postgresql": None}}, {"addons.postgresql": "field-type"}),
        (APP | {"addons": {"proxyAuth": {}, "scheduler": {"x": {"schedule": "@daily", "command": "a"}}}}, {}),
        (APP | {"dockerImage": "example/app:1.2"}, {}),
        (APP | {"dockerImage": "example/app"}, {"dockerImage": "image-floating"}),
        (APP | {"dockerImage": "https://example.com/app:1"}, {"dockerImage": "field-form"}),
        (APP | {"tcpPorts": {"SSH_PORT": PORT}}, {}),
        (APP | {"tcpPorts": {"SSH_PORT": {"description": "For git."}}}, {"tcpPorts.SSH_PORT.title": "field-absent"}),
        (APP | {"tcpPorts": {"SSH_PORT": PORT | {"defaultValue": 70000}}}, {
            "tcpPorts.SSH_PORT.defaultValue": "field-form"}),
        (APP | {"tcpPorts": {"CLOUDRON_PORT": PORT}}, {"tcpPorts.CLOUDRON_PORT": "field-form"}),
        (APP | {"tcpPorts": {"P": PORT}, "udpPorts": {"P": PORT}}, {"udpPorts.P": "fields-conflict"}),
        (APP | {"capabilities": ["net_admin", "root"]}, {"capabilities[1]": "field-value"}),
        (APP | {"runtimeDirs": ["/app/code/x"], "minBoxVersion": "8.0.0"}, {}),
        (APP | {"runtimeDirs": ["/var"], "minBoxVersion": "8.0.0"}, {"runtimeDirs[0]": "field-value"}),
        (APP | {"upstreamVersion": "1.2"}, {"upstreamVersion": "value-loose"}),
        (APP | {"upstreamVersion": "1.2", "minBoxVersion": "7.1.0"}, {}),
        (APP | {"checklist": {"a": {"message": "Do it."}}, "minBoxVersion": "7.1.0"}, {"checklist": "value-loose"}),
        (APP | {"backupCommand": "/x", "minBoxVersion": "9.1.0"}, {"backupCommand": "fields-conflict"}),
        (APP | {"minBoxVersion": "eight"}, {"minBoxVersion": "field-form"}),
    ],
)  # fmt: skip
def test_what_is_said(data, expected):
    assert kinds(json.dumps(data)) == expected


def test_what_is_no_manifest():
    assert kinds("") == {"(top)": "manifest-unreadable"}
    assert kinds("[]") == {"(top)": "manifest-empty"}
    assert (
        kinds('{"version": "1.0.0", "version": "1.0.1", "httpPort": 1, "manifestVersion": 2}')["version"] == "key-twice"
    )


def test_it_is_known_by_its_content():
    assert lint_text("manifest.json", json.dumps(APP)).platform == "cloudron"


REAL = sorted((SHARED / "schemas" / "cloudron").glob("example.*.json"))


@on_real(REAL)
def test_real_manifests_have_no_finding(file):
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert (linted.platform, linted.marks) == ("cloudron", ())


KEYS = [*APP, "tcpPorts", "udpPorts", "runtimeDirs", "capabilities", "minBoxVersion", "checklist", "dockerImage",
        "backupCommand", "memoryLimit", "mediaLinks"]  # fmt: skip
JUNK = junk(KEYS)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JUNK))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document(NAME, "", "json", data)
    assert lint.recognises(document) >= 0
    list(lint.lint(document))


@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    damaged = damage(
        draw, APP | {"tcpPorts": {"SSH_PORT": PORT}, "capabilities": ["ping"], "minBoxVersion": "8.0.0"}, JUNK
    )
    list(lint.lint(Document(NAME, "", "json", damaged)))
