"""What start-up knows of being in an image, from what a container's mounts look like."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import provisioner
from mathesar.boot import image, key_file, start
from mathesar.boot.messages import BootError
from tests.mathesar.plans import KEY

FOLDER = Path("/var/lib/mathesar")
OTHERS = "22 1 0:20 / / ro,relatime - overlay overlay rw\n23 22 0:21 / /var/lib rw - tmpfs tmpfs rw\n"
NAMELESS = "a1" * 32


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "container"),
        (f"30 22 8:1 /docker/volumes/mathesar/_data {FOLDER} rw - ext4 /dev/sda rw\n", "volume"),
        (f"30 22 8:1 /var/lib/docker/volumes/{NAMELESS}/_data {FOLDER} rw - ext4 /dev/sda rw\n", "nameless"),
        (f"30 22 8:1 /home/ada/{NAMELESS} {FOLDER} rw - ext4 /dev/sda rw\n", "volume"),
        (f"30 22 8:1 /volumes/{NAMELESS}/_data {FOLDER}/postgres rw - ext4 /dev/sda rw\n", "container"),
    ],
)
def test_what_keeps_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, expected: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(OTHERS + line)
    monkeypatch.setattr(image, "MOUNTS", mounts)
    assert image.keeping(FOLDER) == expected


def test_a_volume_that_cannot_be_written_is_said_in_the_images_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, file = tmp_path / "image", tmp_path / "file"
    file.touch()
    for present, kind in ((False, "data-dir-unusable"), (True, "volume-unusable")):
        monkeypatch.setattr(image, "MARK", mark)
        if present:
            mark.touch()
        with pytest.raises(BootError) as raised:
            key_file.make_data_dir(file / "data")
        (found,) = raised.value.findings
        assert found.kind == kind
    assert f"by user {os.geteuid()}; its owner is nobody" in found.message


@pytest.mark.parametrize(
    ("bind", "own"),
    [("127.0.0.1:8000", True), ("[::1]:80", True), ("0.0.0.0:8000", False), ("[::]:80", False), ("10.0.0.1:80", False)],
)
def test_the_link_of_the_log_is_for_a_machine_that_nobody_else_reaches(bind: str, own: bool) -> None:
    plan = provisioner.plan({"MATHESAR_BIND": bind})
    assert plan.own_machine is own
    assert not replace(plan, embedded=False).own_machine


def test_its_words_are_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(OTHERS)
    monkeypatch.setattr(image, "MOUNTS", mounts)
    start._mention_volume(provisioner.plan({"MATHESAR_DATA_DIR": str(FOLDER)}))
    assert "MP545" in capsys.readouterr().out
    start._mention_volume(provisioner.plan({"DATABASE_URL": "postgresql://a:b@localhost/c", "SECRET_KEY": KEY}))
    assert capsys.readouterr().out == ""
