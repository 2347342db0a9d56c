"""The root key on a machine of one's own: a file in the data directory, made once, never overwritten."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mathesar.boot import image
from mathesar.boot.messages import BootError, failure
from provisioner.secret import Secret

NAME = "secret_key"
BYTES = 48  # 64 characters of base64
MINIMUM = 32  # characters; less was cut off


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file, made when absent; the system drops it when the process ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_data_dir(data_dir: Path) -> None:
    """Make the data directory: private to its owner, or for root enterable, as its PostgreSQL is another user's.

    Raises:
        BootError: it cannot be made or written.
    """
    try:
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError:
        raise unusable(data_dir) from None


def unusable(data_dir: Path, file: Path | None = None) -> BootError:
    """Return the error for a data directory that cannot be written, or only this file in it, ready to raise."""
    if image.is_image():
        owner = image.owner(data_dir)
        if file is not None and (number := image.owner(file)).isdigit():
            owner += f", that of {file.name} in it {number}"
        details = {"folder": str(data_dir), "uid": str(os.geteuid()), "owner": owner}
        return failure("volume-unusable", "MATHESAR_DATA_DIR", **details)
    return failure("data-dir-unusable", "MATHESAR_DATA_DIR")


def read_or_make(data_dir: Path) -> Secret:
    """Return the key in `data_dir`/secret_key (mode 0600); make it when there is none.

    Raises:
        BootError: the file is unreadable or holds no key, or the directory cannot be written.
    """
    path = data_dir / NAME
    try:
        with exclusive(data_dir / f".{NAME}.lock"):
            if not path.exists():
                _write(path, secrets.token_urlsafe(BYTES))
            return _read(path)
    except (OSError, UnicodeDecodeError):
        raise failure("key-file-damaged", "MATHESAR_DATA_DIR") from None


def _read(path: Path) -> Secret:
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    key = Secret(path.read_text(encoding="ascii").strip())
    if len(key.get_secret_value()) < MINIMUM:
        raise failure("key-file-damaged", "MATHESAR_DATA_DIR")
    return key


def _write(path: Path, text: str) -> None:
    """Write a new file whole or not at all: a power cut must not leave half a key."""
    draft = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
