"""Which data directory, which programs and which account are used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mathesar.embedded import BinariesMissing, VersionChanged, account, binaries
from mathesar.embedded.data_dir import default_data_dir

MADE_UP = "#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Made up)'\n"


def installation(folder: Path, version: str) -> Path:
    """Make a folder of programs that say this version."""
    programs = folder / version / "bin"
    programs.mkdir(parents=True)
    for name in binaries.NEEDED:
        (programs / name).write_text(MADE_UP.format(version=version))
        (programs / name).chmod(0o755)
    return programs


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Give the list of folders that the machine is said to have; the wheel is said to be absent."""
    folders: list[Path] = []
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    monkeypatch.setattr(binaries, "_machine_folders", lambda: folders)
    return folders


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"MATHESAR_DATA_DIR": " /srv/m "}, "/srv/m"),
        ({"MATHESAR_DATA_DIR": " ", "XDG_DATA_HOME": "/x"}, "/x/mathesar"),
        ({"XDG_DATA_HOME": "relative", "HOME": "/home/a"}, "/home/a/.local/share/mathesar"),
        ({"HOME": "/home/a"}, "/home/a/.local/share/mathesar"),
    ],
)
def test_the_data_directory_of_a_person(
    environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_data_dir(environ) == Path(expected)


def test_the_data_directory_of_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir({"HOME": "/root", "XDG_DATA_HOME": "/x"}) == Path("/var/lib/mathesar")
    assert default_data_dir({"MATHESAR_DATA_DIR": "/srv/m"}) == Path("/srv/m")


def test_the_first_installation_is_used_when_there_are_no_data(installed: list[Path], tmp_path: Path) -> None:
    installed += [installation(tmp_path, "16.4"), installation(tmp_path, "18.1")]
    assert binaries.choose([]).version == "16.4"


def test_data_are_opened_by_the_major_version_that_wrote_them(installed: list[Path], tmp_path: Path) -> None:
    installed += [installation(tmp_path, "18.1"), installation(tmp_path, "17.10")]
    assert binaries.choose([17]).version == "17.10"
    with pytest.raises(VersionChanged, match=r"PostgreSQL 16; this machine has PostgreSQL 17, 18"):
        binaries.choose([15, 16])


def test_what_is_too_old_or_does_not_run_does_not_count(installed: list[Path], tmp_path: Path) -> None:
    broken = installation(tmp_path, "17.1")
    (broken / "postgres").write_text("#!/bin/sh\nexit 127\n")
    installed += [installation(tmp_path, "12.20"), broken, tmp_path / "absent"]
    with pytest.raises(BinariesMissing, match=r"DATABASE_URL.*mathesar\[embedded\]"):
        binaries.choose([])


def test_root_hands_over_to_who_called_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    chosen = account.choose({"SUDO_UID": "1"}, tmp_path / "absent")
    assert (chosen.uid, chosen.switch) == (1, True)
    for odd in ("0", "", "x", "-5", "4000000000"):
        assert account.choose({"SUDO_UID": odd}, tmp_path / "absent").uid not in {0, 1}


def test_a_way_to_a_folder_is_checked_step_by_step(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)
    stranger = account.Account(uid=4_000_000, gid=4_000_000, switch=True)
    owner = account.Account(uid=os.geteuid(), gid=os.getegid(), switch=False)
    named = account.first_closed_folder(closed / "inner" / "absent", stranger)
    assert named is not None
    assert closed.is_relative_to(named)
    assert account.first_closed_folder(closed / "inner", owner) is None
