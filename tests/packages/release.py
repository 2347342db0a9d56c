"""The scripts of a release, run in a checkout of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGES = """# Changelog

## [Unreleased]
{unreleased}
## [1.2.3] - 2026-11-21

- New.

## [1.2.2] - 2026-01-01

- Old.
"""


def run(checkout: Path, *command: str, path: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command there with nothing of this environment but PATH (or `path`), and with the variables `more`."""
    environ = {"PATH": path or os.environ["PATH"], "PYTHON": sys.executable, "SOURCE_DATE_EPOCH": "1700000000"}
    return subprocess.run(command, cwd=checkout, env=environ | more, capture_output=True, text=True, check=False)


def set_version(checkout: Path, number: str) -> None:
    """Make it a project of another version."""
    (checkout / "pyproject.toml").write_text(f'[project]\nname = "mathesar"\nversion = "{number}"\n')


def program(folder: Path, name: str, text: str) -> str:
    """Put a program of another's in front of PATH, as a shell script; return that PATH."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}")
    (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"
