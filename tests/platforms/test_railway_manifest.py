"""Railway's template and program: what they say is what its schemas, its SDK and the app take."""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import replace
from string import ascii_letters, digits
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from platforms.railway import manifest
from platforms.railway.grammar import Builder, RestartPolicy
from provisioner import plan
from provisioner.facts import Facts, load_facts
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec
from provisioner.spec_mathesar import mathesar
from tests.platforms import environments
from tests.platforms.manifests import FLAVOURS, flavours, official

FACTS = load_facts(manifest.__file__)
API = "railway/railway-graphql-schema.introspection.json"
GRAPH = "railway/railway-iac-graph.reconstructed.schema.json"
HOST = environments.HOSTS["railway"]


class Outputs:
    def __init__(self, address: str) -> None:
        self.address = address

    def __getattr__(self, name: str) -> dict[str, str]:
        return {"type": "reference", "resource": self.address, "output": name}


class Node:
    """What the SDK's helpers return: a node of the graph, and references to its variables under ``env``."""

    def __init__(self, **node: Any) -> None:
        self.node, self.env = node, Outputs(node["address"])

    def with_fields(self, **fields: Any) -> Node:
        return Node(**{**self.node, **fields})


def service(name: str, **config: Any) -> Node:
    """Compile the SDK's words as railway-sdk does; unlike the SDK it takes no argument that it does not know."""
    source, build, env = config.pop("source", None), config.pop("build", None), config.pop("env", None)
    deploy = dict(config.pop("deploy", {}))
    words = {"start": "startCommand", "healthcheck": "healthcheckPath", "healthcheckTimeout": "healthcheckTimeout"}
    deploy |= {words[key]: config.pop(key) for key in words if key in config}
    if "preDeploy" in config:
        before = config.pop("preDeploy")
        deploy["preDeployCommand"] = [before] if isinstance(before, str) else before
    replicas = config.pop("replicas", None)
    if isinstance(replicas, dict):
        deploy["multiRegionConfig"] = {region: {"numReplicas": count} for region, count in replicas.items()}
    elif replicas is not None:
        deploy["numReplicas"] = replicas
    assert config == {}
    kind = {"github": "github", "image": "docker-image"}[source["type"]] if source else "empty"
    variables = {
        key: {"type": "literal", "value": value} if isinstance(value, str) else value
        for key, value in (env or {}).items()
    }
    parts = {
        "source": source,
        "build": {"buildCommand": build} if isinstance(build, str) else build,
        "deploy": deploy or None,
        "variables": variables or None,
    }
    return Node(
        address=f"service.{name}", type="service", kind=kind, name=name, **{k: v for k, v in parts.items() if v}
    )


def database(name: str, engine: str, *, image: str, output: str, defaultMountPath: str) -> Node:
    return Node(
        address=f"database.{name}", type="database", kind="database", engine=engine, name=name, image=image,
        output=output, defaultMountPath=defaultMountPath, source={"type": "image", "image": image},
    )  # fmt: skip


class Context(dict[str, Any]):
    @property
    def environment(self) -> Any:
        return self.get("environment")


def graph_of(text: str, environment: str | None = None) -> Any:
    """Return the graph of a program, evaluated with a stand-in for the package railway_sdk."""
    sdk: Any = ModuleType("railway_sdk")
    sdk.define_railway = lambda program: program
    sdk.service, sdk.database = service, database
    sdk.github = lambda repo, branch="main": {"type": "github", "repo": repo, "branch": branch}
    sdk.image = lambda name: {"type": "image", "image": name}
    sdk.preserve = lambda: {"type": "preserve"}
    sdk.project = lambda name, resources: {"name": name, "resources": [item.node for item in resources]}
    names: dict[str, Any] = {"__name__": "railway"}
    before = sys.modules.get("railway_sdk")
    sys.modules["railway_sdk"] = sdk
    try:
        exec(compile(text, "railway.py", "exec"), names)
    finally:
        del sys.modules["railway_sdk"]
        if before is not None:
            sys.modules["railway_sdk"] = before
    return names["main"](Context(environment=environment) if environment else None)


def descriptor(spec: AppSpec) -> list[dict[str, Any]]:
    return list(json.loads(manifest.files(spec)[manifest.TEMPLATE])["services"].values())


GENERATOR = re.compile(r'\$\{\{secret\((?P<length>\d+)(?:, "(?P<alphabet>\w+)")?\)\}\}')
REFERENCE = re.compile(r"\$\{\{(?:(?P<service>[\w-]+)\.)?(?P<name>\w+)\}\}")


def resolved(services: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Return each service's variables as Railway resolves them at the click; what stays empty is left out."""
    dice = random.Random(1)

    def made_up(match: re.Match[str]) -> str:
        return "".join(dice.choices(match["alphabet"] or ascii_letters + digits, k=int(match["length"])))

    found = {
        item["name"]: {
            name: GENERATOR.sub(made_up, row["defaultValue"])
            for name, row in item["variables"].items()
            if "defaultValue" in row
        }
        | {"RAILWAY_PRIVATE_DOMAIN": f"{item['name']}.railway.internal"}
        for item in services
    }

    def value(own: str, name: str) -> str:
        return REFERENCE.sub(lambda hit: value(hit["service"] or own, hit["name"]), found[own][name])

    return {own: {name: value(own, name) for name in names} for own, names in found.items()}


def runtime(values: dict[str, str]) -> dict[str, str]:
    """Return what Railway gives a service beside its own variables."""
    given = environments.railway()
    return {key: value for key, value in given.items() if key.startswith("RAILWAY_") and "DRAINING" not in key} | values


@flavours
def test_the_app_plans_what_the_template_gives_it(spec: AppSpec):
    values = resolved(descriptor(spec))[spec.name]
    assert "${{" not in "".join(values.values())
    made = plan(runtime(values))
    assert [str(item) for item in made.findings] == []
    assert (made.platform, made.hosts, made.bind) == ("railway", (HOST,), "[::]:8000")
    assert made.graceful_timeout == 25
    assert made.internal is not None
    assert (made.internal.variable, made.internal.url.host) == ("DATABASE_URL", f"{spec.database}.railway.internal")
    assert made.internal.url.dbname == spec.dbname
    assert made.setup_code is not None


@flavours
def test_an_optional_variable_may_stay_empty(spec: AppSpec):
    values = resolved(descriptor(spec))[spec.name] | {"MATHESAR_DATABASES": ""}
    assert [str(item) for item in plan(runtime(values)).findings] == []


@flavours
def test_the_template_says_what_the_spec_says(spec: AppSpec):
    app, database = descriptor(spec)
    assert (app["name"], database["name"]) == (spec.name, spec.database)
    assert app["networking"]["serviceDomains"] == {"<hasDomain>:8000": {"port": 8000}}
    assert database["networking"] == {"serviceDomains": {}, "tcpProxies": {}}
    assert app["deploy"]["healthcheckPath"] == "/readyz"
    assert (app["deploy"]["healthcheckTimeout"], app["deploy"]["drainingSeconds"]) == (300, 30)
    assert [mount["mountPath"] for mount in database["volumeMounts"].values()] == [
        database["deploy"]["requiredMountPath"]
    ]
    assert set(app["source"]) == ({"repo", "branch"} if spec.source.kind == "build" else {"image"})
    assert set(app["variables"]) >= {item.name for item in spec.variables if item.origin.kind != "host"}


def test_ids_are_an_installs_own():
    ids = [set(json.loads(manifest.files(spec)[manifest.TEMPLATE])["services"]) for spec in FLAVOURS.values()]
    assert ids[0] == ids[1]
    assert not ids[0] & ids[2]
    assert ids[2] == ids[3]


@flavours
def test_the_program_gives_the_graph_that_the_command_line_takes(spec: AppSpec):
    graph = graph_of(manifest.files(spec)[manifest.PROGRAM])
    jsonschema.Draft202012Validator(official(GRAPH)).validate(graph)
    database, app = graph["resources"]
    assert (graph["name"], app["name"], database["name"]) == (spec.name, spec.name, spec.database)
    assert database["networking"] == {"tcpProxies": {}}
    assert app["variables"]["DATABASE_URL"]["resource"] == f"database.{spec.database}"
    kept = {name for name, value in app["variables"].items() if value == {"type": "preserve"}}
    assert kept == {"SECRET_KEY", "MATHESAR_SETUP_CODE", "MATHESAR_DATABASES", "ALLOWED_HOSTS"}
    assert app["deploy"]["healthcheckPath"] == spec.ready_path
    assert app["deploy"]["preDeployCommand"] == [" ".join(spec.release)]


@flavours
def test_the_app_plans_what_the_program_and_the_command_line_give_it(spec: AppSpec):
    _, app = graph_of(manifest.files(spec)[manifest.PROGRAM])["resources"]
    values = {name: value["value"] for name, value in app["variables"].items() if value["type"] == "literal"}
    values |= {"SECRET_KEY": environments.heroku()["SECRET_KEY"], "MATHESAR_SETUP_CODE": "5d41402abc4b2a76b971"}
    values["DATABASE_URL"] = f"postgresql://postgres:kVtXrPqLmNzW@{spec.database}.railway.internal:5432/railway"
    assert [str(item) for item in plan(runtime(values)).findings] == []
    assert [item.kind for item in plan(runtime(values) | {"RAILWAY_PUBLIC_DOMAIN": ""}).findings] == ["hosts-missing"]


def test_the_program_makes_no_secret_of_known_words():
    assert "random_string" not in manifest.files(mathesar())[manifest.PROGRAM]


def test_the_generated_secrets_are_what_the_app_needs():
    for name, fact in (("SECRET_KEY", "secret_recipe"), ("MATHESAR_SETUP_CODE", "typed_recipe")):
        made = recipe(FACTS.table(fact))
        assert unfit(mathesar().variable(name).origin, made) is None
        assert made.url_safe


def test_a_secret_too_short_is_not_written():
    short = {"expression": "secret(20)", "alphabet": "alphanumeric", "length": 20}
    facts = Facts({**FACTS.facts, "secret_recipe": replace(FACTS.facts["secret_recipe"], value=short)})
    with pytest.raises(ValueError, match="SECRET_KEY"):
        manifest.template(mathesar(), facts)


def test_there_is_no_button_before_there_is_a_template(monkeypatch):
    assert FACTS.text("template_code") == ""
    assert manifest.button(mathesar()) is None
    assert "There is no button yet" in manifest.files(mathesar())["platforms/railway/README.md"]
    facts = Facts({**FACTS.facts, "template_code": replace(FACTS.facts["template_code"], value="ZweBXA")})
    monkeypatch.setattr(manifest, "load_facts", lambda _: facts)
    made = manifest.button(mathesar())
    assert made is not None
    assert made.url.startswith("https://railway.com/new/template/ZweBXA?")
    page = manifest.files(mathesar())["platforms/railway/README.md"]
    assert made.markdown() in page
    assert "There is no button yet" not in page


def types_of_the_api() -> dict[str, Any]:
    schema = official(API)
    return {item["name"]: item for item in schema.get("data", schema)["__schema"]["types"]}


@flavours
def test_the_requests_that_the_page_names_are_the_apis(spec: AppSpec):
    """The descriptor itself is a scalar there (plain JSON), whose form the schema does not say."""
    api = types_of_the_api()
    assert api["SerializedTemplateConfig"]["kind"] == "SCALAR"
    mutations = {item["name"]: {each["name"]: each for each in item["args"]} for item in api["Mutation"]["fields"]}
    page = manifest.files(spec)["platforms/railway/README.md"]
    rows = re.findall(r"^\| [^|]+ \| `(template\w+)` \| (?:`(\w+)`: )?(.+) \|$", page, re.MULTILINE)
    assert len(rows) == 4
    for mutation, kind, fields in rows:
        named = set(re.findall(r"`(\w+)`", fields))
        if not kind:
            assert named == set(mutations[mutation])
            continue
        assert mutations[mutation]["input"]["type"]["ofType"]["name"] == kind
        inputs = {item["name"]: item["type"]["kind"] for item in api[kind]["inputFields"]}
        assert {name for name, needed in inputs.items() if needed == "NON_NULL"} <= named <= set(inputs)


def test_the_apis_enums_have_not_grown():
    api = types_of_the_api()
    builders = {item["name"] for item in api["Builder"]["enumValues"]}
    assert builders <= set(Builder.__args__) == {*FACTS.texts("builders"), *FACTS.table("builders_retired")}
    assert {item["name"] for item in api["RestartPolicyType"]["enumValues"]} == set(RestartPolicy.__args__)
