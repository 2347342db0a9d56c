"""The one-click app: the form takes its own defaults, and what CapRover makes of them is an environment that works."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from platforms.caprover import manifest
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import DIGEST, FLAVOURS, IMAGE, flavours, official

FACTS = load_facts(manifest.__file__)
SCHEMA = "caprover/one-click-app.v4.reconstructed.schema.json"
GENERATED = re.compile(r"\$\$cap_gen_random_hex\((\d+)\)")
DIGITS = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" * 4


def template(spec: AppSpec) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(manifest.files(spec)[manifest.path(spec)])
    return read


def fields(spec: AppSpec) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = template(spec)["caproverOneClickApp"]["variables"]
    return listed


def accepts(field: dict[str, Any], value: str) -> bool:
    """Do what the dashboard does: the text between the first and the last slash, searched for."""
    if "validRegex" not in field:
        return True
    between = re.fullmatch(r"/(.*)/(.*)", field["validRegex"])
    assert between is not None
    return re.search(between[1], value) is not None


def installed(spec: AppSpec, name: str = "books", **entered: str) -> dict[str, Any]:
    """Return the template as CapRover would install it: generators first, then one field after the other."""
    text = GENERATED.sub(lambda found: DIGITS[: int(found[1])], json.dumps(template(spec)))
    data = json.loads(text)
    builtin = [("$$cap_appname", name), ("$$cap_root_domain", "apps.example.com")]
    values = [(field["id"], entered.get(field["id"], field.get("defaultValue", ""))) for field in fields(spec)]
    values = [(key, GENERATED.sub(lambda found: DIGITS[: int(found[1])], value)) for key, value in values]
    for field, (_, value) in zip(fields(spec), values, strict=True):
        assert accepts(field, value), field["id"]
    text = json.dumps(data)
    for key, value in values + builtin:
        text = text.replace(key, value)
    made: dict[str, Any] = json.loads(text)
    return made


def entered(spec: AppSpec) -> dict[str, str]:
    return {"$$cap_app_image": IMAGE} if spec.source.kind == "build" else {}


@flavours
def test_the_schema_takes_it(spec: AppSpec):
    jsonschema.Draft202012Validator(official(SCHEMA)).validate(template(spec))


def test_the_keys_that_caprover_reads_have_not_grown():
    service = official(SCHEMA)["properties"]["services"]["additionalProperties"]
    assert set(service["properties"]) == set(FACTS.texts("service_keys"))


@flavours
def test_only_keys_that_caprover_reads(spec: AppSpec):
    for service in template(spec)["services"].values():
        assert set(service) <= set(FACTS.texts("service_keys"))


@flavours
def test_what_is_installed_runs(spec: AppSpec):
    services = installed(spec, **entered(spec))["services"]
    assert list(services) == ["books-db", "books"]
    app, database = services["books"], services["books-db"]
    result = plan(app["environment"])
    assert [item for item in result.findings if item.severity == "error"] == []
    assert (result.platform, result.hosts) == ("caprover", ("books.apps.example.com",))
    assert result.bind == f"0.0.0.0:{app['caproverExtra']['containerHttpPort']}"
    assert result.internal is not None
    url = result.internal.url
    assert (url.host, url.dbname, url.user) == ("srv-captain--books-db", spec.dbname, spec.dbname)
    assert url.params["sslmode"] == "prefer"
    assert database["environment"]["POSTGRES_PASSWORD"] in app["environment"]["DATABASE_URL"]
    assert result.secret_key_source == "environment"
    assert result.setup_code is not None
    assert result.entries_state == "unset"
    assert app["image"] == IMAGE
    assert app["depends_on"] == ["books-db"]


def test_two_installs_have_nothing_in_common():
    first, second = (installed(FLAVOURS["image"], name)["services"] for name in ("books", "staff"))
    assert not set(first) & set(second)
    volumes = [
        service["volumes"] for services in (first, second) for service in services.values() if "volumes" in service
    ]
    assert volumes[0] != volumes[1]


@flavours
def test_no_field_is_the_beginning_of_another(spec: AppSpec):
    ids = [field["id"] for field in fields(spec)] + ["$$cap_appname", "$$cap_root_domain"]
    assert [(one, other) for one in ids for other in ids if one != other and other.startswith(one)] == []


@pytest.mark.parametrize(
    ("image", "fits"),
    [
        (IMAGE, True),
        (f"registry.example.com:5000/a/b:1.2@{DIGEST}", True),
        ("ghcr.io/example/mathesar:latest", False),
        ("ghcr.io/example/mathesar", False),
        (IMAGE[:-1], False),
        (DIGEST, False),
        ("", False),
    ],
)
def test_without_a_published_image_a_pinned_one_is_asked_for(image: str, fits: bool):
    asked = fields(FLAVOURS["built"])[0]
    assert "defaultValue" not in asked
    assert accepts(asked, image) == fits


def test_a_published_image_changes_by_its_digest_alone():
    asked = fields(FLAVOURS["image"])[0]
    assert asked["defaultValue"] == DIGEST
    assert not accepts(asked, "latest")
    assert template(FLAVOURS["image"])["services"]["$$cap_appname"]["image"] == IMAGE.replace(DIGEST, asked["id"])


@pytest.mark.parametrize("password", ["p@ss", "pass word 12345678", 'p"ass12345678901234', "percent%41percent12"])
def test_a_password_that_would_break_the_url_is_refused(password: str):
    (field,) = (item for item in fields(FLAVOURS["built"]) if item["id"] == manifest.PASSWORD)
    assert not accepts(field, password)


def test_what_is_generated_is_what_the_app_needs():
    secret, code = recipe(FACTS.table("secret_recipe")), recipe(FACTS.table("code_recipe"))
    assert unfit(mathesar().variable("SECRET_KEY").origin, secret) is None
    assert unfit(mathesar().variable("MATHESAR_SETUP_CODE").origin, code) is None
    assert (secret.bits, secret.url_safe) == (256, True)


def test_a_generator_that_does_not_serve_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(FACTS.facts["secret_recipe"].value, "length", 32)
    with pytest.raises(ValueError, match="SECRET_KEY: it has 128 bits"):
        manifest.template(FLAVOURS["image"], FACTS)


def test_the_description_is_the_listings():
    listing = (manifest.Path(manifest.__file__).with_name("listing.md")).read_text(encoding="utf-8")
    made = template(FLAVOURS["built"])["caproverOneClickApp"]
    assert made["description"] in " ".join(listing.split())
    assert len(made["description"]) <= FACTS.integer("description_limit")
