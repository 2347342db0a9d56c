"""The Debian package's launcher, where its user may not read the folder that it is called in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CALL = """
import os, sys
sys.path.insert(0, "packaging/debian")
import launcher
from mathesar.life import target
launcher.USER, launcher.DATA, closed, *sys.argv = sys.argv[1:]
os.chdir(closed)
launcher.become_service()
assert os.geteuid() != 0
with target.written("-", force=False) as file:
    file.write(os.getcwdb())
"""


@pytest.fixture
def folders() -> Iterator[tuple[Path, Path]]:
    """Give a folder that everybody may enter, and in it one that only root may."""
    if os.geteuid() != 0:
        pytest.skip("only root becomes another user")
    data = Path(tempfile.mkdtemp(prefix="launch", dir="/tmp"))
    data.chmod(0o755)
    (data / "closed").mkdir(mode=0o700)
    yield data, data / "closed"
    shutil.rmtree(data)


@pytest.mark.parametrize(("words", "said"), [(["backup", "-"], True), (["--help"], False)])
def test_another_folder_is_said_and_standard_output_is_the_callers(
    words: list[str], said: bool, folders: tuple[Path, Path]
) -> None:
    data, closed = folders
    with (closed / "one.zip").open("w+b") as out:  # opened by the caller, as a shell does
        done = subprocess.run(
            [sys.executable, "-c", CALL, "nobody", str(data), str(closed), "mathesar", *words], cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"The user nobody may not read this folder: working in {data}.\n" * said
    assert (closed / "one.zip").read_text() == str(data)
