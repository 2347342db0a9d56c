"""railway.json and railway.toml turned into the program that takes their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.railway.migrate import BUILD, DEPLOY, migrate
from provisioner.lint.document import Unreadable
from tests.platforms.manifests import corpus, official
from tests.platforms.test_railway_manifest import GRAPH, graph_of

WHOLE = """\
\"\"\"What railway.json or railway.toml said, for `railway config plan` and `railway config apply`.\"\"\"

from railway_sdk import define_railway, project, service

# Only this service is managed here: without the next line a plan proposes to delete the others.
PARTIAL = "api"


@define_railway
def main(ctx=None):
    \"\"\"Return the service; a variable that is not named under env is proposed for deletion.\"\"\"
    app = service(
        "api",
        build="pnpm build",
        start="pnpm start",
        preDeploy=["pnpm migrate"],
        healthcheck="/health",
    )
    return project("shop", resources=[app])
"""


def node(data: Any, environment: str | None = None, **names: Any) -> dict[str, Any]:
    found: dict[str, Any] = graph_of(migrate("railway.json", json.dumps(data), **names).text, environment)
    return found["resources"][0]


def test_the_whole_text():
    deploy = {"startCommand": "pnpm start", "preDeployCommand": ["pnpm migrate"], "healthcheckPath": "/health"}
    data = {"$schema": "https://railway.com/railway.schema.json", "build": {"buildCommand": "pnpm build"}}
    made = migrate("railway.json", json.dumps({**data, "deploy": deploy}), service="api", project="shop")
    assert made.text == WHOLE
    assert made.left_out == ()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"build": {"builder": "nixpacks"}}, {"build": {"builder": "NIXPACKS"}}),
        ({"build": {"builder": "dockerfile", "buildCommand": None}}, {"build": {"builder": "DOCKERFILE"}}),
        ({"build": {"watchPatterns": ["src/**"]}}, {"build": {"watchPatterns": ["src/**"]}}),
        ({"deploy": {"restartPolicyType": "on_failure"}}, {"deploy": {"restartPolicyType": "ON_FAILURE"}}),
        ({"deploy": {"drainingSeconds": "30"}}, {"deploy": {"drainingSeconds": 30}}),
        ({"deploy": {"overlapSeconds": 60}}, {"deploy": {"overlapSeconds": 60}}),
        ({"deploy": {"cronSchedule": "*/5 * * * *"}}, {"deploy": {"cronSchedule": "*/5 * * * *"}}),
        ({"deploy": {"preDeployCommand": "a && b"}}, {"deploy": {"preDeployCommand": ["a && b"]}}),
        ({"deploy": {"numReplicas": 2}}, {"deploy": {"numReplicas": 2}}),
        ({"deploy": {"region": "us-west2"}}, {"deploy": {"multiRegionConfig": {"us-west2": {"numReplicas": 1}}}}),
        (
            {"deploy": {"region": "us-west2", "numReplicas": 3}},
            {"deploy": {"multiRegionConfig": {"us-west2": {"numReplicas": 3}}}},
        ),
        (
            {"deploy": {"multiRegionConfig": {"us-west2": {"numReplicas": 2}, "old": None}}},
            {"deploy": {"multiRegionConfig": {"us-west2": {"numReplicas": 2}}}},
        ),
        ({"env": {"A": "1"}}, {"variables": {"A": {"type": "preserve"}}}),
        ({"envVars": {"A": {"required": True}, "b-c": 1}}, {"variables": {"A": {"type": "preserve"}}}),
        ({}, {}),
    ],
)
def test_each_setting(data, expected):
    found = node(data, service="my app")
    left = {key: value for key, value in found.items() if key not in ("address", "type", "kind")}
    assert left == {"name": "my app", **expected}


def test_environments_take_over_what_they_do_not_change():
    data = {
        "deploy": {"startCommand": "serve", "healthcheckPath": "/up"},
        "environments": {"staging": {"deploy": {"startCommand": "serve --debug", "healthcheckPath": None}}},
    }
    assert node(data)["deploy"] == {"startCommand": "serve", "healthcheckPath": "/up"}
    assert node(data, "production")["deploy"] == {"startCommand": "serve", "healthcheckPath": "/up"}
    assert node(data, "staging")["deploy"] == {"startCommand": "serve --debug"}


def test_what_is_not_taken_over_is_said():
    data = {"plugins": ["node"], "deploy": {"port": 80}, "environments": {"pr": {"build": {"x\ny": 1}}}}
    made = migrate("railway.json", json.dumps(data))
    assert set(made.left_out) == {"plugins", "deploy.port", "environments.pr.build.x\ny"}
    assert "#   deploy.port\n" in made.text
    assert "#   environments.pr.build.x\\ny\n" in made.text


def test_variables_of_the_service_are_kept():
    text = '[deploy]\nstartCommand = "serve"\n'
    found = graph_of(migrate("railway.toml", text, variables=["SECRET_KEY"]).text)["resources"][0]
    assert found["variables"] == {"SECRET_KEY": {"type": "preserve"}}


def test_dates_of_toml_have_no_place():
    assert migrate("railway.toml", "[deploy]\nstartCommand = 2026-01-01\n").left_out == ("deploy.startCommand",)


def test_what_cannot_be_read():
    with pytest.raises(Unreadable):
        migrate("railway.json", "{")


@pytest.mark.parametrize("file", corpus("railway"), ids=lambda file: file.name)
def test_real_files(file: Path):
    made = migrate(file.name, file.read_text(encoding="utf-8"), service="the app")
    for environment in (None, "production"):
        graph = graph_of(made.text, environment)
        jsonschema.Draft202012Validator(official(GRAPH)).validate(graph)
    assert set(made.left_out) <= {"services", "name", "plugins", "build.env", "deploy.buildCommand"}


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(max_size=20), st.lists(st.text(), max_size=3))
def test_no_text_becomes_program(command: str, name: str, patterns: list[str]):
    """Whatever quotes, line ends or halves of characters a text holds, it comes back as it was."""
    data = {"deploy": {"startCommand": command}, "build": {"watchPatterns": patterns}, name: {"x": name}}
    found = node(data, service=name)
    assert found["name"] == name
    if name not in ("deploy", "build"):
        assert found.get("deploy") == {"startCommand": command}
        assert found["build"]["watchPatterns"] == patterns


KEYS = st.sampled_from(["build", "deploy", "environments", "env", "us-west2", *sorted(BUILD), *sorted(DEPLOY)])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, JUNK, max_size=6))
def test_no_document_breaks_it(data: dict[str, Any]):
    compile(migrate("railway.json", json.dumps(data)).text, "railway.py", "exec")
