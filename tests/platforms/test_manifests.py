"""What holds for every generated file, whatever the platform."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from provisioner.cli_manifests import manifests
from provisioner.findings import UnknownPlatform
from provisioner.lint.engine import ENDINGS, lint_text
from provisioner.manifests import drifted, generate, platforms, write
from provisioner.platform import registered
from provisioner.spec import AppSpec
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import DIGEST, FLAVOURS, FORK, IMAGE, ROOT, flavours

COMMITTED = {file.path: file for file in generate(FLAVOURS["built"])}


def provisioner(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "provisioner.cli", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_every_platform_has_a_manifest():
    assert platforms() == tuple(registered())
    assert len(platforms()) >= 12


def test_the_committed_files_are_as_generated():
    assert [drift.file.path for drift in drifted(COMMITTED.values(), ROOT)] == []


@pytest.mark.parametrize("path", COMMITTED)
def test_one_character_is_noticed_and_the_file_named(path, tmp_path):
    file = COMMITTED[path]
    arguments = ["--check", "--diff", "--output", str(tmp_path), "--platform", file.platform]
    write(COMMITTED.values(), tmp_path)
    assert CliRunner().invoke(manifests, arguments).exit_code == 0
    place = tmp_path / path
    place.write_text(file.text[:-2] + chr(ord(file.text[-2]) ^ 1) + file.text[-1], encoding="utf-8")
    done = CliRunner().invoke(manifests, arguments)
    assert done.exit_code == 1
    assert f"{path}: not as generated" in done.output
    assert f"--- {path}" in done.output
    place.unlink()
    done = CliRunner().invoke(manifests, arguments)
    assert (done.exit_code, f"{path}: missing" in done.output) == (1, True)


def test_the_check_of_them_all_as_a_command(tmp_path):
    assert provisioner("manifests", "--output", str(tmp_path)).returncode == 0
    done = provisioner("manifests", "--check", "--output", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "render.yaml").write_text("services: []\n")
    done = provisioner("manifests", "--check", "--output", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == "render.yaml: not as generated (render)\n"


@pytest.mark.parametrize("path", COMMITTED)
def test_a_generated_file_says_so(path):
    # A JSON file has no comments: it says so in a field, or its folder's README does.
    assert "enerated" in COMMITTED[path].text or path.endswith(".json")


@flavours
def test_nothing_depends_on_the_moment(spec: AppSpec):
    assert generate(spec) == generate(spec)


@pytest.mark.parametrize("flavour", ["second", "second-image"])
def test_a_second_install_has_names_of_its_own(flavour):
    """No resource keeps the first install's name: what is left of it is the program's own name and the address."""
    spec = FLAVOURS[flavour]
    program = re.compile(r"mathesar\W*(?:start|release|serve)|/mathesar\b|mathesar\.org|mathesar-fork")
    for file in generate(spec):
        if file.path.endswith((".md", "Dockerfile", ".svg")):
            continue
        left = [line for line in file.text.splitlines() if "mathesar" in program.sub("", line) and "#" not in line]
        assert left == [], file.path


@pytest.mark.parametrize("flavour", ["image", "second-image"])
def test_a_published_image_is_pinned_by_its_digest(flavour):
    for name in platforms():
        texts = "".join(file.text for file in generate(FLAVOURS[flavour], [name]))
        assert DIGEST in texts or DIGEST.replace(":", "%3A") in texts, name


@flavours
def test_no_generated_file_has_a_finding(spec: AppSpec):
    for file in generate(spec):
        if file.path.endswith(ENDINGS) and "README" not in file.path:
            linted = lint_text(file.path, file.text)
            assert [str(item.finding) for item in linted.marks] == [], file.path
            assert linted.platform == file.platform, file.path


def test_a_fork_is_built_from_the_fork():
    for name in platforms():
        texts = "".join(file.text for file in generate(FLAVOURS["second"], [name]))
        assert "mathesar-foundation/mathesar-paas" not in texts, name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "My App"), "--name"),
        (("--name", "a" * 29), "3 to 28"),
        (("--image", "ghcr.io/example/mathesar:latest"), "sha256"),
        (("--image", IMAGE[:-1]), "sha256"),
        (("--repo", "mathesar"), "https://host/owner/name"),
        (("--platform", "flx"), "known:"),
    ],
)
def test_wrong_usage(arguments, said):
    done = provisioner("manifests", "--check", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_an_unknown_platform():
    with pytest.raises(UnknownPlatform):
        generate(mathesar(), ["flx"])


def test_a_repository_may_be_given_as_it_is_cloned():
    assert mathesar(repository=f"{FORK}.git").repository == FORK
