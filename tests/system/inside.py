"""A few lines of Python inside a prepared Mathesar: the plan of an environment, its key, its database."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PREPARED = """
import warnings
warnings.simplefilter("error")
from mathesar.boot.start import read_plan
from mathesar.boot.prepare import prepare
plan = read_plan()
prepare(plan, reconcile=False)
"""


def code(snippet: str) -> str:
    """Return the whole program."""
    return f"{PREPARED}\n{snippet}\n"


def inside(snippet: str, environ: Mapping[str, str], seconds: float = 60) -> str:
    """Run the lines; return what they print. They must succeed."""
    with tempfile.TemporaryDirectory(prefix="mts") as home:
        done = subprocess.run(
            [sys.executable, "-c", code(snippet)], cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": home, **environ},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()
