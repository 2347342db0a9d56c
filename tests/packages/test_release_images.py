"""The images of a release: one base, by its digest, and short tags that never go back. The builders and registries are
stand-ins that write down what is asked of them."""

from __future__ import annotations

import itertools
import shutil
import sys
from pathlib import Path

import pytest

from tests.packages import github
from tests.packages.release import ROOT, program, run, set_version

DIGEST = "sha256:" + "b7" * 32
IMAGES = ("sh", "packaging/release/images.sh")


@pytest.fixture
def docker(checkout: Path, tmp_path: Path) -> str:
    """Give a PATH whose docker writes down how it is called, and answers a question for a digest with `answer`."""
    shutil.copy(ROOT / "Dockerfile", checkout)
    (tmp_path / "answer").write_text(f"{DIGEST}\n")
    called = f'echo "$*" >>{tmp_path}/called\n'
    return program(tmp_path / "tools", "docker", f'{called}case $* in *" inspect "*) cat {tmp_path}/answer;; esac\n')


def test_the_base_is_that_of_the_dockerfile_by_its_digest(checkout: Path, docker: str) -> None:
    done = run(checkout, *IMAGES, "base", path=docker, GITHUB_OUTPUT=str(checkout / "outputs"))
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = [line for line in (checkout / "Dockerfile").read_text().splitlines() if line.startswith("ARG BASE=")]
    assert done.stdout == f"{line.removeprefix('ARG BASE=')}@{DIGEST}\n"
    assert (checkout / "called").read_text().endswith(f" {line.removeprefix('ARG BASE=')}\n")
    assert (checkout / "outputs").read_text() == f"base=@{DIGEST}\n"


@pytest.mark.parametrize("answer", ["", "sha256:b7", f"{DIGEST}x", "no such thing"])
def test_a_base_without_a_digest_ends_the_release(checkout: Path, docker: str, answer: str) -> None:
    (checkout / "answer").write_text(answer)
    done = run(checkout, *IMAGES, "base", path=docker, GITHUB_OUTPUT=str(checkout / "outputs"))
    assert done.returncode == 1
    assert done.stderr.startswith("No digest of ")
    assert not (checkout / "outputs").exists()


@pytest.mark.parametrize("given", [{}, {"BASE_DIGEST": f"@{DIGEST}"}])
def test_every_image_is_built_on_it(checkout: Path, tmp_path: Path, given: dict[str, str]) -> None:
    called = f'printf "%s|" "$@" >>{tmp_path}/called; echo >>{tmp_path}/called\n'
    path = program(tmp_path / "tools", "buildah", called)
    done = run(
        checkout, "sh", "packaging/images/build.sh", "all", "--label", "a b", path=path, ENGINE="buildah", **given
    )
    assert (done.returncode, done.stderr) == (0, "")
    calls = [line.split("|")[:-1] for line in (tmp_path / "called").read_text().splitlines()]
    assert [call[call.index("--target") + 1] for call in calls] == ["lean", "all-in-one"]
    for call in calls:
        assert call.count("--target") == 1
        assert call[-3:] == ["--label", "a b", "."]
        arguments = dict(call[at + 1].split("=", 1) for at, word in enumerate(call) if word == "--build-arg")
        assert set(arguments) == {"SOURCE_DATE_EPOCH", "VERSION", "REVISION", "CREATED", "BASE_DIGEST"}
        assert (arguments["VERSION"], arguments["BASE_DIGEST"]) == ("1.2.3", given.get("BASE_DIGEST", ""))


def test_the_provenance_says_which_base_it_was(checkout: Path, tmp_path: Path) -> None:
    labels = '{"org.mathesar.image.built-with": "python@sha256:1"}'
    shown = f'[{{"Id": "1", "RootFS": {{"Layers": []}}, "Config": {{"Labels": {labels}}}}}]'
    path = program(tmp_path / "tools", "podman", f"case $1 in image) echo '{shown}';; esac\n")
    sbom = ("sh", "packaging/images/sbom.sh", "lean", "out")
    done = run(checkout, *sbom, path=path, ENGINE="podman", PYTHON=sys.executable)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"base": "python@sha256:1"' in (checkout / "out/mathesar-lean.provenance.json").read_text()


@pytest.mark.parametrize(
    ("number", "released", "moved"),
    [
        ("1.2.3", [], True),
        ("1.2.3", ["v1.2.2", "v1.1.10"], True),
        ("1.10.0", ["v1.9.9"], True),
        ("1.2.3", ["v1.2.3"], True),  # run again
        ("1.1.5", ["v1.1.4", "v1.2.0"], False),
        ("1.9.9", ["v1.10.0"], False),
        ("1.2.3", ["v1.3.0rc1 pre", "v1.3.0 draft"], True),
        ("1.3.0rc1", ["v1.2.3"], False),
    ],
)
def test_the_short_tags_are_of_the_highest_version(
    checkout: Path, docker: str, number: str, released: list[str], moved: bool
) -> None:
    set_version(checkout, number)
    path = github.stand_in(checkout / "tools", checkout / "releases", released)
    (checkout / "dist").mkdir()
    for target, one in (("lean", "amd64"), ("lean", "arm64"), ("all-in-one", "amd64"), ("all-in-one", "arm64")):
        (checkout / f"dist/mathesar-{number}-{target}-{one}.tar.gz").touch()
    done = run(checkout, *IMAGES, "push", "ghcr.io/Owner/Shop", path=path, GITHUB_OUTPUT=str(checkout / "outputs"))
    assert (done.returncode, done.stderr) == (0, "")
    called = (checkout / "called").read_text().splitlines()
    made = [line.partition(" create ")[2].split(" ") for line in called if " imagetools create " in line]
    for words, suffix, short in zip(made, ("-all-in-one", ""), ("all-in-one", "latest"), strict=True):
        name = f"ghcr.io/owner/shop:{number}{suffix}"
        tags = {word for before, word in itertools.pairwise(words) if before == "--tag"}
        assert tags == {name, *([f"ghcr.io/owner/shop:{short}"] if moved else [])}
        assert words[-2:] == [f"{name}-amd64", f"{name}-arm64"]
    assert (checkout / "outputs").read_text() == f"all_in_one={DIGEST}\nlean={DIGEST}\n"
