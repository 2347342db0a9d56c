"""The wheel: what is in it, that it is built alike twice, and that it serves on each Python of this machine."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioner.spec_mathesar import REPOSITORY
from tests.packages.pythons import VERSIONS, Environment, find_python, make_environment
from tests.postgres import free_port
from tests.system.process import Mathesar

pytestmark = pytest.mark.prove

ROOT = Path(__file__).resolve().parents[2]
STATIC = re.compile(r'(?:src|href)="?(/static/[^" >]+)')
IN_FOLDER = ["sh", "-c", 'cd "$0" && exec "$@"']
ORDINARY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
DATA = ("mathesar/templates/", "mathesar/static/")


def build(out: Path, **environ: str) -> list[Path]:
    command = [sys.executable, "packaging/wheel.py", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sorted(out.iterdir())


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Give a folder that an ordinary user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="whl", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def built(place: Path) -> tuple[Path, Path]:
    """Give the wheel and the source archive."""
    wheel, archive = build(place / "dist", SOURCE_DATE_EPOCH="1700000000")
    return wheel, archive


@pytest.fixture(scope="module")
def installed(place: Path, built: tuple[Path, Path]) -> Iterator[dict[str, Future[Environment]]]:
    """Give an environment of each Python here with the wheel, two made at once: dependencies by hash, wheels alone."""

    def install(version: str, python: Path) -> Environment:
        folder = place / version
        folder.mkdir()
        made = make_environment(python, folder)
        made.pip(
            "install",
            "--only-binary=:all:",
            "--require-hashes",
            "-r",
            str(ROOT / "requirements-run.lock"),
            folder=folder,
        )
        made.pip("install", "--no-deps", "--no-index", str(built[0]), folder=folder)
        return made

    pythons = {version: found for version in VERSIONS if (found := find_python(version))}
    with ThreadPoolExecutor(2) as pool:
        yield {version: pool.submit(install, version, python) for version, python in pythons.items()}


def environment(installed: dict[str, Future[Environment]], version: str) -> Environment:
    if version not in installed:
        pytest.skip(f"Python {version} is not on this machine")
    return installed[version].result()


def test_what_is_in_it(built: tuple[Path, Path]):
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
        metadata = wheel.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    info = metadata.split("\n\n")[0]
    listed = subprocess.run(
        ["git", "ls-files", "mathesar", "provisioner", "platforms"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a clone")
    wanted = {
        name for name in listed.stdout.splitlines()
        if name.endswith((".py", ".sql", ".j2", "facts.toml", "py.typed")) or name.startswith(DATA)
    }  # fmt: skip
    assert wanted - names == set()
    places = {"mathesar", "provisioner", "platforms", built[0].name.split("-py3")[0] + ".dist-info"}
    assert {name.partition("/")[0] for name in names} == places
    assert not [name for name in names if name.startswith("platforms/assets/") or "__pycache__" in name]
    assert [name for name in names if re.fullmatch(r"mathesar/staticfiles/mathesar/style\.\w{12}\.css\.gz", name)]
    assert not [name for name in names if name.startswith("mathesar/staticfiles/django_htmx/")]
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
    assert f"Project-URL: Source, {REPOSITORY}\n" in info
    assert {"embedded", "rehearse"} <= set(re.findall(r"^Provides-Extra: (.+)$", info, re.MULTILINE))
    # What the index shows: links work away from the repository.
    assert not re.search(r"\]\((?!https://)", metadata.partition("\n\n")[2])
    with tarfile.open(built[1]) as archive:
        inside = {name.partition("/")[2].partition("/")[0] for name in archive.getnames()}
    assert inside - {"mathesar.egg-info", "PKG-INFO", "setup.cfg", ""} == {
        "mathesar", "provisioner", "platforms", "pyproject.toml", "MANIFEST.in", "README.md", "CHANGELOG.md", "LICENSE",
    }  # fmt: skip


def test_the_same_bytes_again_and_from_the_source_archive(place: Path, built: tuple[Path, Path], tmp_path: Path):
    old = os.umask(0o077)
    try:
        again = build(tmp_path / "again", SOURCE_DATE_EPOCH="1700000000", TZ="Asia/Tokyo", LC_ALL="C")
    finally:
        os.umask(old)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run(
        [*command, "--wheel-dir", tmp_path / "from", built[1]],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}, check=True, capture_output=True,
    )  # fmt: skip
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in built]
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in again] == digests
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in (tmp_path / "from").iterdir()] == digests[:1]


@pytest.mark.parametrize("user", ["root", "ordinary"])
@pytest.mark.parametrize("version", VERSIONS)
def test_it_serves(installed: dict[str, Future[Environment]], version: str, user: str, tmp_path: Path):
    made = environment(installed, version)
    if os.geteuid() != 0 and user == "root":
        pytest.skip("needs root")
    home = Path(tempfile.mkdtemp(prefix="hom", dir="/tmp"))
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    drop = ORDINARY if user == "ordinary" and os.geteuid() == 0 else []
    if drop:
        os.chown(home, 65534, 65534)
    home.chmod(0o755)
    environ = {"HOME": str(home), "PORT": str(free_port()), **made.environ()}
    if user == "root":
        environ["MATHESAR_DATA_DIR"] = str(home / "data")  # root's own would be /var/lib/mathesar
    prefix = [*IN_FOLDER, str(elsewhere), *drop]
    try:
        with Mathesar(environ, prefix=prefix, program=(made.program("mathesar"), "start")) as process:
            see_the_first_page(process)
            assert process.stop() == 0
            assert "Traceback" not in process.log
            assert "Warning" not in process.log
    finally:
        shutil.rmtree(home, ignore_errors=True)


def see_the_first_page(process: Mathesar) -> None:
    """Open the printed link, and every static file that the page names: ours by hashed name, compressed."""
    text = process.open_link()
    assert "sample" in text
    urls = STATIC.findall(text)
    ours = [url for url in urls if url.startswith("/static/mathesar/")]
    assert ours
    assert len(urls) > len(ours)  # htmx
    for url in urls:
        answer = process.get(url, headers={"Accept-Encoding": "gzip"})
        assert answer.status == 200, url
        if url in ours:
            assert re.search(r"\.\w{12}\.(css|js|svg)$", url), url
            assert answer.headers["content-encoding"] == "gzip"
            assert "immutable" in answer.headers["cache-control"]


def test_the_other_command_has_what_it_needs(installed: dict[str, Future[Environment]], tmp_path: Path):
    made = environment(installed, next(iter(installed), VERSIONS[0]))
    assert "No broken requirements" in made.run(["python", "-m", "pip", "check"], tmp_path)
    made.run(["provisioner", "manifests"], tmp_path)
    for name in ("render.yaml", "platforms/render/README.md"):
        assert (tmp_path / name).read_text() == (ROOT / name).read_text()


def test_the_index_will_show_its_description(built: tuple[Path, Path], tmp_path: Path):
    tools = make_environment(Path(sys.executable).resolve(), tmp_path)
    tools.pip("install", "twine", folder=tmp_path)
    tools.run(["twine", "check", "--strict", *map(str, built)], tmp_path)
