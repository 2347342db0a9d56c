"""Files that were made to trip a reader, or just are what they are: each gets its finding, none stops the rest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioner.cli_manifests import lint
from provisioner.lint import yaml_reading
from provisioner.lint.document import Unreadable, read
from provisioner.lint.engine import Linted, lint_text, manifests_in
from provisioner.lint.limits import DEEPEST, MOST
from provisioner.lint.report import render

GOOD = "services:\n- {type: web, name: app, runtime: docker, plan: starter, healthCheckPath: /up}\n"


def nested(levels: int) -> str:
    return '{"env": {}, "a": ' + '{"b": ' * (levels - 2) + "1" + "}" * (levels - 2) + "}"


def said(file: Linted) -> list[tuple[str, int]]:
    return [(item.finding.message, item.line) for item in file.marks]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app.json", nested(600)),
        ("app.json", nested(DEEPEST + 2)),
        ("fly.toml", ".".join("a" * 600) + " = 1\n"),
        ("render.yaml", "[" * 600 + "]" * 600),
    ],
)
def test_what_is_nested_too_deeply(path, text):
    assert said(lint_text(path, text)) == [("It cannot be read: it is nested too deeply.", 1)]


def test_as_deep_as_may_be():
    document = read("app.json", nested(DEEPEST).replace(", ", ",\n"))
    assert document.place(("a",)) == (2, 1)


def test_too_many_values():
    text = json.dumps({"env": ["a"] * (MOST + 10)})
    assert said(lint_text("app.json", text)) == [("It cannot be read: it holds too many values.", 1)]


def test_yaml_is_read_up_to_the_first_value_too_many(monkeypatch):
    """The list itself is the first value, and what stands on line N the one after N."""
    monkeypatch.setattr(yaml_reading, "MOST", 500)
    text = "- a\n" * 600 + "- [this is read no more\n"
    assert said(lint_text("render.yaml", text)) == [("It cannot be read: it holds too many values.", 500)]


def test_a_control_character_is_placed():
    with pytest.raises(Unreadable) as problem:
        read("render.yaml", "a: 1\nb: x\x07y\n")
    assert (problem.value.line, problem.value.column) == (2, 5)


def test_what_json_takes_and_yaml_does_not():
    document = read("app.json", '{"name": "x\x7fy",\n "env": {}}')
    assert document.data["name"] == "x\x7fy"
    assert document.place(("env",)) == (2, 2)


@pytest.mark.parametrize("key", ["x\x1b[31m\x07", "x\n::error::injected", "x\u202ey", "x\u2028y"])
def test_a_strangers_words_stay_on_their_line(key):
    text = json.dumps({"env": {key: {"generator": "other"}, f"{key}_PASSWORD": "hunter2"}, key: 1})
    files = [lint_text("app.json", text)]
    assert len(files[0].marks) > 1
    for fmt in ("text", "github"):
        page = render(files, fmt)
        assert key not in page
        assert not any(line.startswith("::error::injected") for line in page.splitlines())
        assert all(each.isprintable() for each in page.replace("\n", ""))


def test_one_file_that_is_no_text_does_not_stop_the_others(tmp_path):
    (tmp_path / "render.yaml").write_text(GOOD.replace("starter", "starter plus"))
    (tmp_path / "fly.toml").write_bytes(b'app = "a"\n# caf\xe9\n')
    (tmp_path / "README.md").write_bytes(b"caf\xe9 https://render.com/deploy\n")
    done = CliRunner().invoke(lint, [str(tmp_path), "--format", "json"])
    assert done.exit_code == 1
    files = {Path(file["path"]).name: file["findings"] for file in json.loads(done.output)["files"]}
    assert {name: [item["kind"] for item in found] for name, found in files.items()} == {
        "README.md": ["button-implicit"],
        "fly.toml": ["manifest-unreadable"],
        "render.yaml": ["plan-retired"],
    }
    assert files["fly.toml"][0]["line"] == 2
    assert files["fly.toml"][0]["message"] == "It cannot be read: it is not UTF-8 text."


def test_a_name_that_is_no_text_is_shown(tmp_path):
    file = tmp_path / os.fsdecode(b"x\xff\x1b") / "render.yaml"
    file.parent.mkdir()
    file.write_text(GOOD.replace("starter", "starter plus"))
    done = CliRunner().invoke(lint, [str(tmp_path)])
    assert r"x\udcff\x1b/render.yaml" in done.output


@pytest.fixture
def reader():
    """The start of a command that reads as others do; root, who may read everything, gives that up."""
    if os.geteuid() != 0:
        return []
    command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if shutil.which("setpriv") is None or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("root cannot give up reading everything here")
    return command


def test_a_folder_that_nobody_may_list(tmp_path, reader):
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "render.yaml").write_text(GOOD)
    (tmp_path / "render.yaml").write_text(GOOD)
    command = [*reader, sys.executable, "-m", "provisioner.cli", "lint"]
    (tmp_path / "closed").chmod(0)
    try:
        folder = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
        file = [*command, str(tmp_path / "closed" / "render.yaml")]
        below = subprocess.run(file, capture_output=True, text=True, check=False)
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert folder.returncode == 1, folder.stderr
    assert "It cannot be read: the system says: Permission denied." in " ".join(folder.stdout.split())
    assert "2 manifests: 1 error." in folder.stdout
    assert below.returncode == 2
    assert "Traceback" not in below.stderr


def test_folders_within_folders(tmp_path):
    """Deeper than Python recurses; they are removed here, as pytest would do that by recursion."""
    made = [tmp_path]
    try:
        for _ in range(1100):
            made.append(made[-1] / "a")
            made[-1].mkdir()
        assert list(manifests_in(tmp_path)) == []
    finally:
        for folder in reversed(made[1:]):
            folder.rmdir()
