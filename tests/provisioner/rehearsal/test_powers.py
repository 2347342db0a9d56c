"""What an app may do beyond an ordinary user is said before it runs, and nobody's app may it without a yes."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioner import cli_rehearse
from provisioner.cli import main
from provisioner.localpg.account import Account
from provisioner.rehearsal import naming, powers
from provisioner.rehearsal.loading import Unusable, check_foreign, subjects
from tests.rehearsal.planted import HERE

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
NOBODY = Account(65534, 65534, switch=True)
# As the click ends it, no test here waits for a database.
UNFIT = (HERE / "harbour" / "render.yaml").read_text().replace("    healthCheckPath: /healthz\n", "")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    made = Path(tempfile.mkdtemp(prefix="powers-"))
    made.chmod(0o755)
    (made / "render.yaml").write_text(UNFIT)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def open_python(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Python and the packages lie in the open."""
    monkeypatch.setattr(naming.sys, "executable", str(folder / "python"))
    monkeypatch.setattr(naming.sys, "prefix", str(folder))
    monkeypatch.setattr(naming, "__file__", str(folder / "naming.py"))


def call(folder: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["rehearse", "render", "--root", str(folder), "--quiet", *more])
    return result.exit_code, " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.output).split())


@root
@pytest.mark.parametrize("names", [True, False])
def test_a_virtual_environment_in_a_closed_folder(
    folder: Path, open_python: None, monkeypatch: pytest.MonkeyPatch, names: bool
):
    monkeypatch.setattr(naming, "possible", lambda: names)
    assert powers.beyond_ordinary(folder) == ""
    (folder / ".venv" / "bin").mkdir(parents=True)
    assert powers.beyond_ordinary(folder) == ""
    (folder / ".venv").chmod(0o700)
    words = powers.beyond_ordinary(folder)
    assert ("may read every file" in words) == names
    assert ("runs as root" in words) != names
    assert f"lies below {folder / '.venv'}, which" in words
    assert powers.beyond_ordinary(None) == ""  # it is not Mathesar's

    status, said = call(folder)
    assert (status, "give --yes where you trust this app" in said) == (2, True)
    assert "MP951" not in said
    status, said = call(folder, "--yes")
    assert status == 1
    assert "which is closed to ordinary users." in said
    assert "MP951" in said


@root
def test_a_closed_folder_without_programs_does_not_count(folder: Path, open_python: None):
    """The app's folder is copied; it may lie where nobody else comes."""
    closed = folder / "closed"
    (closed / "app").mkdir(parents=True)
    closed.chmod(0o700)
    places = [closed / "app" / ".venv" / "bin"]
    assert naming.closed_folder(NOBODY, places) is None
    places[0].mkdir(parents=True)
    assert naming.closed_folder(NOBODY, places) == closed


@root
def test_nobody_is_asked_before_it_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(powers, "beyond_ordinary", lambda _: "It may read every file.")
    monkeypatch.setattr(cli_rehearse, "_answers", lambda *_, **__: pytest.fail("somebody was asked"))
    assert call(folder)[0] == 2
    (subject,) = subjects(("render",), folder, None)
    with pytest.raises(Unusable, match=r"^It may read every file\. Put the virtual environment"):
        check_foreign([subject], folder, command=None, trusted=False)
    check_foreign([subject], folder, command=None, trusted=True)
    (folder / "mathesar").mkdir()
    (folder / "mathesar" / "__init__.py").touch()
    check_foreign([subject], folder, command=None, trusted=False)  # our own, rehearsed with --manifest


@root
def test_our_own_project_is_told_and_not_refused(monkeypatch: pytest.MonkeyPatch, folder: Path):
    monkeypatch.setattr(powers, "beyond_ordinary", lambda _: "It may read every file.")
    shutil.copytree(HERE / "harbour", folder / "own")
    (folder / "own" / "render.yaml").write_text(UNFIT)
    (folder / "own" / "mathesar").mkdir()
    (folder / "own" / "mathesar" / "__init__.py").touch()
    result = CliRunner().invoke(
        main, ["rehearse", "render", "--root", str(folder / "own"), "--scenario", "scale", "--image", "none"]
    )
    assert result.exit_code == 1
    assert result.output.startswith("It may read every file.\nRender: scale")
    assert "MP951" in result.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root becomes somebody else")
def test_an_ordinary_user_is_one(folder: Path):
    assert powers.beyond_ordinary(folder) == ""
