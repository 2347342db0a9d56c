"""Four formats of one visit: every finding in each, a secret in none, statements whole."""

from __future__ import annotations

import json
import re

import pytest
from sarif_pydantic import Sarif

from provisioner.doctor import Circumstances, Load, Subject, diagnose_all
from provisioner.doctor.report import Visit, render
from provisioner.entries import DatabaseEntry
from provisioner.findings import finding
from provisioner.report import FORMATS
from tests.postgres import PASSWORD as SUPER
from tests.postgres import PostgresServer, free_port
from tests.provisioner.doctor.seeing import BOTH, PASSWORD, USER, parsed

SECRETS = (SUPER, PASSWORD, "super%20secret", "pass%20word", "wrong-secret-77")
GRANT = 'GRANT CREATE ON DATABASE "doctor_shop" TO "doctor_plain";'


@pytest.fixture
def visit(server: PostgresServer, shop: str) -> Visit:
    """Give what was seen of five databases, and a general finding."""
    urls = {
        "all": server.url(shop),
        "plain": server.url(shop, user="doctor_plain", password=PASSWORD),
        "wrong": server.url(shop, password="wrong-secret-77"),
        "absent": server.url("nowhere"),
        "gone": server.url(shop, port=free_port()),
    }
    circumstances = Circumstances(load=Load(replicas=20))
    subjects = [
        Subject(DatabaseEntry(name, parsed(url)), BOTH if name == "all" else USER, circumstances)
        for name, url in urls.items()
    ]
    return Visit(diagnose_all(subjects), [finding("doctor-admin-password", "MATHESAR_ADMIN_PASSWORD")])


@pytest.mark.parametrize("fmt", FORMATS)
def test_everything_and_no_secret(visit: Visit, fmt: str) -> None:
    report = render(visit, fmt)
    assert len(visit.findings) >= 6
    assert [each.code for each in visit.findings if each.code not in report] == []
    assert (GRANT if fmt == "text" else "GRANT CREATE ON DATABASE") in report
    assert [secret for secret in SECRETS if secret in report] == []
    assert [secret for secret in SECRETS if secret in repr(visit)] == []


def test_json(visit: Visit) -> None:
    document = json.loads(render(visit, "json"))
    assert (document["version"], document["ok"]) == (1, False)
    assert [each["title"] for each in document["databases"]] == ["all", "plain", "wrong", "absent", "gone"]
    checks = {each["name"]: each for each in document["databases"][1]["checks"]}
    assert checks["Mathesar schema"]["statement"] == GRANT
    assert checks["Mathesar schema"]["finding"]["code"] == "MP612"
    outcomes = [each["outcome"] for database in document["databases"] for each in database["checks"]]
    assert document["errors"] == outcomes.count("error")
    assert document["warnings"] == outcomes.count("warning") + 1


def test_the_standards_model_reads_sarif(visit: Visit) -> None:
    log = Sarif.model_validate(json.loads(render(visit, "sarif")))
    results = log.runs[0].results or []
    assert len(results) == len(visit.findings)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_text_keeps_to_the_width_but_for_statements(visit: Visit, width: int) -> None:
    lines = render(visit, "text", width=width).splitlines()
    statements = [line for line in lines if line.endswith(";")]
    assert f"    {GRANT}" in statements
    longest_word = max(len(word) for line in lines for word in line.split())
    limit = max(width, longest_word + 24)
    assert [line for line in lines if len(line) > limit and line not in statements] == []


def test_colour_is_only_paint(visit: Visit) -> None:
    colored = render(visit, "text", color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render(visit, "text")


def test_nothing_wrong() -> None:
    assert render(Visit([]), "text") == "✓ Looked at no database: none is named.\n"
    assert json.loads(render(Visit([]), "json"))["ok"] is True
    assert render(Visit([]), "github") == ""
