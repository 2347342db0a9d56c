"""What each platform's rehearsal reads out of the committed manifest, and the environment that comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import provisioner
from provisioner.facts import load_facts
from provisioner.lint.document import read as read_document
from provisioner.recipes import unfit
from provisioner.rehearsal.wanted import Asked, Given, MadeUp, OfApp, OfDatabase, Origin
from provisioner.spec import Generated
from provisioner.spec_mathesar import VARIABLES, mathesar
from tests.platforms.runtimes import LABEL, NAMES, ROOT, RUNTIMES, committed, environ_of, wanted_of, with_data
from tests.tls_certificate import write_certificate

SECRETS = {variable.name: variable.origin for variable in VARIABLES if isinstance(variable.origin, Generated)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_certificate(tmp_path, "localhost")[0].rename(tmp_path / "ca.pem")
    return tmp_path


ORIGINS: dict[str, dict[str, type[Origin] | Origin]] = {
    "render": {"DATABASE_URL": OfDatabase(), "SECRET_KEY": MadeUp, "MATHESAR_SETUP_CODE": MadeUp},
    "railway": {
        "DATABASE_URL": OfDatabase(),
        "SECRET_KEY": MadeUp,
        "MATHESAR_SETUP_CODE": MadeUp,
        "MATHESAR_DATABASES": Asked,
        "PORT": Given("8000"),
        "RAILWAY_DEPLOYMENT_DRAINING_SECONDS": Given("30"),
        "RAILWAY_DEPLOYMENT_OVERLAP_SECONDS": Given("15"),
        "RAILWAY_DOCKERFILE_PATH": Given("Dockerfile"),
    },
    "digitalocean": {
        "APP_PLATFORM": Given("digitalocean"),
        "APP_DOMAIN": OfApp(),
        "DATABASE_URL": OfDatabase(),
        "CA_CERT": OfDatabase("ca"),
    },
    "heroku": {
        "DATABASE_URL": OfDatabase(),
        "SECRET_KEY": MadeUp,
        "MATHESAR_SETUP_CODE": MadeUp,
        "MATHESAR_DATABASES": Asked,
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_committed_manifest_asks_for(name):
    wanted, spec = wanted_of(name), mathesar()
    assert wanted.name == "mathesar"
    assert wanted.command == spec.command
    assert wanted.release == (None if name == "digitalocean" else spec.release)
    assert wanted.health == {"render": wanted.health, "heroku": None}.get(name, spec.ready_path)
    assert (wanted.instances, wanted.memory_mb, wanted.shutdown_seconds, wanted.database) == (1, 512, 30, True)


@pytest.mark.parametrize("name", NAMES)
def test_where_each_variable_comes_from(name):
    envs = wanted_of(name).envs
    for variable, expected in ORIGINS[name].items():
        found = envs[variable]
        assert isinstance(found, expected) if isinstance(expected, type) else found == expected, variable
    assert name == "render" or envs.keys() == ORIGINS[name].keys()


@pytest.mark.parametrize("name", NAMES)
def test_generated_secrets_serve(name):
    made = {key: origin for key, origin in wanted_of(name).envs.items() if isinstance(origin, MadeUp)}
    assert made or name == "digitalocean"
    for key, origin in made.items():
        assert unfit(SECRETS[key], origin.recipe) is None


@pytest.mark.parametrize("name", NAMES)
def test_the_environment_makes_a_plan(name, folder):
    wanted = wanted_of(name)
    environ = environ_of(name, wanted, folder)
    plan = provisioner.plan(environ)
    host = RUNTIMES[name].HABITS.host.format(name=wanted.name)
    assert plan.platform == name
    assert plan.hosts == (("*",) if name == "heroku" else (host,)) or host in plan.hosts
    assert plan.port == 24001
    assert plan.internal is not None
    assert [item.code for item in plan.findings if item.severity == "error"] == []


def test_the_platforms_own_shapes(folder):
    urls = {name: environ_of(name, wanted_of(name), folder)["DATABASE_URL"] for name in NAMES}
    assert urls["heroku"].startswith("postgres://u")
    assert urls["digitalocean"].endswith("?sslmode=require")
    assert urls["railway"].startswith("postgresql://postgres:")
    assert "DYNO" in environ_of("heroku", wanted_of("heroku"), folder)
    assert not [key for key in environ_of("heroku", wanted_of("heroku"), folder) if key.startswith("HEROKU_")]
    assert RUNTIMES["railway"].HABITS.prober_host == "healthcheck.railway.app"
    assert list(RUNTIMES["railway"].HABITS.accepts) == [200]


@pytest.mark.parametrize("name", NAMES)
def test_the_host_is_one(name):
    host = RUNTIMES[name].HABITS.host.format(name=wanted_of(name).name)
    assert all(LABEL.fullmatch(label) for label in host.split("."))


def test_a_port_that_is_not_the_domains_stays(folder):
    data = json.loads((ROOT / "platforms/railway/template.json").read_text())
    app = next(iter(data["services"].values()))
    app["variables"]["PORT"]["defaultValue"] = "3000"
    wanted = RUNTIMES["railway"].read(with_data("railway", data))
    assert environ_of("railway", wanted, folder)["PORT"] == "3000"


def test_an_app_that_names_the_databases_password_is_no_database():
    data = json.loads((ROOT / "platforms/railway/template.json").read_text())
    next(iter(data["services"].values()))["variables"]["POSTGRES_PASSWORD"] = {
        "defaultValue": "${{mathesar-db.POSTGRES_PASSWORD}}"
    }
    wanted = RUNTIMES["railway"].read(with_data("railway", data))
    assert (wanted.name, wanted.role, wanted.dbname) == ("mathesar", "postgres", "mathesar")
    assert wanted.envs["POSTGRES_PASSWORD"] == OfDatabase("password")


def test_heroku_sets_the_port_itself(folder):
    data = json.loads((ROOT / "app.json").read_text())
    data["env"]["PORT"] = "8000"
    wanted = RUNTIMES["heroku"].read(with_data("heroku", data))
    assert environ_of("heroku", wanted, folder)["PORT"] == "24001"


def test_without_a_domain_railway_names_no_host(folder):
    data = json.loads((ROOT / "platforms/railway/template.json").read_text())
    next(iter(data["services"].values()))["networking"]["serviceDomains"] = {}
    wanted = RUNTIMES["railway"].read(with_data("railway", data))
    assert "RAILWAY_PUBLIC_DOMAIN" not in environ_of("railway", wanted, folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${{RAILWAY_PUBLIC_DOMAIN}}", OfApp()),
        ("https://${{ RAILWAY_PUBLIC_DOMAIN }}", OfApp(url=True)),
        ("${{mathesar-db.PGPASSWORD}}", OfDatabase("password")),
        ("${{Postgres.PGPASSWORD}}", Given("")),
        ("http://${{mathesar.RAILWAY_PRIVATE_DOMAIN}}:${{PORT}}", Given("http://mathesar.railway.internal:8000")),
        ("${{mathesar.PORT}}", Given("8000")),
        ("plain", Given("plain")),
    ],
)
def test_references_of_railway(text, expected):
    data = json.loads((ROOT / "platforms/railway/template.json").read_text())
    next(iter(data["services"].values()))["variables"]["X"] = {"defaultValue": text}
    assert RUNTIMES["railway"].read(with_data("railway", data)).envs["X"] == expected


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"value": "${APP_URL}"}, OfApp(url=True)),
        ({"value": "https://${APP_DOMAIN}"}, OfApp(url=True)),
        ({"value": "${_self.PUBLIC_URL}"}, OfApp(url=True)),
        ({"value": "${_self.PRIVATE_URL}/x"}, Given("http://web:8080/x")),
        ({"value": "${mathesar-db.USERNAME}"}, OfDatabase("user")),
        ({"value": "${other.USERNAME}"}, Given("${other.USERNAME}")),
        ({"type": "SECRET"}, Asked(required=True)),
        ({"type": "SECRET", "value": "<REQUIRED>"}, Asked(required=True)),
        ({"value": 5}, Given("5")),
    ],
)
def test_bindable_variables_of_digitalocean(env, expected):
    data = committed("digitalocean")[".do/deploy.template.yaml"].data
    service = {**data["spec"]["services"][0], "envs": [{"key": "X", **env}]}
    wanted = RUNTIMES["digitalocean"].read(with_data("digitalocean", {"spec": {**data["spec"], "services": [service]}}))
    assert wanted.envs == {"X": expected}


def test_the_plain_form_of_a_spec():
    path = ".do/app.yaml"
    plain = {path: read_document(path, (ROOT / path).read_text())}
    assert RUNTIMES["digitalocean"].read(plain) == wanted_of("digitalocean")


def test_a_job_before_the_deploy_is_the_release_step():
    data = committed("digitalocean")[".do/deploy.template.yaml"].data
    jobs = [{"name": "after"}, {"name": "first", "kind": "PRE_DEPLOY", "run_command": "mathesar release"}]
    wanted = RUNTIMES["digitalocean"].read(with_data("digitalocean", {"spec": {**data["spec"], "jobs": jobs}}))
    assert wanted.release == ("mathesar", "release")


def test_dyno_metadata_is_a_feature():
    data = json.loads((ROOT / "app.json").read_text()) | {"labs": ["runtime-dyno-metadata"]}
    envs = RUNTIMES["heroku"].read(with_data("heroku", data)).envs
    assert envs["HEROKU_APP_DEFAULT_DOMAIN_NAME"] == OfApp()
    assert envs["HEROKU_APP_NAME"] == Given("mathesar")


@pytest.mark.parametrize(
    ("image", "major"),
    [
        ("ghcr.io/railwayapp-templates/postgres-ssl:17", "17"),
        ("postgres:16.4-alpine", "16"),
        ("registry.example.com:5000/postgres", ""),
        ("registry.example.com:5000/postgres:15", "15"),
        ("postgres:latest", ""),
        ("pgvector/pgvector:pg17", ""),
    ],
)
def test_the_version_of_railways_postgresql_is_its_images(image, major):
    data = json.loads((ROOT / "platforms/railway/template.json").read_text())
    (database,) = [each for each in data["services"].values() if "postgres" in str(each["source"].get("image"))]
    database["source"]["image"] = image
    assert RUNTIMES["railway"].read(with_data("railway", data)).postgres == major


def test_the_version_of_postgresql_is_the_manifests():
    for name in NAMES:
        assert wanted_of(name).postgres == load_facts(RUNTIMES[name].__file__).text("postgres_version")
    data = json.loads((ROOT / "app.json").read_text())
    data["addons"] = [{"plan": "heroku-postgresql:essential-0", "options": {"version": "16"}}]
    assert RUNTIMES["heroku"].read(with_data("heroku", data)).postgres == "16"
