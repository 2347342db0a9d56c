"""app.json and heroku.yml: the official schema takes them, but for two clauses that contradict Heroku's own pages."""

from __future__ import annotations

import json
import secrets

import jsonschema
import pytest
import yaml

from platforms.heroku import manifest
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.recipes import recipe
from provisioner.spec import AppSpec
from tests.platforms import environments
from tests.platforms.manifests import flavours, official

FACTS = load_facts(manifest.__file__)


@flavours
def test_the_schemas_take_it(spec: AppSpec):
    made = manifest.files(spec)
    app = json.loads(made["app.json"])
    jsonschema.Draft7Validator(official("heroku/app-json.ours.schema.json")).validate(app)
    build = yaml.safe_load(made["heroku.yml"])
    jsonschema.Draft202012Validator(official("heroku/heroku.yml.reconstructed.schema.json")).validate(build)


@flavours
def test_the_official_schema_takes_it_but_for_the_stack(spec: AppSpec):
    """Heroku's editor extension lists no ``container`` among the stacks; the Dev Center does, and real apps use it.

    https://devcenter.heroku.com/articles/app-json-schema#stack
    """
    app = json.loads(manifest.files(spec)["app.json"])
    problems = list(jsonschema.Draft7Validator(official("heroku/app-json.schema.heroku-vscode.json")).iter_errors(app))
    assert [list(problem.absolute_path) for problem in problems] == [["stack"]]


def test_the_official_enums_have_not_grown():
    definitions = official("heroku/app-json.schema.heroku-vscode.json")["definitions"]
    known = {*FACTS.texts("stacks"), *FACTS.texts("stacks_retired")}
    assert set(definitions["stack"]["enum"]) <= known
    sizes = set(FACTS.table("web_plans")) | set(FACTS.table("web_plans_retired"))
    assert set(definitions["dynoSize"]["enum"]) <= sizes


def test_the_name_is_one_that_heroku_takes():
    """The hyper-schema's form of an app's name, which the command line uses."""
    schema = official("heroku/platform-api-hyperschema-3.sdk.json")
    pattern = schema["definitions"]["app"]["definitions"]["name"]["pattern"]
    for spec in flavours.args[1]:
        jsonschema.validate(spec.name, {"pattern": pattern})


def test_an_image_is_built_from_in_one_line():
    spec = dict(zip(flavours.kwargs["ids"], flavours.args[1], strict=True))["image"]
    lines = manifest.files(spec)["platforms/heroku/Dockerfile"].splitlines()
    assert lines[1:] == [f"FROM {spec.source.reference}"]


@flavours
def test_what_heroku_makes_of_it_is_a_plan(spec: AppSpec):
    app = json.loads(manifest.files(spec)["app.json"])
    made = recipe(FACTS.table("secret_recipe"))
    environ = environments.heroku()
    for name, env in app["env"].items():
        environ.pop(name, None)
        if env.get("generator") == "secret":
            environ[name] = secrets.token_hex(made.length // 2)
    result = plan(environ)
    assert [item.code for item in result.findings] == []
    assert result.internal is not None
    assert result.internal.variable == "DATABASE_URL"
    assert result.setup_code is not None


def test_optional_values_are_not_demanded():
    spec = flavours.args[1][0] if isinstance(flavours.args[1], list) else next(iter(flavours.args[1]))
    env = json.loads(manifest.files(spec)["app.json"])["env"]
    assert env["MATHESAR_DATABASES"]["required"] is False


@pytest.mark.parametrize("name", ["SECRET_KEY", "MATHESAR_SETUP_CODE"])
def test_a_generator_that_does_not_serve_is_refused(name, monkeypatch):
    spec = next(iter(flavours.args[1]))
    facts = load_facts(manifest.__file__)
    short = {"expression": "generator: secret", "alphabet": "hex", "length": 8}
    facts.facts["secret_recipe"] = type(facts.facts["secret_recipe"])(short, "2026-11-20", "a test")
    with pytest.raises(ValueError, match="does not serve SECRET_KEY"):
        manifest.app_json(spec, facts)
