"""CloudronManifest.json: what the reference says, and the environment of an app with its addon is enough."""

from __future__ import annotations

import json
import struct
from typing import Any

import jsonschema
import pytest

from platforms.cloudron import manifest
from provisioner import InvalidEnvironment, plan
from provisioner.facts import load_facts
from provisioner.spec import AppSpec, Constant, Variable
from tests.platforms.manifests import DIGEST, FLAVOURS, ROOT, flavours, official

FACTS = load_facts(manifest.__file__)
SCHEMA = "cloudron/manifest.reconstructed.schema.json"
HOST = "books.example.com"
PARTS = {
    "USERNAME": "user2b1c9f0d6f0a4f7b8f5f0a1d2c3b4a59",
    "PASSWORD": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    "HOST": "postgresql",
    "PORT": "5432",
    "DATABASE": "db2b1c9f0d6f0a4f7b8f5f0a1d2c3b4a59",
}


def made(spec: AppSpec) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(manifest.files(spec)["platforms/cloudron/CloudronManifest.json"])
    return read


def environment(**more: str) -> dict[str, str]:
    """An app with the postgresql addon."""
    url = "postgres://{USERNAME}:{PASSWORD}@{HOST}/{DATABASE}".format(**PARTS)
    return {
        "CLOUDRON": "1",
        "CLOUDRON_APP_DOMAIN": HOST,
        "CLOUDRON_APP_ORIGIN": f"https://{HOST}",
        "CLOUDRON_API_ORIGIN": "https://my.example.com",
        "CLOUDRON_WEBADMIN_ORIGIN": "https://my.example.com",
        "CLOUDRON_PROXY_IP": "172.18.0.1",
        "CLOUDRON_POSTGRESQL_URL": url,
        **{f"CLOUDRON_POSTGRESQL_{name}": value for name, value in PARTS.items()},
    } | more


@flavours
def test_the_schema_takes_it(spec: AppSpec):
    schema = official(SCHEMA)
    jsonschema.Draft202012Validator(schema).validate(made(spec))
    # Ours was written from older pages; these two are in the npm package cloudron-manifestformat.
    assert set(made(spec)) - set(schema["properties"]) == {"documentationUrl", "multiDomain"}


def test_the_addons_have_not_grown():
    assert set(official(SCHEMA)["properties"]["addons"]["propertyNames"]["enum"]) <= set(FACTS.texts("addons"))


@flavours
def test_the_app_runs_on_what_cloudron_gives(spec: AppSpec):
    result = plan(environment())
    assert [item.kind for item in result.findings] == ["secret-generated"]
    assert (result.platform, result.hosts) == ("cloudron", (HOST,))
    assert result.bind == f"0.0.0.0:{made(spec)['httpPort']}"
    assert result.internal is not None
    assert (result.internal.variable, result.internal.url.params["sslmode"]) == ("CLOUDRON_POSTGRESQL_URL", "prefer")
    assert [(entry.name, entry.variable) for entry in result.entries] == [("default", "CLOUDRON_POSTGRESQL_URL")]
    assert (result.secret_key, result.secret_key_source) == (None, "database")
    assert result.memory_mb * manifest.MEBIBYTE == made(spec)["memoryLimit"]
    assert result.data_dir is None


def test_aliases_are_hosts_too_and_patterns_are_not():
    result = plan(environment(CLOUDRON_ALIAS_DOMAINS="data.example.org,*.example.net"))
    assert result.hosts == (HOST, "data.example.org")


def test_a_key_of_ones_own_is_taken():
    key = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    result = plan(environment(SECRET_KEY=key))
    assert (result.secret_key_source, result.findings) == ("environment", ())


def test_without_the_addon_it_does_not_start():
    environ = {name: value for name, value in environment().items() if "POSTGRESQL" not in name}
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environ)
    assert [item.variable for item in refused.value.findings if item.severity == "error"] == ["DATABASE_URL"]


@flavours
def test_nothing_is_kept_on_a_disk(spec: AppSpec):
    assert made(spec)["addons"] == {"postgresql": {}}


@flavours
def test_what_the_manifest_names_is_there(spec: AppSpec):
    folder = ROOT / "platforms" / "cloudron"
    files = manifest.files(spec)
    assert f"platforms/cloudron/{made(spec)['description'].removeprefix('file://')}" in files
    icon = (folder / made(spec)["icon"].removeprefix("file://")).read_bytes()
    assert struct.unpack(">II", icon[16:24]) == (256, 256)
    (picture,) = made(spec)["mediaLinks"]
    prefix = f"https://raw.githubusercontent.com/{spec.slug}/{spec.branch}/"
    assert (ROOT / picture.removeprefix(prefix)).is_file()


def test_the_image_is_pinned_and_never_invented():
    assert f"FROM {FLAVOURS['image'].source.reference}\n" in manifest.dockerfile(FLAVOURS["image"])
    built = manifest.dockerfile(FLAVOURS["built"])
    assert built.endswith("ARG IMAGE\nFROM ${IMAGE}\n")
    assert DIGEST not in built


def test_a_fork_is_an_app_of_its_own():
    assert [made(spec)["id"] for spec in FLAVOURS.values()] == [
        "com.github.mathesar-foundation.mathesar",
        "com.github.mathesar-foundation.mathesar",
        "com.github.example.staff-data",
        "com.github.example.staff-data",
    ]


def test_a_variable_that_must_be_set_is_refused():
    needed = Variable(name="MODE", origin=Constant(value="x"), why="It has to be there.")
    spec = FLAVOURS["built"].model_copy(update={"variables": (needed,)})
    with pytest.raises(ValueError, match="MODE has to come from it"):
        manifest.files(spec)


@pytest.mark.parametrize("field", ["title", "tagline", "website", "documentationUrl", "postInstallMessage"])
def test_the_texts_are_the_listings(field: str):
    listing = (ROOT / "platforms" / "cloudron" / "listing.md").read_text(encoding="utf-8")
    section = " ".join(listing.split(f"## {field}\n")[1].split("\n## ")[0].split())
    assert made(FLAVOURS["built"])[field] in section
