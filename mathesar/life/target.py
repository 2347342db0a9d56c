"""Where a backup is written: a private file that appears when it is whole, or standard output."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mathesar.boot.messages import failure

STDOUT = "-"


def refuse_taken(name: str, *, force: bool) -> None:
    """Refuse a file that is there, and a terminal.

    Raises:
        BootError: with the finding that says so.
    """
    if name == STDOUT:
        if sys.stdout.isatty():
            raise failure("backup-unusable", "FILE", what="written", reason="standard output is a terminal")
    elif Path(name).is_dir():
        raise failure("backup-unusable", "FILE", what="written", reason="it is a folder")
    elif not force and Path(name).exists():
        raise failure("backup-exists", "FILE")


@contextlib.contextmanager
def written(name: str, *, force: bool) -> Iterator[IO[bytes]]:
    """Give a binary file to write; when all went well it gets its name (mode 0600), else it goes.

    Raises:
        BootError: it cannot be written, or somebody else made a file of that name meanwhile.
    """
    try:
        with _stdout() if name == STDOUT else _file(Path(name), force) as file:
            yield file
    except FileExistsError:
        raise failure("backup-exists", "FILE") from None
    except OSError as error:
        raise failure("backup-unusable", "FILE", what="written", reason=error.strerror or "it failed") from None


@contextlib.contextmanager
def _stdout() -> Iterator[IO[bytes]]:
    """Keep standard output for the backup: whatever is said meanwhile goes to standard error."""
    sys.stdout.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(own, "wb") as file:
        yield file


@contextlib.contextmanager
def _file(path: Path, force: bool) -> Iterator[IO[bytes]]:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            draft.replace(path)
        else:
            _name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path) -> None:
    """Give a file its name, unlike a rename in nobody's place; where the file system has no links, nearly so."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError from None
        draft.replace(path)
