"""The app spec: DigitalOcean's OpenAPI takes it, and every field is one that its Go client knows."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from platforms.digitalocean import grammar, manifest
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.spec import AppSpec
from provisioner.spec_mathesar import mathesar
from tests.platforms import environments
from tests.platforms.manifests import DIGEST, flavours, official

FACTS = load_facts(manifest.__file__)
OPENAPI, GODO = "digitalocean/app_spec.bundled.schema.json", "digitalocean/godo_app_spec_structs.json"


def corrected() -> dict[str, Any]:
    """The OpenAPI says text for preserve_path_prefix; the Go client, the pages and all real files say boolean."""
    schema: dict[str, Any] = official(OPENAPI)
    target = schema["$defs"]["app_ingress_spec_rule_routing_component"]["properties"]["preserve_path_prefix"]
    assert target["type"] == "string", "the OpenAPI is mended: drop this correction"
    target["type"] = "boolean"
    return schema


@flavours
def test_the_openapi_takes_it(spec: AppSpec):
    made = manifest.files(spec)
    template, flat = yaml.safe_load(made[".do/deploy.template.yaml"]), yaml.safe_load(made[".do/app.yaml"])
    assert template == {"spec": flat}
    schema = corrected()
    jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/app_spec"}).validate(flat)
    jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/apps_deploy_template"}).validate(template)


def unknown(value: Any, struct: str, structs: dict[str, Any]) -> list[str]:
    """Return the fields in `value` that the Go client's struct does not have."""
    fields = {field["json"]: field["go_type"].strip("[]*") for field in structs[struct]["fields"]}
    found = [f"{struct}.{name}" for name in value if name not in fields]
    for name, inner in value.items():
        kind = fields.get(name, "")
        for item in inner if isinstance(inner, list) else [inner]:
            if isinstance(item, dict) and kind in structs:
                found += unknown(item, kind, structs)
    return found


@flavours
def test_the_go_client_knows_every_field(spec: AppSpec):
    flat = yaml.safe_load(manifest.files(spec)[".do/app.yaml"])
    assert unknown(flat, "AppSpec", official(GODO)["structs"]) == []


def test_the_grammar_has_every_field_that_the_go_client_has():
    structs = official(GODO)["structs"]
    pairs = {
        "AppSpec": grammar.Spec, "AppServiceSpec": grammar.Service, "AppWorkerSpec": grammar.Worker,
        "AppJobSpec": grammar.Job, "AppStaticSiteSpec": grammar.StaticSite, "AppFunctionsSpec": grammar.Functions,
        "AppDatabaseSpec": grammar.Database, "AppVariableDefinition": grammar.Env, "ImageSourceSpec": grammar.Image,
        "AppServiceSpecHealthCheck": grammar.Check, "AppServiceSpecTermination": grammar.Termination,
    }  # fmt: skip
    for name, model in pairs.items():
        assert {field["json"] for field in structs[name]["fields"]} <= set(model.model_fields), name


def test_the_official_enums_have_not_grown():
    definitions = official(OPENAPI)["$defs"]
    current, deprecated = definitions["app_component_instance_base"]["properties"]["instance_size_slug"]["oneOf"]
    assert set(current["enum"]) == set(FACTS.table("web_plans"))
    assert set(deprecated["enum"]) == set(FACTS.table("web_plans_deprecated"))
    assert set(definitions["app_spec"]["properties"]["region"]["enum"]) == set(FACTS.texts("regions"))
    registries = definitions["apps_image_source_spec"]["properties"]["registry_type"]["enum"]
    assert set(registries) == set(FACTS.table("registries").values())


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("ghcr.io/o/app", {"registry_type": "GHCR", "registry": "o", "repository": "app"}),
        ("o/app", {"registry_type": "DOCKER_HUB", "registry": "o", "repository": "app"}),
        ("docker.io/o/app", {"registry_type": "DOCKER_HUB", "registry": "o", "repository": "app"}),
        ("app", {"registry_type": "DOCKER_HUB", "registry": "library", "repository": "app"}),
        ("registry.digitalocean.com/o/app", {"registry_type": "DOCR", "repository": "o/app"}),
    ],
)
def test_images(reference: str, expected: dict[str, str]):
    flat = yaml.safe_load(manifest.files(mathesar(image=f"{reference}@{DIGEST}"))[".do/app.yaml"])
    assert flat["services"][0]["image"] == {**expected, "digest": DIGEST}


def test_another_registry_is_refused():
    with pytest.raises(ValueError, match=r"not from quay\.io"):
        manifest.files(mathesar(image=f"quay.io/o/app@{DIGEST}"))


@flavours
def test_what_app_platform_makes_of_it_is_a_plan(spec: AppSpec):
    """The variables with their references resolved, and PORT, are all that the app gets."""
    service = yaml.safe_load(manifest.files(spec)[".do/app.yaml"])["services"][0]
    url = environments.DATABASE_URLS["digitalocean"]
    bound = {
        "${APP_DOMAIN}": environments.HOSTS["digitalocean"],
        f"${{{spec.database}.DATABASE_URL}}": url,
        f"${{{spec.database}.CA_CERT}}": "",
    }
    environ = {env["key"]: bound.get(env["value"], env["value"]) for env in service["envs"]}
    result = plan(environ | {"PORT": str(service["http_port"])})
    assert [item.code for item in result.findings if item.severity == "error"] == []
    assert result.platform == "digitalocean"
    assert result.hosts == (environments.HOSTS["digitalocean"],)
    assert result.secret_key_source == "database"
    assert result.bind.endswith(f":{service['http_port']}")
