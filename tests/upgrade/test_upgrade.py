"""The internal database of every released version opens in this one: people, tokens, every credential."""

from __future__ import annotations

import json
import re
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.system.process import run
from tests.upgrade.fixture import FOLDER, VERSIONS, facts, in_sqlite
from tests.upgrade.looking import everything, look

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("made", VERSIONS)
def test_sqlite(made: str, tmp_path: Path) -> None:
    environ = in_sqlite(made, tmp_path / "data")
    started = run(["release"], environ)
    assert started.returncode == 0, started.stdout + started.stderr
    assert "MP516" not in started.stdout
    known = facts(made)
    assert look(environ, known, "sqlite") == everything(known)


def released(changelog: str) -> list[str]:
    """Return the versions that a changelog has as released: its headings with a number."""
    return re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)


def lacking(changelog: str, fixtures: list[str], current: str, migrations: set[str]) -> list[str]:
    """Return what a release would be cut without: fixtures, and in this version's own its last migrations."""
    out = released(changelog)
    found = [f"no fixture of {made}" for made in out if made not in fixtures]
    if current in out and current in fixtures:
        with zipfile.ZipFile(FOLDER / current / "backup.zip") as backup:
            had = {"/".join(each) for each in json.loads(backup.read("manifest.json"))["migrations"]}
        found += sorted(f"no {each} in the fixture of {current}" for each in migrations - had)
    return found


def our_migrations() -> set[str]:
    """Return ours as app/name."""
    return {f"{path.parents[1].name}/{path.stem}" for path in (ROOT / "mathesar").glob("*/migrations/[0-9]*.py")}


def test_no_release_is_cut_without_its_fixture() -> None:
    """A heading in the changelog needs `python -m tests.upgrade.make_fixture` first."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert lacking(changelog, VERSIONS, version("mathesar"), our_migrations()) == []


def test_what_would_be_missed() -> None:
    made = VERSIONS[-1]
    changelog = f"## [Unreleased]\n\n## [9.8.7] - 2030-01-01\n\n## [{made}] - 2029-01-01\n"
    known = our_migrations() if made == version("mathesar") else set()
    assert lacking(changelog, VERSIONS, made, known) == ["no fixture of 9.8.7"]
    assert lacking(changelog, [*VERSIONS, "9.8.7"], made, {"connections/0099_later"}) == [
        f"no connections/0099_later in the fixture of {made}"
    ]


@pytest.mark.parametrize("made", VERSIONS)
def test_each_fixture_is_whole_and_small(made: str) -> None:
    files = {path.name: path.stat().st_size for path in (FOLDER / made).iterdir()}
    assert set(files) == {"backup.zip", "facts.json", "postgresql.sql", "sqlite.sql"}
    assert sum(files.values()) < 200_000
    assert facts(made)["mathesar"] == made
