"""railway.json, railway.toml and templates as they are found: a table of texts and what must be said of each."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.railway import lint, manifest
from platforms.railway.grammar import Build, Deploy
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from provisioner.spec_mathesar import mathesar
from tests.platforms.linting import damage, junk, kinds_in, on_real
from tests.platforms.manifests import corpus

HEALTHY = {"deploy": {"healthcheckPath": "/up"}}
TEMPLATE = json.loads(manifest.files(mathesar())[manifest.TEMPLATE])
APP, DATABASE = list(TEMPLATE["services"])
APP_VARIABLES = f"services.{APP}.variables"


def kinds(text: str, name: str = "railway.json") -> dict[str, str]:
    return kinds_in(text, name)


def deploy(**settings: Any) -> dict[str, Any]:
    return {"deploy": {"healthcheckPath": "/up", **settings}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HEALTHY, {}),
        ({"build": {"builder": "dockerfile"}, **HEALTHY}, {}),
        ({"build": {"builder": "NIXPACKS"}, **HEALTHY}, {"build.builder": "value-deprecated"}),
        ({"build": {"builder": "heroku"}, **HEALTHY}, {"build.builder": "value-deprecated"}),
        ({"build": {"builder": "Paketo"}, **HEALTHY}, {"build.builder": "value-deprecated"}),
        ({"build": {"builder": "buck"}, **HEALTHY}, {"build.builder": "field-value"}),
        ({"build": {"builder": 7}, **HEALTHY}, {"build.builder": "field-value"}),
        ({"build": []} | HEALTHY, {"build": "field-type"}),
        ({"env": {"A": "1"}, **HEALTHY}, {"env": "field-deprecated"}),
        ({"envVars": {"A": {"required": True}}, **HEALTHY}, {"envVars": "field-deprecated"}),
        ({"plugins": ["postgresql"], **HEALTHY}, {"plugins": "field-deprecated"}),
        ({"services": [{"name": "a"}], **HEALTHY}, {"services": "field-deprecated"}),
        ({"build": {"env": {"A": "1"}}, **HEALTHY}, {"build.env": "field-deprecated"}),
        (deploy(buildCommand="make"), {"deploy.buildCommand": "field-deprecated"}),
        (deploy(healthCheckTimeout=300), {"deploy.healthCheckTimeout": "field-deprecated"}),
        (deploy(healthcheckTimeout=30), {"deploy.healthcheckTimeout": "health-short"}),
        (deploy(healthcheckTimeout=31), {}),
        (deploy(healthcheckTimeout="300"), {"deploy.healthcheckTimeout": "value-loose"}),
        (deploy(healthcheckTimeout="soon"), {"deploy.healthcheckTimeout": "field-type"}),
        (deploy(healthcheckTimeout=None, startCommand=None), {}),
        (deploy(drainingSeconds="30", overlapSeconds=60), {}),
        (deploy(drainingSeconds="0"), {"deploy.drainingSeconds": "shutdown-short"}),
        (deploy(drainingSeconds=5), {"deploy.drainingSeconds": "shutdown-short"}),
        (deploy(drainingSeconds=[]), {"deploy.drainingSeconds": "field-type"}),
        (deploy(sleepApplication="true"), {"deploy.sleepApplication": "value-loose"}),
        (deploy(restartPolicyType="on_failure"), {}),
        (deploy(restartPolicyType="sometimes"), {"deploy.restartPolicyType": "field-value"}),
        (deploy(numReplicas=1.0), {}),
        (deploy(startCommand="gunicorn a"), {}),
        (deploy(startCommand="gunicorn -b 127.0.0.1:$PORT a"), {"deploy.startCommand": "bind-loopback"}),
        (deploy(startCommand="uvicorn a:app --port 8000"), {"deploy.startCommand": "port-fixed"}),
        (deploy(startCommand="uvicorn a:app --port ${PORT:-8000}"), {}),
        (deploy(preDeployCommand=["python manage.py migrate"]), {}),
        ({"build": {"buildCommand": "npx knex migrate:up"}, **HEALTHY}, {"build.buildCommand": "migrate-at-build"}),
        ({"build": {"builder": "RAILPACK"}}, {"deploy": "health-missing"}),
        ({"deploy": {"cronSchedule": "@daily", "startCommand": "run --port 80"}}, {}),
        ({**HEALTHY, "environments": {"pr": {"deploy": {"startCommand": "uvicorn a --port 80"}}}}, {
            "environments.pr.deploy.startCommand": "port-fixed"}),
        ({**HEALTHY, "environments": {"pr": {"deploy": {"cron": "x"}}}}, {
            "environments.pr.deploy.cron": "field-deprecated"}),
        ({**HEALTHY, "environments": {"pr": {"build": {"builder": "NIXPACKS"}}}}, {
            "environments.pr.build.builder": "value-deprecated"}),
    ],
)  # fmt: skip
def test_what_is_said(data, expected):
    assert kinds(json.dumps(data)) == {"(top)": "file-retired", **expected}


def test_the_file_is_retired_with_the_day_and_the_way_out():
    (found,) = lint_text("railway.toml", '[deploy]\nhealthcheckPath = "/up"\n').marks
    assert "2026-12-01" in found.finding.message
    assert "railway config migrate" in found.finding.hint
    assert found.finding.severity == "error"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("railway.json", "{", {"(top)": "manifest-unreadable"}),
        ("railway.json", "{}", {"(top)": "manifest-empty"}),
        ("railway.toml", "", {"(top)": "manifest-empty"}),
        ("railway.toml", "[deploy\n", {"(top)": "manifest-unreadable"}),
        ("railway.toml", '[env]\nA = "1"\n[deploy]\nhealthcheckPath = "/"\n', {
            "(top)": "file-retired", "env": "field-deprecated"}),
    ],
)  # fmt: skip
def test_texts(name, text, expected):
    assert kinds(text, name) == expected


def changed(service: str, *at: str, to: Any) -> str:
    """Return our template with one thing changed; None takes it away."""
    data = copy.deepcopy(TEMPLATE)
    target = data["services"][service]
    for part in at[:-1]:
        target = target[part]
    if to is None:
        del target[at[-1]]
    else:
        target[at[-1]] = to
    return json.dumps(data)


def variable(name: str, value: str) -> str:
    return changed(APP, "variables", name, to={"defaultValue": value, "isOptional": False})


def own(name: str) -> str:
    return f"{APP_VARIABLES}.{name}.defaultValue"


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps(TEMPLATE), {}),
        (json.dumps({"name": "x", "serializedConfig": TEMPLATE}), {}),
        (variable("SECRET_KEY", "${{secret()}}"), {}),
        (variable("SECRET_KEY", "${{ secret(32) }}"), {}),
        (variable("SECRET_KEY", "${{secret(31)}}"), {own("SECRET_KEY"): "secret-shape"}),
        (variable("SECRET_KEY", '${{secret(64, "01")}}'), {own("SECRET_KEY"): "secret-shape"}),
        (variable("SECRET_KEY", f'${{{{secret(40, "{LETTERS}")}}}}'), {}),
        (variable("SECRET_KEY", '${{secret(64, "aaaa")}}'), {own("SECRET_KEY"): "secret-shape"}),
        (variable("SECRET_KEY", "${{randomInt(0, 99999)}}"), {own("SECRET_KEY"): "secret-shape"}),
        (variable("SECRET_KEY", '${{secret(43, "abc")}}='), {}),
        (variable("SECRET_KEY", "Zq3vT8mXw2LkRb7n"), {own("SECRET_KEY"): "secret-in-clear"}),
        (variable("APP_KEY", "${{secret(50)}}"), {own("APP_KEY"): "secret-framework"}),
        (variable("OTHER_URL", "${{mathesar-db.DATABASE_PUBLIC_URL}}"), {own("OTHER_URL"): "database-open"}),
        (variable("OTHER_URL", "${{Mathesar-db.DATABASE_URL}}"), {own("OTHER_URL"): "reference-unknown"}),
        (variable("OTHER_URL", "${{shared.THING}}"), {}),
        (variable("ALLOWED_HOSTS", "${{RAILWAY_PUBLIC_DOMAIN}}"), {own("ALLOWED_HOSTS"): "host-check"}),
        (variable("ALLOWED_HOSTS", "${{RAILWAY_PUBLIC_DOMAIN}},healthcheck.railway.app"), {}),
        (variable("ALLOWED_HOSTS", "example.com,.railway.app"), {}),
        (variable("ALLOWED_HOSTS", "*"), {}),
        (variable("API_TOKEN", "<your token>"), {own("API_TOKEN"): "value-placeholder"}),
        (variable("PGSSLMODE", "disable"), {own("PGSSLMODE"): "tls-off"}),
        (changed(APP, "variables", "A", to={"defaultValue": 8000}), {own("A"): "value-loose"}),
        (changed(APP, "variables", "A", to={"defaultValue": []}), {own("A"): "field-type"}),
        (changed(APP, "variables", "A", to="text"), {f"{APP_VARIABLES}.A": "field-type"}),
        (changed(APP, "source", to={"image": "nginx:latest"}), {f"services.{APP}.source.image": "image-floating"}),
        (changed(APP, "deploy", "healthcheckPath", to=None), {f"services.{APP}": "health-missing"}),
        (changed(APP, "deploy", "healthcheckTimeout", to=20), {
            f"services.{APP}.deploy.healthcheckTimeout": "health-short"}),
        (changed(APP, "deploy", "drainingSeconds", to=1), {f"services.{APP}.deploy.drainingSeconds": "shutdown-short"}),
        (changed(APP, "deploy", to={"healthcheckPath": "/"}), {}),
        (changed(APP, "deploy", "startCommand", to="gunicorn -b localhost:$PORT"), {
            f"services.{APP}.deploy.startCommand": "bind-loopback"}),
        (changed(APP, "deploy", "startCommand", to="uvicorn a --port 8000"), {}),
        (changed(APP, "build", "buildCommand", to="flask db upgrade"), {
            f"services.{APP}.build.buildCommand": "migrate-at-build"}),
        (changed(DATABASE, "networking", to={"tcpProxies": {"5432": {}}}), {
            f"services.{DATABASE}.networking.tcpProxies": "database-open"}),
        (changed(DATABASE, "source", "image", to="ghcr.io/railwayapp-templates/postgres-ssl:12"), {
            f"services.{DATABASE}.source.image": "version-retired"}),
        (changed(DATABASE, "name", to=None), {
            f"services.{DATABASE}.name": "field-absent", own("DATABASE_URL"): "reference-unknown"}),
    ],
)  # fmt: skip
def test_what_is_said_of_a_template(text, expected):
    assert kinds(text, manifest.TEMPLATE) == expected
    assert lint_text("elsewhere.json", text).platform == "railway"


def test_a_public_service_without_a_drain():
    data = copy.deepcopy(TEMPLATE)
    app = data["services"][APP]
    del app["deploy"]["drainingSeconds"]
    app["variables"]["RAILWAY_DEPLOYMENT_DRAINING_SECONDS"]["defaultValue"] = "5"
    place = own("RAILWAY_DEPLOYMENT_DRAINING_SECONDS")
    assert kinds(json.dumps(data), manifest.TEMPLATE) == {place: "shutdown-short"}
    del app["variables"]["RAILWAY_DEPLOYMENT_DRAINING_SECONDS"]
    assert kinds(json.dumps(data), manifest.TEMPLATE) == {f"services.{APP}": "shutdown-short"}


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text(manifest.TEMPLATE, variable("SECRET_KEY", "Zq3vT8mXw2Lk")).marks)
    assert "SECRET_KEY" in said
    assert "Zq3v" not in said


@pytest.mark.parametrize(
    ("data", "sure"),
    [
        ({"$schema": "https://railway.com/railway.schema.json"}, 95),
        ({"deploy": {"startCommand": "x"}}, 60),
        ({"build": {"builder": "RAILPACK"}}, 60),
        ({"build": {"builder": "x"}, "app": "fly"}, 0),
        ({"services": {"web": {"image": "nginx"}}}, 0),
        (TEMPLATE, 80),
        ([], 0),
    ],
)
def test_whose_it_is(data, sure):
    assert lint.recognises(Document("x.json", "", "json", data)) == sure


REAL = corpus("railway")
EXPECTED = {
    "0737__video-shuffler1__railway.toml": set(),
    "BerriAI__litellm__railway.json": set(),
    "0motionguy__starscreener__railway.json": {"health-short"},
    "0Elfaki__whisper-api__railway.toml": {"value-deprecated", "health-missing", "field-deprecated"},
    "0nkl94__GoHighLevel-MCP__railway.json": {"health-missing", "field-deprecated"},
    "railwayapp__docs__railway.json": set(),
}


@on_real(REAL)
def test_real_files_are_read_without_a_false_invalid(file: Path):
    """Railway takes them all; the one error is that it soon reads none of them."""
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert linted.platform == "railway"
    errors = [item.finding.kind for item in linted.marks if item.finding.severity == "error"]
    assert errors == ["file-retired"]
    if file.name in EXPECTED:
        assert {item.finding.kind for item in linted.marks} == {"file-retired", *EXPECTED[file.name]}


WORDS = sorted({
    "build", "deploy", "environments", "services", "serializedConfig", "variables", "defaultValue", "name", "source",
    "image", "networking", "tcpProxies", "serviceDomains", *Build.model_fields, *Deploy.model_fields,
})  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-5, 500) | st.floats() | st.text(max_size=5) | st.sampled_from(
    ["${{secret(32)}}", "${{A.B}}", "NIXPACKS", "30", "true", "postgres:17", "${{randomInt()}}"]
)  # fmt: skip
JUNK = junk(st.sampled_from(WORDS) | st.text(max_size=3), SCALARS)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(WORDS), JUNK), st.sampled_from(["railway.json", "railway/template.json", "a.json"])
)
def test_no_document_breaks_it(data: dict[str, Any], name: str):
    document = Document(name, "", "json", data)
    assert 0 <= lint.recognises(document) <= 100
    list(lint.lint(document))


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([TEMPLATE, {**deploy(startCommand="x"), "environments": {"pr": HEALTHY}}]))
def test_no_damage_to_a_real_one_breaks_it(draw, data):
    damaged = damage(draw, data, JUNK)
    list(lint.lint(Document("railway/template.json", "", "json", damaged)))
    list(lint.lint(Document("railway.json", "", "json", damaged)))
