"""Versions of PostgreSQL that are offered no more, however they are written, and images that outlived theirs."""

from __future__ import annotations

import json
from datetime import date

import pytest

from platforms.heroku import lint as heroku
from provisioner.facts import load_facts
from provisioner.lint import versions
from provisioner.lint.engine import lint_text
from provisioner.lint.versions import ended, major, retired
from provisioner.lint.view import Text

APP = "captainVersion: 4\nservices: {$$cap_appname-db: {image: '%s'}}\ncaproverOneClickApp: {description: a, instructions: {start: a, end: b}}\n"  # noqa: E501


@pytest.mark.parametrize(
    ("version", "number"),
    [
        ("9.6", 9),
        (11.5, 11),
        ("17", 17),
        (13, 13),
        ("v16", 16),
        ("latest", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_the_major_version(version, number):
    assert major(version) == number


@pytest.mark.parametrize(
    ("version", "gone"), [("9", True), ("9.4", True), ("11.5", True), (13, True), ("17", False), ("x", False)]
)
def test_a_version_and_all_before_it(version, gone):
    assert retired(version, load_facts(heroku.__file__)) is gone


@pytest.mark.parametrize("version", ["9", "9.4", "11.5", 12])
def test_on_heroku(version):
    addon = {"plan": "heroku-postgresql:essential-0", "options": {"version": version}}
    marks = lint_text("app.json", json.dumps({"name": "a", "env": {}, "addons": [addon]})).marks
    assert "version-retired" in [item.finding.kind for item in marks]


def test_on_digitalocean():
    text = "name: a\nservices: [{name: b, instance_size_slug: apps-s-1vcpu-1gb}]\ndatabases: [{name: d, engine: PG, version: '9.6'}]\n"  # noqa: E501
    (found,) = [item for item in lint_text(".do/app.yaml", text).marks if item.finding.kind == "version-retired"]
    assert found.finding.variable == "databases[0].version"


def test_on_render():
    text = "databases: [{name: d, plan: basic-256mb, ipAllowList: [], postgresMajorVersion: '9'}]\n"
    assert [item.finding.kind for item in lint_text("render.yaml", text).marks] == ["version-retired"]


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("postgres:9.6", "9"),
        ("postgres:11-alpine", "11"),
        ("docker.io/library/postgres:14.3", "14"),
        ("mirror.example.com/library/postgres:12", "12"),
        ("postgis/postgis:13-3.3", "13"),
        ("bitnami/postgresql:11", "11"),
        ("timescale/timescaledb:2.1.0-pg12", "12"),
        ("pgvector/pgvector:pg13", "13"),
    ],
)
def test_an_image_past_its_end(reference, version):
    (found,) = ended(Text(reference, ("image",)), "compose")
    assert found.finding.message == f"PostgreSQL {version} is past its end of life."


@pytest.mark.parametrize(
    "reference",
    [
        "postgres:18-trixie",
        "postgres",
        "postgres:alpine",
        "postgres@sha256:0",
        "me/postgres:1",
        "redis:7",
        "timescale/timescaledb:2.9",
    ],
)
def test_another_image(reference):
    assert list(ended(Text(reference, ("image",)), "compose")) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  db:\n    image: postgres:9.6\n"),
        ("public/v4/apps/a.yml", APP % "postgres:11-alpine"),
        ("templates/compose/a.yaml", "services:\n  db:\n    image: postgres:12\n"),
    ],
)
def test_wherever_an_image_is_named(path, text):
    assert "version-ended" in [item.finding.kind for item in lint_text(path, text).marks]


def test_the_facts_are_dated_and_sourced():
    for fact in load_facts(versions.__file__).facts.values():
        assert date.fromisoformat(fact.date)
        assert fact.source.startswith("https://")
