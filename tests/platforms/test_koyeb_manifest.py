"""service.json and the button's address: Koyeb's OpenAPI takes the one, and both make the same plan."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from platforms.koyeb import manifest
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.platform import detect
from provisioner.spec import AppSpec, Constant, Prompt, Variable
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import DIGEST, FLAVOURS, flavours, official

FACTS = load_facts(manifest.__file__)
OPENAPI = "koyeb/koyeb-openapi.json"
DATABASE = "postgres://koyeb-adm:npg_Zq3vT8mXw2Lk@ep-little-haze-a2133rvc.eu-central-1.pg.koyeb.app/koyebdb"
HOST = "staff-data-example-1a2b3c4d.koyeb.app"


def read(spec: AppSpec) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(manifest.files(spec)[manifest.PATH])
    return data


def schema(name: str) -> dict[str, Any]:
    openapi = official(OPENAPI)
    return {"$ref": f"#/definitions/{name}", "definitions": openapi["definitions"]}


def environ(envs: dict[str, str]) -> dict[str, str]:
    """Return what an instance has, secrets resolved."""
    return {
        "KOYEB_APP_NAME": "staff-data", "KOYEB_APP_ID": "6d8a1c8e", "KOYEB_SERVICE_NAME": "staff-data",
        "KOYEB_SERVICE_ID": "b7d6c5e4", "KOYEB_INSTANCE_ID": "9f8e7d6c", "KOYEB_INSTANCE_TYPE": "micro",
        "KOYEB_INSTANCE_MEMORY_MB": "512", "KOYEB_REGION": "was", "KOYEB_DC": "was1",
        "KOYEB_ORGANIZATION_NAME": "example", "KOYEB_PUBLIC_DOMAIN": HOST, "KOYEB_PORT_8000_PROTOCOL": "http",
    } | {name: DATABASE if not value or value.startswith("{{") else value for name, value in envs.items()}  # fmt: skip


@flavours
def test_the_official_schema_takes_it(spec: AppSpec):
    data = read(spec)
    validator = jsonschema.Draft4Validator(schema("CreateService"))  # Swagger 2.0 is of that draft
    validator.validate(data)
    validator.validate(data | {"app_id": "6d8a1c8e-0b1a-4c3d-9e8f-7a6b5c4d3e2f"})


@flavours
def test_every_field_is_in_the_official_schema(spec: AppSpec):
    """The published schema lets unknown fields pass, so the names are held against it one by one."""
    definitions = official(OPENAPI)["definitions"]

    def check(value: Any, definition: dict[str, Any]) -> None:
        definition = definitions[definition["$ref"].rsplit("/", 1)[1]] if "$ref" in definition else definition
        if isinstance(value, dict):
            assert set(value) <= set(definition["properties"])
            for key, inner in value.items():
                check(inner, definition["properties"][key])
        elif isinstance(value, list):
            for inner in value:
                check(inner, definition["items"])

    check(read(spec), {"$ref": "#/definitions/CreateService"})


def test_the_official_enums_have_not_grown():
    definitions = official(OPENAPI)["definitions"]
    assert definitions["DeploymentDefinition.Type"]["enum"] == ["INVALID", "WEB", "WORKER", "DATABASE", "SANDBOX"]
    strategies = definitions["DeploymentStrategyType"]["enum"]
    assert {name.removeprefix("DEPLOYMENT_STRATEGY_TYPE_") for name in strategies} == {
        "INVALID", "DEFAULT", "CANARY", "ROLLING", "BLUE_GREEN", "IMMEDIATE"}  # fmt: skip
    assert set(definitions["DeploymentMesh"]["enum"]) == {
        "DEPLOYMENT_MESH_AUTO", "DEPLOYMENT_MESH_ENABLED", "DEPLOYMENT_MESH_DISABLED"}  # fmt: skip


@flavours
def test_its_environment_becomes_a_plan(spec: AppSpec):
    result = plan(environ({env["key"]: env["value"] for env in read(spec)["definition"]["env"]}))
    assert result.platform == "koyeb"
    assert [(item.kind, item.severity) for item in result.findings] == [("secret-generated", "warning")]
    assert (result.hosts, result.bind, result.memory_mb) == ((HOST,), "0.0.0.0:8000", 512)
    assert (result.secret_key, result.secret_key_source) == (None, "database")
    assert result.internal is not None
    assert (result.internal.variable, result.internal.url.params["sslmode"]) == ("DATABASE_URL", "require")


@flavours
def test_the_button_says_the_same_as_the_file(spec: AppSpec):
    definition = read(spec)["definition"]
    url = urlsplit(manifest.button(spec).url)
    query = {key: value for key, [value] in parse_qs(url.query, keep_blank_values=True).items()}
    assert (url.netloc, url.path) == ("app.koyeb.com", "/deploy")
    assert query["name"] == spec.name
    assert query["ports"] == "8000;http;/"
    assert (query["hc_path[8000]"], query["hc_protocol[8000]"]) == ("/livez", "http")
    assert [query["regions"]] == definition["regions"]
    if "git" in definition:
        assert (query["type"], query["builder"]) == ("git", "dockerfile")
        assert (query["repository"], query["branch"]) == (definition["git"]["repository"], "main")
    else:
        assert (query["type"], query["image"]) == ("docker", definition["docker"]["image"])
        assert query["image"].endswith(DIGEST)
    envs = {key[4:-1]: value for key, value in query.items() if key.startswith("env[")}
    assert envs == {"PORT": "8000", "DATABASE_URL": ""}
    assert plan(environ(envs)).internal is not None


def test_a_machine_that_knows_a_service_is_no_instance():
    assert detect({"KOYEB_SERVICE_ID": "b7d6c5e4", "KOYEB_API_TOKEN": "x"}) == ()


@pytest.mark.parametrize(("said", "memory"), [("2048", 2048), ("", 512), ("much", 512), ("0", 512), ("9" * 30, 512)])
def test_the_memory_is_what_the_instance_says(said, memory):
    environment = environ({"DATABASE_URL": ""}) | {"KOYEB_INSTANCE_MEMORY_MB": said}
    assert plan(environment).memory_mb == memory


def test_the_region_has_databases():
    assert FACTS.text("region") in FACTS.texts("database_regions")
    assert set(FACTS.texts("database_regions")) < set(FACTS.texts("regions"))


def test_every_origin():
    origins = {"A": Constant(value="x"), "B": Prompt(required=True), "C": Prompt()}
    variables = tuple(Variable(name=name, origin=origin, why="For the test.") for name, origin in origins.items())
    spec = FLAVOURS["second"].model_copy(update={"variables": variables})
    envs = [(env["key"], env["value"]) for env in read(spec)["definition"]["env"]]
    assert envs == [("PORT", "8000"), ("A", "x"), ("B", "{{ secret.STAFF_DATA_B }}")]
    assert "env%5BB%5D=&" in manifest.button(spec).url
    assert "typed by you" in manifest.files(mathesar())["platforms/koyeb/README.md"]
