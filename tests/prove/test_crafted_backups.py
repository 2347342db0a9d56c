"""Whatever is in the file: it is restored, or refused with a finding; never a traceback.

CRAFTED_SEED sets where the generated backups begin.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mathesar.site import shared_server
from tests.postgres import find_binaries
from tests.system.process import ROOT
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts

pytestmark = pytest.mark.prove

BACKUP = FOLDER / VERSIONS[-1] / "backup.zip"
SEED = int(os.environ.get("CRAFTED_SEED", "424"))
COUNT = 36


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_never_a_traceback(engine: str, tmp_path: Path) -> None:
    environ = {**environ_of(facts(VERSIONS[-1])), "MATHESAR_DATA_DIR": str(tmp_path)}
    if engine == "postgresql":
        if find_binaries() is None:
            pytest.skip("no PostgreSQL server binaries on this machine")
        environ["MATHESAR_INTERNAL_DATABASE_URL"] = shared_server().create_database("crafted")
    done = subprocess.run(
        [sys.executable, "-m", "tests.crafted_backup", str(BACKUP), str(SEED), str(COUNT)], cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environ}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    taken, refused = json.loads(done.stdout)
    assert taken + refused == COUNT
    assert min(taken, refused) > COUNT / 8
    assert "\x1b" not in done.stderr
