"""What of somebody's folder comes to a rehearsed disk: what a deploy would take, and no developer's private file."""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

NOT_SOURCE = (".git", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache", ".ruff_cache")
PRIVATE = (".env", ".env.*", ".envrc", "*.sqlite3")  # a developer's own variables and data
SHOWN = ("*.example", "*.sample", "*.template", "*.dist")  # what is written for everybody to read
GIT_SECONDS = 20


def left_out(source: Path) -> frozenset[str]:
    """Return the private files that are not copied, by their paths below `source`; what git tracks is not private."""
    found = frozenset(_private(source))
    return found - _tracked(source, found) if found else found


def copy(source: Path, disk: Path) -> None:
    """Copy the folder to `disk`, which does not exist yet and is then open to its owner alone. Raises OSError."""
    private = left_out(source)

    def ignored(folder: str, names: list[str]) -> set[str]:
        here = Path(folder).relative_to(source)
        return {name for name in names if name in NOT_SOURCE or (here / name).as_posix() in private}

    shutil.copytree(source, disk, symlinks=True, ignore=ignored)
    disk.chmod(0o700)


def _private(source: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in NOT_SOURCE]
        for name in files:
            if _matches(name, PRIVATE) and not _matches(name, SHOWN):
                yield (Path(folder) / name).relative_to(source).as_posix()


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in patterns)


def _tracked(source: Path, paths: frozenset[str]) -> frozenset[str]:
    """Return which of these git tracks; none where there is no git or no repository."""
    # Whoever owns the folder; no program that its own configuration names is run, and no other repository is meant.
    settings = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"]
    command = ["git", "--literal-pathspecs", *settings, "-C", str(source), "ls-files", "-z", "--"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            [*command, *sorted(paths)], capture_output=True, check=True, timeout=GIT_SECONDS, env=environ
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(os.fsdecode(name) for name in done.stdout.split(b"\0") if name)
