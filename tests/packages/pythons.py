"""The Pythons of this machine, 3.10 to 3.13, and clean virtual environments of them that an ordinary user may enter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import ordinary_user

VERSIONS = ("3.10", "3.11", "3.12", "3.13")
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_INPUT": "1"}


@dataclass(frozen=True)
class Environment:
    """A virtual environment: `libraries` is what its programs need as LD_LIBRARY_PATH, empty where nothing."""

    folder: Path
    libraries: str

    def program(self, name: str) -> str:
        """Return the path of one of its programs."""
        return str(self.folder / "bin" / name)

    def environ(self) -> dict[str, str]:
        """Return the variables that its programs need on this machine, beside PATH."""
        return {"LD_LIBRARY_PATH": self.libraries} if self.libraries else {}

    def run(self, command: Sequence[str], folder: Path, **environ: str) -> str:
        """Run one of its programs to its end, which has to be good; return what it wrote."""
        done = subprocess.run(
            [self.program(command[0]), *command[1:]],
            cwd=folder, env={"PATH": os.environ["PATH"], **self.environ(), **environ},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout + done.stderr

    def pip(self, *arguments: str, folder: Path) -> str:
        """Have its pip do something, with the settings and certificates of this machine."""
        return self.run(["python", "-m", "pip", "--quiet", *arguments], folder, **{**os.environ, **QUIET})


def find_python(version: str) -> Path | None:
    """Return an interpreter of this version, sought where `packaging/pythons.sh` does."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    known = [Path(sys.executable).resolve(), *pyenv.glob(f"versions/{version}.*/bin/python")]
    if on_path := shutil.which(f"python{version}"):
        known.append(Path(on_path))
    code = f"import sys, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != {version!r})"
    for candidate in known:
        if subprocess.run([candidate, "-c", code], check=False, capture_output=True).returncode == 0:
            return Path(os.path.realpath(candidate))
    return None


def make_environment(python: Path, folder: Path) -> Environment:
    """Make a virtual environment; of a linked copy of the interpreter where only root could run this one."""
    libraries = ""
    try:
        subprocess.run([python, "-c", ""], check=True, capture_output=True, **ordinary_user())  # type: ignore[call-overload]
    except PermissionError:
        copy = folder / "interpreter"
        shutil.copytree(python.parents[1], copy, copy_function=_link, symlinks=True, ignore=_unneeded)
        python = copy / "bin" / python.name
        libraries = str(copy / "lib")
    made = Environment(folder / "venv", libraries)
    subprocess.run(
        [python, "-m", "venv", made.folder], check=True, capture_output=True, env=os.environ | made.environ()
    )
    return made


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _unneeded(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in {"test", "site-packages", "include", "share"} or name.endswith(".a")}
