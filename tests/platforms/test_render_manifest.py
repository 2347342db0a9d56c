"""render.yaml: Render's own schema takes it, and its enums are the ones we know."""

from __future__ import annotations

import jsonschema
import yaml

from platforms.render import manifest
from provisioner.facts import load_facts
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec
from tests.platforms.manifests import flavours, official

FACTS = load_facts(manifest.__file__)
SCHEMA = "render/render.yaml.schema.json"


@flavours
def test_the_official_schema_takes_it(spec: AppSpec):
    jsonschema.Draft202012Validator(official(SCHEMA)).validate(yaml.safe_load(manifest.files(spec)["render.yaml"]))


def test_the_official_enums_have_not_grown():
    definitions = official(SCHEMA)["definitions"]
    web = set(FACTS.table("web_plans")) | set(FACTS.table("web_plans_retired"))
    assert set(definitions["serverPlan"]["enum"]) | set(definitions["cronPlan"]["enum"]) <= web
    assert set(definitions["keyValuePlan"]["enum"]) == set(FACTS.texts("keyvalue_plans"))
    assert set(definitions["region"]["enum"]) == set(FACTS.texts("regions"))
    versions = {*FACTS.texts("postgres_versions"), *FACTS.texts("postgres_versions_retired")}
    assert set(definitions["database"]["properties"]["postgresMajorVersion"]["enum"]) == versions


def test_the_generated_key_is_what_the_app_needs():
    made = recipe(FACTS.table("secret_recipe"))
    from provisioner.spec_mathesar import mathesar

    for name in ("SECRET_KEY", "MATHESAR_SETUP_CODE"):
        assert unfit(mathesar().variable(name).origin, made) is None
    assert (made.bits, made.url_safe) == (256, False)
