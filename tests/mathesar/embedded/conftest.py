"""A data directory that PostgreSQL's account can reach (pytest's own folders are closed to others)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathesar.embedded import BinariesMissing, binaries


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Yield a folder for one test; skip the test where there is no PostgreSQL to embed."""
    try:
        binaries.choose([])
    except BinariesMissing as missing:
        pytest.skip(str(missing))
    folder = Path(tempfile.mkdtemp(prefix="mpg", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
