"""fly.toml: the published schema takes it, and what it makes of the environment is a plan."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from platforms.fly import manifest
from provisioner import plan
from provisioner.facts import load_facts, tomllib
from provisioner.platform import detect
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, FromDatabase, Generated, Variable
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import flavours, official

FACTS = load_facts(manifest.__file__)
SCHEMA = "fly/fly.toml.schema.json"
POOLED = "postgresql://fly-user:Zq3vT8mXw2LkRb7n@pgbouncer.9g6y30w23lk0v5ml.flympg.net/fly-db"
UNMANAGED = "postgres://mathesar:Zq3vT8mXw2LkRb7n@mathesar-db.flycast:5432/mathesar?sslmode=disable"
# What `openssl rand -base64 48` prints.
KEY = "5v9ZV0yN2sB0jrA9nq2m0w3m6nVw9mC8h0uQh1zYk3sX7dP5tR4KEw8LfTgHs1oQ"


def read(spec: AppSpec) -> dict[str, Any]:
    data: dict[str, Any] = tomllib.loads(manifest.files(spec)[manifest.PATH])
    return data


def environ(spec: AppSpec, url: str = POOLED) -> dict[str, str]:
    """Return what a Machine made from the file has, after the commands of the page."""
    data = read(spec)
    return {
        "FLY_APP_NAME": data["app"], "FLY_MACHINE_ID": "148e272c6e9d89", "FLY_ALLOC_ID": "148e272c6e9d89",
        "FLY_REGION": data["primary_region"], "PRIMARY_REGION": data["primary_region"],
        "FLY_PROCESS_GROUP": "app", "FLY_PRIVATE_IP": "fdaa:0:18:a7b:7d:f066:e83f:2",
        "FLY_VM_MEMORY_MB": data["vm"][0]["memory"].removesuffix("mb"),
        **data["env"], "DATABASE_URL": url, "SECRET_KEY": KEY,
    }  # fmt: skip


@flavours
def test_the_published_schema_takes_it(spec: AppSpec):
    jsonschema.Draft7Validator(official(SCHEMA)).validate(read(spec))


@flavours
def test_the_file_holds_what_the_model_says(spec: AppSpec):
    made = manifest.config(spec, FACTS)
    assert read(spec) == made.model_dump(mode="json", exclude_none=True)


@flavours
def test_its_environment_becomes_a_plan(spec: AppSpec):
    result = plan(environ(spec))
    assert result.platform == "fly"
    assert result.findings == ()
    assert result.hosts == (f"{spec.name}.fly.dev",)
    assert result.internal is not None
    assert (result.internal.variable, result.internal.url.params["sslmode"]) == ("DATABASE_URL", "prefer")
    assert (result.bind, result.memory_mb, result.graceful_timeout) == ("0.0.0.0:8000", 512, 25)


def test_an_unmanaged_database_is_on_the_private_network():
    result = plan(environ(mathesar(), UNMANAGED))
    assert {item.kind: item.severity for item in result.findings} == {"plaintext": "warning"}


@pytest.mark.parametrize(("said", "memory"), [("1024", 1024), ("", 512), ("much", 512), ("0", 512), ("٣", 512)])
def test_the_memory_is_what_the_machine_says(said, memory):
    assert plan(environ(mathesar()) | {"FLY_VM_MEMORY_MB": said}).memory_mb == memory


def test_a_builder_is_no_machine():
    assert detect({"FLY_APP_NAME": "mathesar", "PATH": "/usr/bin"}) == ()


def test_the_published_enums_have_not_grown():
    properties = official(SCHEMA)["properties"]
    vm = properties["vm"]["items"]["properties"]
    assert set(vm["size"]["enum"]) == set(FACTS.table("web_plans"))
    assert set(vm["gpu_kind"]["enum"]) == set(FACTS.texts("gpu_plans"))
    assert set(properties["deploy"]["properties"]["strategy"]["enum"]) == {
        "canary",
        "rolling",
        "bluegreen",
        "immediate",
    }
    stops = official(SCHEMA)["definitions"]["services"]["properties"]["auto_stop_machines"]["enum"]
    assert set(stops) == {"off", "stop", "suspend"}


def test_the_region_has_managed_postgres():
    assert FACTS.text("region") in FACTS.texts("database_regions")
    assert set(FACTS.texts("database_regions")) < set(FACTS.texts("regions"))


def test_the_command_makes_the_key_that_the_app_needs():
    made = recipe(FACTS.table("secret_recipe"))
    assert (made.bits, len(KEY)) == (384, made.length)
    assert unfit(mathesar().variable("SECRET_KEY").origin, made) is None
    assert f"$({made.expression})" in manifest.files(mathesar())["platforms/fly/README.md"]


@pytest.mark.parametrize(
    ("origin", "said"),
    [(Generated(bits=4096), "384 bits"), (FromDatabase(part="host"), "URL alone")],
)
def test_what_fly_cannot_give_is_refused(origin, said):
    spec = mathesar()
    spec = spec.model_copy(update={"variables": (Variable(name="X", origin=origin, why="For the test."),)})
    with pytest.raises(ValueError, match=said):
        manifest.files(spec)
