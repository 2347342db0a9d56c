"""Dokku's app.json, written and read."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.dokku import grammar, lint, manifest
from provisioner import plan
from provisioner.facts import load_facts
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from provisioner.spec import AppSpec
from tests.platforms.manifests import flavours

Parts = dict[str, Any]
CHECK: Parts = {"healthchecks": {"web": [{"type": "startup", "path": "/up"}]}}


@flavours
def test_it_is_what_dokku_reads(spec: AppSpec):
    app = json.loads(manifest.files(spec)["platforms/dokku/app.json"])
    grammar.AppJson.model_validate(app)
    assert set(app["healthchecks"]["web"][0]) <= set(grammar.Check.model_fields)
    assert app["scripts"]["dokku"]["predeploy"] == "mathesar release"


@flavours
def test_what_dokku_makes_of_it_is_a_plan(spec: AppSpec):
    app = json.loads(manifest.files(spec)["platforms/dokku/app.json"])
    length = load_facts(manifest.__file__).table("secret_recipe")["length"]
    environ = {
        "DYNO": "web.1", "PORT": "8000", "ALLOWED_HOSTS": "data.example.com",  # Dokku sets DYNO as Heroku does
        "DATABASE_URL": f"postgres://postgres:{secrets.token_hex(16)}@dokku-postgres-{spec.database}:5432/{spec.dbname}",
    }  # fmt: skip
    for name, env in app["env"].items():
        if env.get("generator"):
            environ[name] = secrets.token_hex(length // 2)
        elif "value" in env:
            environ[name] = env["value"]
    result = plan(environ)
    assert [item.code for item in result.findings if item.severity == "error"] == []
    assert (result.platform, result.hosts) == ("dokku", ("data.example.com",))
    assert result.internal is not None
    assert result.internal.variable == "DATABASE_URL"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CHECK, {}),
        ({"cron": [{"command": "x", "schedule": "@daily"}]}, {"(top)": "health-missing"}),
        (CHECK | {"cron": [{"command": "x"}]}, {"cron[0].schedule": "field-absent"}),
        (CHECK | {"env": {"A": "text", "B": {"generator": "secret", "sync": True}}}, {}),
        (CHECK | {"env": {"A": {"sycn": True}}}, {"env.A.sycn": "field-unknown"}),
        (CHECK | {"env": {"SECRET_KEY": "abcdef"}}, {"env.SECRET_KEY": "secret-in-clear"}),
        (CHECK | {"env": {"ALLOWED_HOSTS": "a.example"}}, {"healthchecks.web[0]": "host-check"}),
        (CHECK | {"env": {"ALLOWED_HOSTS": "*"}}, {}),
        (
            {"healthchecks": {"web": [{"path": 1}]}},
            {"(top)": "health-missing", "healthchecks.web[0].path": "field-type"},
        ),
        ({"healthchecks": []}, {"(top)": "health-missing", "healthchecks": "field-type"}),
    ],
)
def test_what_is_said(data: Parts, expected: dict[str, str]):
    linted = lint_text("dokku/app.json", json.dumps(data))
    assert {item.finding.variable: item.finding.kind for item in linted.marks} == expected
    assert lint_text("other.json", json.dumps(data)).platform == "dokku"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["web", "path", "dokku", "value", "ALLOWED_HOSTS", "command"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["env", "scripts", "healthchecks", "cron", "formation"]), JUNK))
def test_no_document_breaks_it(data: Parts):
    document = Document("app.json", "", "json", data)
    list(lint.lint(document))
    assert lint.recognises(document) >= 0
