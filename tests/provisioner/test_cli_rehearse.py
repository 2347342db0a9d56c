"""``provisioner rehearse``, as people call it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioner.cli import main
from provisioner.rehearsal import staying
from provisioner.rehearsal.loading import subjects
from provisioner.rehearsal.scenarios import SCENARIOS
from provisioner.rehearsal.visitor import Visitor

ROOT = Path(__file__).parents[2]


def call(*arguments: str):
    """Call it with the installed package, whether an image was built on this machine or not."""
    return CliRunner().invoke(main, ["rehearse", "--image", "none", *arguments])


def words(result) -> str:
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.output).split())


def test_a_first_deploy_is_green(tmp_path):
    page = tmp_path / "page.html"
    result = call("render", "--scenario", "first-deploy", "--root", str(ROOT), "--json", "-", "--html", str(page))
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert (data["version"], data["ok"]) == (1, True)
    (rehearsal,) = data["rehearsals"]
    assert (rehearsal["platform"], rehearsal["scenario"]) == ("render", "first-deploy")
    assert [step["name"] for step in rehearsal["steps"]][:3] == ["the click", "managed database", "edge with TLS"]
    assert 0 < rehearsal["memory_mb"] <= 0.6 * rehearsal["plan_mb"]
    assert 0 < rehearsal["connections"] <= rehearsal["connection_limit"] == 97
    assert "✓ health check" in result.stderr
    assert "✓ Green: 1 rehearsal in " in result.stderr
    assert "Rehearsal of Render" in page.read_text()


def test_a_red_one_says_why(tmp_path):
    text = (ROOT / "render.yaml").read_text()
    file = tmp_path / "render.yaml"
    file.write_text(text.replace("    healthCheckPath: /livez\n", ""))
    result = call("render", "--manifest", str(file), "--quiet")
    assert result.exit_code == 1
    # The manifest is somebody's own, so what is about Mathesar's variables is left out, and said to be.
    fitting = [each for each in SCENARIOS.values() if each.needs not in ("MATHESAR_DATABASES", "ALLOWED_HOSTS")]
    assert result.output.count("MP951") == len(fitting)
    assert result.output.count("not for this app") == len(SCENARIOS) - len(fitting)
    assert "[1/14]" not in result.output
    result = call("render", "--root", str(tmp_path), "--scenario", "scale")
    assert result.exit_code == 1
    assert "Render: scale  [1/1]" in result.output
    assert "render.yaml:4" in result.output
    assert "\x1b" not in result.output


def test_the_scenarios_are_listed():
    result = call("--list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines() if line[0] != " "] == list(SCENARIOS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name a platform, or all."),
        (["nowhere"], "nowhere is no platform; these can: "),
        (["koyeb"], "koyeb cannot be rehearsed yet"),
        (["render", "--scenario", "no-such"], "known: first-deploy, second-deploy"),
        (["render", "--keep", "--watch"], "one of --keep and --watch"),
        (["render", "--answer", "=1"], "write NAME=VALUE, or NAME alone"),
        (["render", "--answer", "NOTHING"], "nobody asks for NOTHING; it asks for nothing"),
        (["render", "--answer", "NOTHING=1"], "nobody asks for NOTHING; it asks for nothing"),
        (["render", "--manifest", "no-such.yaml"], "not in"),
        (["all", "--manifest", "render.yaml"], "one platform's"),
    ],
)
def test_wrong_usage(monkeypatch, arguments, said):
    monkeypatch.chdir(ROOT)
    result = call(*arguments)
    assert result.exit_code == 2
    assert said in words(result)


def test_a_folder_without_manifests_is_wrong_usage(tmp_path):
    result = call("render", "--root", str(tmp_path))
    assert result.exit_code == 2
    assert "render reads render.yaml, and it is not in" in words(result)
    assert "--root" in words(result)


@pytest.fixture
def asking(tmp_path) -> Path:
    """A manifest that asks for three variables, and ends at the click as it has no health check."""
    text = (ROOT / "render.yaml").read_text().replace("    healthCheckPath: /livez\n", "")
    names = ("MATHESAR_DATABASE_SALES_URL", "STRIPE_TOKEN", "TIME_ZONE")
    asks = "".join(f"      - key: {name}\n        sync: false\n" for name in names)
    file = tmp_path / "render.yaml"
    file.write_text(text.replace("    envVars:\n", f"    envVars:\n{asks}"))
    return file


@pytest.mark.parametrize("shown", [(), ("--quiet",)])
def test_a_secret_among_the_arguments_is_said(asking, shown):
    given = ["MATHESAR_DATABASE_SALES_URL=postgresql://u:planted@h/d", "STRIPE_TOKEN=planted", "TIME_ZONE=UTC"]
    answers = [part for row in given for part in ("--answer", row)]
    result = call("render", "--manifest", str(asking), "--scenario", "first-deploy", *answers, *shown)
    assert re.findall(r"(\S+)  MP979", result.output) == ["MATHESAR_DATABASE_SALES_URL", "STRIPE_TOKEN"]
    assert "give --answer STRIPE_TOKEN alone" in words(result)
    assert "planted" not in result.output


def test_an_answer_from_the_environment(asking, monkeypatch):
    monkeypatch.setenv("STRIPE_TOKEN", "planted")
    arguments = ["render", "--manifest", str(asking), "--scenario", "first-deploy", "--answer", "STRIPE_TOKEN"]
    result = call(*arguments)
    assert result.exit_code == 1
    assert "MP979" not in result.output
    monkeypatch.delenv("STRIPE_TOKEN")
    result = call(*arguments)
    assert result.exit_code == 2
    assert "STRIPE_TOKEN is not in the environment" in words(result)


@contextlib.contextmanager
def kept(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the command, and read what it says until the app runs; it ends with the context, whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "provisioner.cli", "rehearse", "render", "--keep", "--image", "none", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"}, text=True, bufsize=1,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "cat /" in line:
                break
        yield process, lines
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_stays_until_it_is_ended(number, status):
    with kept() as (process, lines):
        text = "\n".join(lines)
        found = re.search(r"--resolve (\S+):(\d+):127.0.0.1 --cacert (\S+)", text)
        assert found is not None, text
        certificate = Path(found[3])
        page = Visitor(found[1], int(found[2]), certificate).visit("/")
        assert page.status == 200
        code = Path(lines[-1].split()[-1])
        assert code.stat().st_mode & 0o777 == 0o600
        assert code.read_text().strip() not in text
        process.send_signal(number)
        assert process.stdout is not None
        rest = process.stdout.read()
        assert process.wait(30) == status
    assert not certificate.exists()
    assert ("Green" in rest) == (status == 0)


def test_a_changed_manifest_is_seen(tmp_path, monkeypatch):
    file = tmp_path / "render.yaml"
    file.write_text((ROOT / "render.yaml").read_text())
    (subject,) = subjects(("render",), tmp_path, None)
    before = subject.stamp()
    changes = iter([file.unlink, lambda: file.write_text("services: []\n")])
    monkeypatch.setattr(staying.time, "sleep", lambda seconds: next(changes)())
    staying.until_changed([subject], [before])
    assert subject.stamp() != before
    assert subject.documents()["render.yaml"].data == {"services": []}
    file.write_text("services: [\n")
    assert subject.documents()["render.yaml"].data is None
    assert subject.asks() == {}
