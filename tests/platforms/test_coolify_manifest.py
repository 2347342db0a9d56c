"""The service template: compose-spec takes it, and what Coolify puts into its variables makes an app that works."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml

from platforms.coolify import manifest
from platforms.coolify.view import command
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.platform import load
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import DIGEST, FLAVOURS, flavours, official

FACTS = load_facts(manifest.__file__)
HOST = "books-k3v7q.example.com"
ALPHANUMERIC = "k3V7qLm2TrX9bWc8HdJs4FgA5eUi6oRt1WqNzMxVyBkEhCp0ZsYtQnGvDuJfKwLa"


def text(spec: AppSpec) -> str:
    return manifest.files(spec)[manifest.path(spec)]


def template(spec: AppSpec) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(text(spec))
    return read


def environment(spec: AppSpec, service: str, **filled: str) -> dict[str, str]:
    """Return what a container gets: magic variables generated, others as they were filled in, plus Coolify's own."""
    name = manifest.service_name(spec).upper()
    magic = {f"SERVICE_FQDN_{name}": HOST, f"SERVICE_URL_{name}": f"https://{HOST}"}

    def value(found: re.Match[str]) -> str:
        key = found[1]
        if key.startswith("SERVICE_") and key not in magic:
            return ALPHANUMERIC[: FACTS.table("generators")[command(key)]["length"]]
        return (magic | filled).get(key, "")

    environ = {
        "COOLIFY_FQDN": HOST,
        "COOLIFY_URL": f"https://{HOST}",
        "COOLIFY_RESOURCE_UUID": "k3v7qk3v7qk3v7qk3v7qk3v7",
    }
    for line in template(spec)["services"][service]["environment"]:
        key, equals, given = line.partition("=")
        environ[key] = re.sub(r"\$\{(\w+)\}", value, given) if equals else f"https://{HOST}:{spec.port}"
    return environ


@flavours
def test_compose_spec_takes_it(spec: AppSpec):
    jsonschema.Draft7Validator(official("compose/compose-spec.schema.json")).validate(template(spec))


@flavours
def test_the_first_comments_are_coolifys(spec: AppSpec):
    expected = official("coolify/service-template.reconstructed.json")["header_comments"]
    found = re.findall(r"^# (\w+): (.+)$", text(spec), re.MULTILINE)
    assert [key for key, _ in found] == list(expected)
    assert dict(found)["slogan"] == spec.tagline
    assert dict(found)["port"] == str(spec.port)


def test_a_long_tagline_stays_on_one_line():
    spec = FLAVOURS["built"].model_copy(update={"tagline": "A " + "long " * 18 + "one."})
    assert f"# slogan: {spec.tagline}\n" in text(spec)


def test_the_magic_variables_have_not_grown():
    """Placeholders stand for the identifier; URL and FQDN are addresses, not generators."""
    described = " ".join(official("coolify/service-template.reconstructed.json")["magic_env"])
    kinds = set(re.findall(r"SERVICE_([A-Z]+(?:_\d+)?)_<", described.replace("_128_", "_128_<")))
    known = {*FACTS.table("generators"), *FACTS.texts("other_generators")}
    assert kinds - {"URL", "FQDN"} <= known


@flavours
def test_what_is_deployed_runs(spec: AppSpec):
    name = manifest.service_name(spec)
    environ = environment(spec, name)
    result = plan(environ)
    assert [item for item in result.findings if item.severity == "error"] == []
    assert (result.platform, result.hosts, result.bind) == ("coolify", (HOST,), "0.0.0.0:8000")
    assert result.internal is not None
    url = result.internal.url
    assert (url.host, url.dbname, url.params["sslmode"]) == (f"{name}-db", spec.dbname, "prefer")
    assert result.secret_key_source == "environment"
    assert result.setup_code is not None
    assert result.graceful_timeout == 25
    database = environment(spec, f"{name}-db")
    for key, value in (("POSTGRES_USER", url.user), ("POSTGRES_DB", url.dbname)):
        assert database[key] == value
    assert database["POSTGRES_PASSWORD"] in environ["DATABASE_URL"]


def test_filled_in_databases_are_shown():
    spec = FLAVOURS["built"]
    other = "(Sales|postgresql://reader:k3V7qLm2TrX9@k3v7qk3v7qk3v7qk3v7qk3v7:5432/sales)"
    result = plan(environment(spec, manifest.service_name(spec), MATHESAR_DATABASES=other))
    assert [(entry.name, entry.url.params["sslmode"]) for entry in result.entries] == [
        ("default", "prefer"),
        ("Sales", "prefer"),
    ]


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("a.example.com", ("a.example.com",)),
        ("a.example.com,b.example.com", ("a.example.com", "b.example.com")),
        ("https://a.example.com:8000,https://b.example.com/x", ("a.example.com", "b.example.com")),
        ("", ()),
        (" , ", ()),
    ],
)
def test_every_domain_is_a_host(given: str, hosts: tuple[str, ...]):
    assert load("coolify").contract({"COOLIFY_FQDN": given}).hosts == hosts


def test_another_compose_file_on_coolify_is_not_the_template():
    assert not load("coolify").detect({"COOLIFY_RESOURCE_UUID": "k3v7q", "COOLIFY_FQDN": HOST})


@flavours
def test_a_name_without_underscores_for_the_address(spec: AppSpec):
    """An underscore would stand in the generated host, for which no certificate is made."""
    app = template(spec)["services"][manifest.service_name(spec)]
    assert app["environment"][0] == f"SERVICE_URL_{manifest.service_name(spec).upper()}_8000"
    assert "_" not in manifest.service_name(spec)


@flavours
def test_the_image_is_pinned_or_built_from_the_repository(spec: AppSpec):
    app = template(spec)["services"][manifest.service_name(spec)]
    if spec.source.kind == "build":
        assert app["build"] == {"context": f"{spec.repository}.git#main", "dockerfile": "Dockerfile"}
    else:
        assert app["image"].endswith(DIGEST)
    assert "ports" not in app


def test_what_is_generated_is_what_the_app_needs():
    secret, code = recipe(FACTS.table("secret_recipe")), recipe(FACTS.table("code_recipe"))
    assert unfit(mathesar().variable("SECRET_KEY").origin, secret) is None
    assert unfit(mathesar().variable("MATHESAR_SETUP_CODE").origin, code) is None
    assert secret.url_safe
    for name, made in FACTS.table("generators").items():
        assert recipe({"expression": name, **made}).bits > 0


def test_a_generator_that_does_not_serve_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(FACTS.facts["secret_recipe"].value, "length", 16)
    with pytest.raises(ValueError, match="SECRET_KEY: it has 95 bits"):
        manifest.template(FLAVOURS["image"], FACTS)
