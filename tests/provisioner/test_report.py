"""Four formats, each naming every variable and none showing a value."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
from sarif_pydantic import Sarif

from provisioner.findings import Finding
from provisioner.planning import examine
from provisioner.report import FORMATS, Source, render
from tests.platforms import environments

FAULTS = examine(environments.five_faults())
SECRETS = ["4f8s7d6f5g4h3j2k1l0q9w8e7r6t5y4u3i2o1p", "Xk29dTqLmN", "10.3.0.1", "/etc/pass"]
ODD = Finding("MP999", "odd", "error", "A:B,C", "50% of\r\nlines", "fix: it, now", "entry 1 'x'")


@pytest.mark.parametrize("fmt", FORMATS)
def test_five_faults_in_every_format(fmt):
    report = render(FAULTS.findings, fmt, stopping=FAULTS.stopping)
    for item in FAULTS.findings:
        assert item.code in report
        assert item.variable in report
    assert [secret for secret in SECRETS if secret in report] == []


def test_unknown_format():
    with pytest.raises(ValueError, match="text, json, sarif, github"):
        render((), "yaml")


def test_text_groups_and_counts():
    report = render(FAULTS.findings, "text", stopping=FAULTS.stopping)
    assert report.index("Stops the start") < report.index("Databases that would not be shown")
    assert "Would not start. 5 findings: 4 stop the start, 1 about databases." in " ".join(report.split())


def test_warnings_alone_stop_nothing():
    warnings = examine(environments.digitalocean()).findings
    report = render(warnings, "text")
    assert "Stops the start" not in report
    assert "✓ Would start, 1 worth knowing." in report


@pytest.mark.parametrize("width", [10, 40, 60, 80, 100, 300])
def test_text_keeps_to_the_width(width):
    report = render(FAULTS.findings, "text", stopping=FAULTS.stopping, width=width)
    longest_word = max(len(word) for word in report.split())
    limit = max(min(max(width, 40), 100), longest_word + 6)
    heads = ("  ✗", "  !")
    assert [line for line in report.splitlines() if len(line) > limit and not line.startswith(heads)] == []


def test_colour_is_only_paint():
    plain = render(FAULTS.findings, "text", stopping=FAULTS.stopping)
    colored = render(FAULTS.findings, "text", stopping=FAULTS.stopping, color=True)
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


@pytest.mark.parametrize("name", environments.ALL)
def test_a_good_plan_is_summed_up(name):
    result = examine(environments.ALL[name]())
    report = render(result.findings, "text", plan=result.plan)
    assert f"What would run on {result.plan.platform_label}" in report
    assert result.plan.bind in report
    assert result.plan.internal.url.password.get_secret_value() not in report
    assert "✓ Would start" in report


def test_json_shape():
    result = examine(environments.digitalocean())
    document = json.loads(render(result.findings, "json", plan=result.plan))
    assert {key: document[key] for key in ("version", "ok", "starts", "errors", "warnings")} == {
        "version": 1,
        "ok": True,
        "starts": True,
        "errors": 0,
        "warnings": 1,
    }
    assert document["plan"]["entries"][0]["variable"] == "DATABASE_URL"
    assert set(document["findings"][0]) == {
        *("code", "kind", "severity", "stops_start", "variable", "entry", "message", "hint", "file", "line", "key")
    }


def test_json_says_what_stops():
    document = json.loads(render(FAULTS.findings, "json", stopping=FAULTS.stopping))
    assert (document["ok"], document["starts"], document["plan"]) == (False, False, None)
    running = [item["variable"] for item in document["findings"] if not item["stops_start"]]
    assert running == ["MATHESAR_DATABASES"]


def test_github_escapes():
    line = render([ODD], "github", source=Source("a,b:c%.env", {"A:B,C": 7}))
    assert line == (
        "::error file=a%2Cb%3Ac%25.env,line=7,title=MP999 A%3AB%2CC::"
        "A:B,C, entry 1 'x': 50%25 of%0D%0Alines fix: it, now\n"
    )


def test_sarif_is_valid_and_points_at_the_file():
    source = Source("deploy/my app.env", {"PORT": 4})
    log = Sarif.model_validate_json(render(FAULTS.findings, "sarif", source=source))
    run = log.runs[0]
    assert log.version == "2.1.0"
    assert len(run.results) == 5
    for result in run.results:
        assert run.tool.driver.rules[result.rule_index].id == result.rule_id
        place = result.locations[0].physical_location
        assert place.artifact_location.uri == "deploy/my%20app.env"
        assert place.region.start_line == (4 if "PORT" in result.message.text else 1)


def test_an_absolute_path_becomes_a_file_uri(tmp_path):
    document = json.loads(render(FAULTS.findings, "sarif", source=Source(str(tmp_path / "x.env"))))
    location = document["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")


@pytest.mark.parametrize("source", [None, Source("prod.env", {"PORT": 4})], ids=["environment", "file"])
def test_sarif_passes_the_official_validator(source, tmp_path):
    """SARIF_MULTITOOL: the path of Microsoft's Sarif.Multitool (npm: @microsoft/sarif-multitool)."""
    tool = os.environ.get("SARIF_MULTITOOL")
    if not tool:
        pytest.skip("SARIF_MULTITOOL does not name the validator")
    log = tmp_path / "log.sarif"
    log.write_text(render(FAULTS.findings, "sarif", source=source), encoding="utf-8")
    verdict = tmp_path / "verdict.sarif"
    environ = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run([tool, "validate", str(log), "--output", str(verdict)], check=True, env=environ)
    results = json.loads(verdict.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    assert [item["ruleId"] for item in results if item.get("level") == "error"] == []


def test_a_proxy_of_ones_own_is_part_of_what_would_run():
    environ = {"MATHESAR_BEHIND_PROXY": "true", "ALLOWED_HOSTS": "data.example.com"}
    report = render((), "text", plan=examine(environ).plan)
    assert "listens on  127.0.0.1:8000, behind a proxy that ends TLS\n" in report
    assert "a proxy" not in render((), "text", plan=examine({}).plan)
    assert "a proxy" not in render((), "text", plan=examine(environments.render()).plan)
