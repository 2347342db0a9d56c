"""The texts that the Debian package makes from the commands and from the table of variables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from provisioner.variables import VARIABLES

ROOT = Path(__file__).resolve().parents[2]


def made(*command: str) -> str:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1700000000"}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def commands(group: click.Group, name: str) -> Iterator[str]:
    for label, command in group.commands.items():
        yield f"{name} {label}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {label}")


@pytest.mark.parametrize("name", ["mathesar", "provisioner"])
def test_the_manual_has_every_command_and_those_of_groups(name: str) -> None:
    page = made("packaging/debian/manual.py", name).replace("\\-", "-")
    titles = [line for line in page.splitlines() if line.startswith(".SS ")]
    expected = list(commands(import_module(f"{name}.cli").main, name))
    assert [each for each in expected if not any(title.startswith(f".SS {each} ") for title in titles)] == []
    assert len(titles) == len(expected)
    assert "\b" not in page
    assert page.count("\n.nf\n") == page.count("\n.fi\n")


def test_the_settings_file_sets_nothing_and_explains_everything() -> None:
    lines = made("packaging/debian/settings_file.py").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    named = {line[1:].partition("=")[0] for line in lines if line.startswith("#") and not line.startswith("# ")}
    assert {each.name for each in VARIABLES} <= named
