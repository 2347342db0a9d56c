"""Build the source archive and, from it, the wheel: `python packaging/wheel.py DIR`, with the Python of `.venv`.

The wheel brings our static files under hashed names and compressed, as an image has them. They are collected here and
put into the source archive, not by a build hook: a hook would make Django a build requirement of everybody who installs
from a clone, where plain names do. Those of dependencies stay with them, see mathesar/static_files.py. The archive
builds the very same wheel, and the same commit the same bytes: times come from SOURCE_DATE_EPOCH, by default the
commit's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from release.pack import settle

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("mathesar", "provisioner", "platforms")
FILES = ("pyproject.toml", "MANIFEST.in", "README.md", "CHANGELOG.md", "LICENSE")
UNWANTED = ("platforms/assets/", "mathesar/staticfiles/")  # pictures of the listings; what a clone collected
RELATIVE_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s]+)\)")
COLLECT = """
import django
from django.conf import settings
from django.core.management import call_command
settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # our own folder alone
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
"""
OLDEST_TIME = 315532800  # 1980, where the times of a wheel begin


class BuildError(Exception):
    """A step failed; the message holds the end of what it said."""


def source_time() -> int:
    """Return the time for everything built, in seconds since 1970: SOURCE_DATE_EPOCH, else that of the commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout) if asked.returncode == 0 else OLDEST_TIME


def sources() -> list[str]:
    """Return the files that belong into the archive: those under version control, all of them where it is no clone."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *FOLDERS, *FILES],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode == 0:
        found = [name for name in asked.stdout.split("\0") if name and (ROOT / name).is_file()]
    else:
        inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
        found = [str(path.relative_to(ROOT)) for path in inside if "__pycache__" not in path.parts]
        found += [name for name in FILES if (ROOT / name).is_file()]
    return sorted(name for name in found if not name.startswith(UNWANTED))


def lay_out(tree: Path) -> None:
    """Copy the sources, without the rights they have here, and with links that work away from the repository."""
    for name in sources():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tree / name)
    readme = tree / "README.md"
    project = (tree / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    repository = re.search(r'^Source = "(.+)"$', project, re.MULTILINE)
    if not (version and repository):
        raise BuildError("pyproject.toml names no version, or no Source among its URLs.")
    base = f"{repository[1]}/blob/v{version[1]}"
    readme.write_text(RELATIVE_LINK.sub(rf"]({base}/\1)", readme.read_text("utf-8")), "utf-8")


def collect(tree: Path, scratch: Path) -> None:
    """Collect our own static files into the sources."""
    environ = {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": str(scratch), "MATHESAR_DATA_DIR": str(scratch / "data"),
        "DJANGO_SETTINGS_MODULE": "mathesar.settings", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    run([sys.executable, "-c", COLLECT], tree, environ)


def run(command: list[str], folder: Path, environ: dict[str, str]) -> None:
    """Run a step. Raises BuildError with the end of its output."""
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command[1:3])} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def backend(tree: Path, kind: str, into: Path, time: int) -> Path:
    """Have setuptools build `sdist` or `wheel` of a tree; return the file."""
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(time), "PYTHONDONTWRITEBYTECODE": "1"}
    into.mkdir()
    code = f"import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    run([sys.executable, "-c", code, str(into)], tree, environ)
    return next(file for file in into.iterdir() if file.is_file())


def build(out: Path) -> list[Path]:
    """Build both into `out`; return the two files. Raises BuildError."""
    time = source_time()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="wheel") as name:
        scratch = Path(name)
        tree = scratch / "tree"
        tree.mkdir()
        lay_out(tree)
        collect(tree, scratch)
        archive = backend(tree, "sdist", scratch / "sdist", time)
        settle(archive, time)
        shutil.unpack_archive(archive, scratch / "unpacked")
        wheel = backend(next((scratch / "unpacked").iterdir()), "wheel", scratch / "wheel", time)
        out.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy(file, out)) for file in (archive, wheel)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python packaging/wheel.py DIR")
    try:
        for built in build(Path(sys.argv[1])):
            print(built)
    except BuildError as error:
        sys.exit(str(error))
