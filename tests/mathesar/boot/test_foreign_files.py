"""Files in the data directory that this user may not open, as of a volume that root filled: said, never a traceback.

A folder in a file's place stands for them: nobody can open that for writing, root neither.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mathesar.boot import image, prepare
from mathesar.boot.lock import FileLock
from mathesar.boot.messages import BootError
from tests.mathesar import plans
from tests.system.process import run
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts

KNOWN = environ_of(facts(VERSIONS[-1]))


@pytest.mark.parametrize("in_image", [False, True])
def test_what_cannot_be_opened_is_the_data_directorys_fault(
    in_image: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "MARK", tmp_path if in_image else tmp_path / "absent")
    for name in (".start.lock", "mathesar.sqlite3"):
        (tmp_path / name).mkdir()
        with pytest.raises(BootError) as refused, FileLock(tmp_path / ".start.lock"):
            prepare.open_store(plans.local_plan(data_dir=str(tmp_path)))
        (item,) = refused.value.findings
        assert (item.kind, item.variable) == (
            "volume-unusable" if in_image else "data-dir-unusable",
            "MATHESAR_DATA_DIR",
        )
        assert (f"that of {name} in it {os.geteuid()}" in item.message) == in_image
        (tmp_path / name).rmdir()


@pytest.mark.parametrize(
    "words", [["backup", "{0}/one.zip"], ["restore", f"{FOLDER / VERSIONS[-1] / 'backup.zip'}"], ["release"]]
)  # fmt: skip
def test_no_command_blames_another_file(words: list[str], tmp_path: Path) -> None:
    (tmp_path / ("mathesar.sqlite3" if words[0] == "backup" else ".start.lock")).mkdir()
    done = run([word.format(tmp_path) for word in words], {**KNOWN, "MATHESAR_DATA_DIR": str(tmp_path)})
    assert done.returncode == 1
    assert "MP512" in done.stderr
    assert "Traceback" not in done.stderr
    assert "MP522" not in done.stderr
