"""Buttons say which repository they deploy, whoever's it is; the README has those of this one."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from provisioner.buttons import BEGIN, END, Button, buttons, fill
from provisioner.lint.engine import lint_text
from tests.platforms.manifests import FLAVOURS, FORK, ROOT


def provisioner(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "provisioner.cli", "buttons", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_button_is_explicit(flavour):
    spec = FLAVOURS[flavour]
    for name, button in buttons(spec).items():
        parts = urlsplit(button.url)
        assert parts.scheme == "https", name
        assert parts.query or "/template/" in parts.path, name
        assert urlsplit(button.image).scheme == "https"
        assert not any(character.isspace() for character in button.url), name
        assert lint_text("README.md", button.markdown()).marks == (), name


def test_a_forks_buttons_deploy_the_fork():
    made = json.loads(provisioner("--repo", FORK, "--format", "json").stdout)
    assert "render" in made
    for name, button in made.items():
        assert "mathesar-paas" not in button["url"], name
    assert "example/mathesar-fork" in made["render"]["url"]


def test_the_readme_has_them_all():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert fill(text, buttons(FLAVOURS["built"]).values()) == text


def test_into_a_file(tmp_path):
    file = tmp_path / "README.md"
    file.write_text(f"# x\n\n{BEGIN}\nold\n{END}\nend\n")
    done = provisioner("--into", str(file), "--platform", "render")
    assert (done.returncode, done.stdout) == (0, f"{file}: 1 buttons\n")
    lines = file.read_text().splitlines()
    assert (lines[:3], lines[-2:]) == (["# x", "", BEGIN], [END, "end"])
    assert len(lines) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--into", "/nonexistent.md"), "No such file"),
        (("--into", "LICENSE"), "no lines"),
        (("--platform", "flx"), "known:"),
        (("--repo", "x"), "https://host/owner/name"),
    ],
)
def test_wrong_usage(arguments, said):
    done = provisioner(*arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_a_file_without_the_comments_is_left_alone():
    with pytest.raises(ValueError, match="no lines"):
        fill("# x\n", [Button("a", "https://a.example", "https://a.example/b.svg")])
