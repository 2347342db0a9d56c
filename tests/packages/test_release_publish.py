"""What is published on GitHub: all of it or nothing, once, also where the first attempt failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.packages import github
from tests.packages.release import run, set_version

PUBLISH = ("sh", "packaging/release/publish.sh")


@pytest.fixture
def releases(checkout: Path) -> Path:
    """Give the folder of the releases, with files to publish beside it."""
    (checkout / "dist").mkdir()
    for name in ("notes.md", "a.whl", "SHA256SUMS"):
        (checkout / "dist" / name).write_text("made now")
    return checkout / "releases"


def published(releases: Path) -> list[dict[str, Any]]:
    return [github.known(place) for place in sorted(releases.iterdir()) if place.is_dir()]


@pytest.mark.parametrize(
    ("number", "released", "prerelease", "latest"),
    [
        ("1.2.3", ["v1.2.2"], False, "true"),
        ("1.2.3", ["v1.3.0"], False, "false"),
        ("1.2.3rc1", ["v1.2.2"], True, "false"),
    ],
)
def test_a_release_has_every_file(
    checkout: Path, releases: Path, number: str, released: list[str], prerelease: bool, latest: str
) -> None:
    set_version(checkout, number)
    done = run(checkout, *PUBLISH, path=github.stand_in(checkout / "tools", releases, released))
    assert (done.returncode, done.stderr) == (0, "")
    expected = {"tagName": f"v{number}", "isDraft": False, "isPrerelease": prerelease, "latest": latest}
    assert published(releases)[1:] == [{**expected, "assets": ["SHA256SUMS", "a.whl"]}]


def test_after_a_failed_upload_the_same_draft_is_published(checkout: Path, releases: Path) -> None:
    path = github.stand_in(checkout / "tools", releases, ["v1.2.3-other"])
    (releases / "full").touch()
    assert run(checkout, *PUBLISH, path=path).returncode != 0
    assert [(each["tagName"], each["isDraft"]) for each in published(releases)[1:]] == [("v1.2.3", True)]
    (releases / "full").unlink()
    (releases / "1/a.whl").write_text("half of it")
    done = run(checkout, *PUBLISH, path=path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [(each["tagName"], each["isDraft"]) for each in published(releases)[1:]] == [("v1.2.3", False)]
    assert (releases / "1/a.whl").read_text() == "made now"


def test_what_is_published_stays_as_it_is(checkout: Path, releases: Path) -> None:
    path = github.stand_in(checkout / "tools", releases, ["v1.2.3"])
    done = run(checkout, *PUBLISH, path=path)
    assert (done.returncode, done.stderr) == (1, "v1.2.3 is published already, and stays as it is.\n")
    assert [each["assets"] for each in published(releases)] == [[]]
