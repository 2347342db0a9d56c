"""app.json of the Cloud Run Button and service.yaml: both schemas take them, and both make a plan."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import yaml

from platforms.cloudrun import manifest, service
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.lint.engine import lint_text
from provisioner.platform import detect
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Image, Prompt, Variable
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import DIGEST, FLAVOURS, flavours, official

FACTS = load_facts(manifest.__file__)
BUTTON = "cloudrun/cloud-run-button.app.json.reconstructed.schema.json"
KNATIVE = "cloudrun/cloud-run-v1.schema.json"
TAKEN = mathesar(name="staff-data", image=f"docker.io/example/data@{DIGEST}")
PRIVATE = "postgresql://mathesar:9f86d081884c7d659a2feaa0c55ad015@10.23.0.3:5432/mathesar?sslmode=require"
PUBLIC = "postgresql://owner:npg_Zq3vT8mXw2Lk@ep-cool-darkness-1a2b3c4d.us-east-2.aws.neon.tech/mathesar"
# What 64 random bytes look like in base64, and 48.
MADE = "Vd3mQ9xK0pLrT7bYcW2nHfJ5sGaE8uZi1oXvBtNqPkMwCyRzDhFjLgSe6A4I+O/UVd3mQ9xK0pLrT7bYcW2nHg=="
KEY = "5v9ZV0yN2sB0jrA9nq2m0w3m6nVw9mC8h0uQh1zYk3sX7dP5tR4KEw8LfTgHs1oQ"


def read(spec: AppSpec) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(manifest.files(spec)[manifest.PATH])
    return data


def injected(name: str) -> dict[str, str]:
    return {"PORT": "8080", "K_SERVICE": name, "K_REVISION": f"{name}-00001-abc", "K_CONFIGURATION": name}


def pressed(spec: AppSpec) -> dict[str, str]:
    """Return what the container has after the button: what is generated, and what a person typed."""
    data = read(spec)
    made = {name: MADE if env.get("generator") == "secret" else env.get("value", PUBLIC)
            for name, env in data["env"].items()}  # fmt: skip
    return injected(data["name"]) | made


@flavours
def test_the_buttons_schema_takes_it(spec: AppSpec):
    jsonschema.Draft202012Validator(official(BUTTON)).validate(read(spec))


@flavours
def test_what_is_pressed_becomes_a_plan(spec: AppSpec):
    result = plan(pressed(spec))
    assert result.platform == "cloudrun"
    assert result.findings == ()
    assert (result.hosts, result.bind, result.graceful_timeout) == (("*",), "0.0.0.0:8080", 5)
    assert result.internal is not None
    assert (result.internal.variable, result.internal.url.params["sslmode"]) == ("DATABASE_URL", "require")
    assert result.setup_code is not None


def test_a_job_is_no_service():
    assert detect({"CLOUD_RUN_JOB": "mathesar", "CLOUD_RUN_EXECUTION": "mathesar-x"}) == ()


def test_the_buttons_keys_are_the_ones_we_know():
    schema = official(BUTTON)["properties"]
    assert set(schema["options"]["properties"]) == {
        "allow-unauthenticated", "memory", "cpu", "port", "http2", "concurrency", "max-instances"}  # fmt: skip
    assert set(schema["env"]["additionalProperties"]["properties"]) == {
        "description", "value", "required", "generator", "order"}  # fmt: skip
    assert schema["options"]["properties"]["max-instances"]["maximum"] == FACTS.integer("instances_most")


def test_the_button_names_the_repository_the_branch_and_the_folder():
    for spec in FLAVOURS.values():
        url = urlsplit(manifest.button(spec).url)
        assert url.netloc == "deploy.cloud.run"
        assert parse_qs(url.query) == {
            "git_repo": [f"{spec.repository}.git"], "revision": ["main"], "dir": ["platforms/cloudrun"]}  # fmt: skip
        assert manifest.PATH == "platforms/cloudrun/app.json"


def test_the_repository_is_built_from_its_root():
    data = read(FLAVOURS["built"])
    assert data["build"] == {"skip": True}
    [command] = data["hooks"]["prebuild"]["commands"]
    assert command.endswith('--file "$APP_DIR/../../Dockerfile" "$APP_DIR/../.."')
    assert '--tag "$IMAGE_URL"' in command


def test_a_published_image_is_built_from_one_line():
    files = manifest.files(FLAVOURS["image"])
    assert files["platforms/cloudrun/Dockerfile"].splitlines()[1:] == [f"FROM ghcr.io/example/published@{DIGEST}"]
    assert {"build", "hooks"} & set(read(FLAVOURS["image"])) == set()


def test_a_service_is_written_only_for_a_registry_that_cloud_run_pulls_from():
    assert [service.PATH in manifest.files(spec) for spec in FLAVOURS.values()] == [False] * 4
    assert service.PATH in manifest.files(TAKEN)
    assert "--remote-docker-repo=https://ghcr.io" in manifest.files(FLAVOURS["image"])["platforms/cloudrun/README.md"]
    assert "remote-docker-repo" not in manifest.files(TAKEN)["platforms/cloudrun/README.md"]


@pytest.mark.parametrize(
    ("registry", "pulled"),
    [("docker.io/", True), ("us-docker.pkg.dev/", True), ("eu.gcr.io/", True), ("gcr.io/", True), ("", True),
     ("ghcr.io/", False), ("quay.io/", False), ("evilgcr.io/", False)],
)  # fmt: skip
def test_which_registries_are_pulled_from(registry, pulled):
    assert service.pulls(Image(reference=f"{registry}example/data@{DIGEST}"), FACTS) is pulled


def test_the_services_schema_takes_it():
    data = yaml.safe_load(manifest.files(TAKEN)[service.PATH])
    jsonschema.Draft7Validator(official(KNATIVE)).validate(data)
    assert data["metadata"]["name"] == "staff-data"


def test_the_service_becomes_a_plan():
    text = manifest.files(TAKEN)[service.PATH]
    linted = lint_text(service.PATH, text)
    assert (linted.platform, linted.marks) == ("cloudrun", ())
    container = yaml.safe_load(text)["spec"]["template"]["spec"]["containers"][0]
    secrets = {"staff-data-database-url": PRIVATE, "staff-data-secret-key": KEY}
    made = {env["name"]: secrets[env["valueFrom"]["secretKeyRef"]["name"]] for env in container["env"]}
    result = plan(injected("staff-data") | made)
    assert result.findings == ()
    assert result.internal is not None


def test_both_keys_are_what_the_app_needs():
    for fact, value in (("secret_recipe", MADE), ("own_recipe", KEY)):
        made = recipe(FACTS.table(fact))
        assert made.length == len(value)
        assert unfit(mathesar().variable("SECRET_KEY").origin, made) is None
    assert recipe(FACTS.table("secret_recipe")).bits == 512


def test_every_origin():
    origins = {"A": Constant(value="x"), "B": Prompt(required=True), "C": Prompt(), "D": FromDatabase(part="host")}
    variables = tuple(Variable(name=name, origin=origin, why="For the test.") for name, origin in origins.items())
    spec = TAKEN.model_copy(update={"variables": variables})
    assert [(name, env.get("value"), env.get("required")) for name, env in read(spec)["env"].items()] == [
        ("A", "x", None), ("B", None, True), ("D", None, True)]  # fmt: skip
    data = yaml.safe_load(manifest.files(spec)[service.PATH])
    assert [env["name"] for env in data["spec"]["template"]["spec"]["containers"][0]["env"]] == ["A", "B", "D"]


def test_a_generator_that_is_too_weak_is_refused():
    weak = Variable(name="X", origin=Generated(bits=4096), why="For the test.")
    with pytest.raises(ValueError, match="512 bits"):
        manifest.files(FLAVOURS["built"].model_copy(update={"variables": (weak,)}))
    with pytest.raises(ValueError, match="384 bits"):
        service.text(TAKEN.model_copy(update={"variables": (weak,)}), Image(reference=TAKEN.source.reference), FACTS)
