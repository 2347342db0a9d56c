"""Whose file it is, how the report looks in each format, and what the command exits with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sarif_pydantic import Sarif

from provisioner.findings import UnknownPlatform
from provisioner.lint.engine import lint_text, manifests_in
from provisioner.lint.report import render

GOOD = "services:\n- {type: web, name: app, runtime: docker, plan: starter, healthCheckPath: /up}\n"
BAD = GOOD.replace("starter", "starter plus").replace("runtime", "env")
README = """\
# An app
[![Deploy](https://render.com/images/deploy-to-render-button.svg)](https://render.com/deploy)
<a href="https://render.com/deploy?repo=https://github.com/a/b">deploy</a>
"""


def provisioner(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "provisioner.cli", "lint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.parametrize(
    ("path", "text", "platform"),
    [
        ("render.yaml", GOOD, "render"),
        ("deploy/render.yaml", GOOD, "render"),
        ("owner__repo__render.yaml", GOOD, "render"),
        ("anything.yaml", GOOD, "render"),
        ("anything.yaml", "a: 1\n", ""),
        ("render.yaml", "a: [\n", "render"),
        ("anything.yaml", "a: [\n", ""),
    ],
)
def test_whose_it_is(path, text, platform):
    assert lint_text(path, text).platform == platform


def test_a_named_platform_is_believed():
    assert lint_text("x.yaml", "a: 1\n", "render").platform == "render"
    with pytest.raises(UnknownPlatform):
        lint_text("x.yaml", "a: 1\n", "flx")


def test_a_folder_is_searched(tmp_path):
    for name in (
        "render.yaml",
        "sub/render.yaml",
        ".git/render.yaml",
        "node_modules/x/render.yaml",
        "README.md",
        "x.yaml",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(GOOD)
    found = [str(file.relative_to(tmp_path)) for file in manifests_in(tmp_path)]
    assert found == ["README.md", "render.yaml", "sub/render.yaml"]


def test_buttons_of_a_readme():
    (item,) = lint_text("README.md", README).marks
    assert (item.finding.kind, item.line, item.column) == ("button-implicit", 2, 68)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "render.yaml").write_text(BAD)
    return tmp_path


def test_text_at_80_columns(folder):
    done = provisioner(cwd=folder)
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "render.yaml  Render",
        "  ! 2:26  services[0].env  MP921",
        "      This field is an old one: runtime takes its place.",
        "      → Use what takes its place.",
        "  ✗ 2:39  services[0].plan  MP931",
        "      The plan starter plus is not sold any more.",
        "      → Use standard, and compare what both cost.",
        "",
        "✗ 1 manifest: 1 error, 1 warning.",
        "  More about any code: provisioner explain CODE",
    ]


def test_json(folder):
    result = json.loads(provisioner("--format", "json", cwd=folder).stdout)
    assert result["ok"] is False
    (file,) = result["files"]
    assert (file["path"], file["platform"]) == ("render.yaml", "render")


def test_sarif_is_what_the_standard_says():
    files = [lint_text("render.yaml", GOOD.replace("starter", "starter plus"))]
    document = Sarif.model_validate_json(render(files, "sarif"))
    (result,) = document.runs[0].results
    region = result.locations[0].physical_location.region
    assert (result.rule_id, region.start_line, region.start_column) == ("MP931", 2, 43)


def test_github_annotations():
    files = [lint_text("a,b/render.yaml", GOOD.replace("starter", "starter plus"))]
    said = render(files, "github")
    assert said.startswith(
        "::error file=a%2Cb/render.yaml,line=2,col=43,title=MP931 services[0].plan::services[0].plan: "
    )


def test_an_unknown_format():
    with pytest.raises(ValueError, match="yaml"):
        render([], "yaml")


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        (GOOD, (), 0),
        (GOOD.replace("starter", "Starter"), (), 0),
        (GOOD.replace("starter", "Starter"), ("--strict",), 1),
        (GOOD.replace("starter", "starter plus"), (), 1),
        (GOOD, ("--platform", "flx"), 2),
        (GOOD, ("missing.yaml",), 2),
        (GOOD, ("empty",), 2),
        (GOOD, ("bytes.yaml",), 1),
    ],
)
def test_exit_status(tmp_path, text, arguments, status):
    (tmp_path / "render.yaml").write_text(text)
    (tmp_path / "empty").mkdir()
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    done = provisioner(*arguments, cwd=tmp_path)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_colours_are_for_terminals():
    files = [lint_text("render.yaml", GOOD.replace("starter", "starter plus"))]
    assert "\x1b[" in render(files, "text", color=True)
    assert "\x1b[" not in render(files, "text")
    assert "nothing to say" in render([lint_text("render.yaml", GOOD)], "text")
