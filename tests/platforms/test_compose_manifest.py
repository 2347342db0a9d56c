"""compose.yaml: the official schema takes it, and its one-shot script makes what both containers can read."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from platforms.compose import manifest
from provisioner import InvalidEnvironment, plan
from provisioner.facts import load_facts
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, FromDatabase, Generated
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import FLAVOURS, IMAGE, ROOT, flavours, official

FACTS = load_facts(manifest.__file__)
SCHEMA = "compose/compose-spec.schema.json"


def generated(spec: AppSpec) -> dict[str, Any]:
    return yaml.safe_load(manifest.files(spec)[manifest.PATH])


def run(folder: Path, spec: AppSpec) -> None:
    """Run the one-shot service's command in `folder`, as Compose would hand it to the container's shell."""
    shell, flag, text = generated(spec)["services"]["secrets"]["command"]
    text = text.replace("$$", "$").replace(manifest.FOLDER, str(folder))
    subprocess.run([shutil.which("dash") or shell, flag, text], check=True, env={"PATH": os.environ["PATH"]})


def environment(folder: Path, spec: AppSpec, **given: str) -> dict[str, str]:
    """Return the app's variables, with the references and paths that the machine would fill in."""
    made = generated(spec)["services"]["app"]["environment"]
    found = {name: value.replace(manifest.FOLDER, str(folder)) for name, value in made.items()}
    return {name: given.get(name, "") if "${" in value else value for name, value in found.items()}


@flavours
def test_the_official_schema_takes_it(spec: AppSpec):
    jsonschema.Draft202012Validator(official(SCHEMA)).validate(generated(spec))


def test_the_official_conditions_have_not_grown():
    condition = official(SCHEMA)["$defs"]["service"]["properties"]["depends_on"]["oneOf"][1]
    values = next(iter(condition["patternProperties"].values()))["properties"]["condition"]["enum"]
    assert set(values) == {"service_started", "service_healthy", "service_completed_successfully"}


@flavours
def test_the_plan_is_what_it_should_be(spec: AppSpec, tmp_path: Path):
    run(tmp_path, spec)
    result = plan(environment(tmp_path, spec))
    assert (result.platform, list(result.findings)) == ("compose", [])
    assert result.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (result.bind, result.graceful_timeout, result.trust_forwarded_proto) == ("0.0.0.0:8000", 25, False)
    assert result.secret_key_source == "environment"
    assert result.internal is not None
    assert (result.internal.url.host, result.internal.url.dbname) == ("db", spec.dbname)
    assert result.internal.url.params["sslmode"] == "prefer"


@pytest.mark.parametrize(
    ("url", "hosts", "secure"),
    [
        ("https://data.example.com", ("data.example.com",), True),
        ("http://192.168.1.5:8000/", ("192.168.1.5",), False),
        ("https://[2001:db8::1]:8443", ("[2001:db8::1]",), True),
        ("data.example.com:8000", ("data.example.com",), False),
    ],
)
def test_the_address_says_whether_a_proxy_is_believed(url: str, hosts: tuple[str, ...], secure: bool, tmp_path: Path):
    run(tmp_path, mathesar())
    result = plan(environment(tmp_path, mathesar(), APP_URL=url))
    assert (result.hosts, result.trust_forwarded_proto, result.forwarded_hops) == (hosts, secure, int(secure))


@pytest.mark.parametrize("url", ["https://[::1", "https://a b", "*"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path):
    run(tmp_path, mathesar())
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environment(tmp_path, mathesar(), APP_URL=url))
    assert {item.variable for item in refused.value.findings} == {"APP_URL"}


def test_without_its_files_the_app_refuses_instead_of_embedding_a_database(tmp_path: Path):
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environment(tmp_path, mathesar()))
    assert {item.variable for item in refused.value.findings} >= {"DATABASE_URL_FILE", "SECRET_KEY_FILE"}


@flavours
def test_a_second_run_keeps_every_secret(spec: AppSpec, tmp_path: Path):
    run(tmp_path, spec)
    first = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(first) == {"secret_key", "database_password", "database_url"}
    run(tmp_path, spec)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == first
    assert first["database_url"] == f"postgresql://{spec.dbname}:{first['database_password']}@db:5432/{spec.dbname}"
    assert first["secret_key"] != first["database_password"]


def test_half_a_secret_is_made_anew_and_the_url_follows_the_password(tmp_path: Path):
    (tmp_path / "secret_key").touch()
    (tmp_path / "database_password.new").write_text("half")
    (tmp_path / "database_password").write_text("chosen-by-hand")
    (tmp_path / "database_url").write_text("old")
    run(tmp_path, mathesar())
    assert len((tmp_path / "secret_key").read_text()) == 64
    assert ":chosen-by-hand@" in (tmp_path / "database_url").read_text()


def test_only_the_password_is_for_the_group_that_the_database_joins(tmp_path: Path):
    run(tmp_path, mathesar())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"secret_key": 0o600, "database_password": 0o440, "database_url": 0o600}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o710
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"USER {FACTS.text('app_group')}:{FACTS.text('app_group')}" in dockerfile
    assert manifest.FOLDER in dockerfile


@flavours
def test_every_container_is_held_tight(spec: AppSpec):
    for name, service in generated(spec)["services"].items():
        assert service.get("read_only") is (None if name == "db" else True), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert service["deploy"]["resources"]["limits"]["memory"], name
    services = generated(spec)["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["app"]
    assert services["app"]["ports"] == ["${ADDRESS:-127.0.0.1}:${PORT:-8000}:8000"]
    assert services["secrets"]["network_mode"] == "none"


def test_the_source_is_the_specs():
    built, image = generated(FLAVOURS["built"])["services"], generated(FLAVOURS["image"])["services"]
    for name in ("app", "secrets"):
        assert built[name]["build"] == {"context": "${BUILD_CONTEXT:-../..}", "dockerfile": "Dockerfile"}
        assert (image[name]["image"], "build" in image[name]) == (IMAGE, False)
    assert FACTS.text("database_image").rpartition(":")[2].startswith(f"{FACTS.text('postgres_version')}-")


def test_the_generated_key_is_what_the_app_needs():
    made = recipe(FACTS.table("secret_recipe"))
    assert unfit(mathesar().variable("SECRET_KEY").origin, made) is None
    assert (made.bits, made.url_safe) == (256, True)


@pytest.mark.parametrize("origin", [Generated(bits=512), FromDatabase(part="host")])
def test_what_the_one_shot_service_cannot_make_is_refused(origin: Any):
    spec = mathesar()
    changed = spec.variables[1].model_copy(update={"origin": origin})
    with pytest.raises(ValueError, match="SECRET_KEY"):
        manifest.files(spec.model_copy(update={"variables": (changed,)}))
