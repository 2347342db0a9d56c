"""From PATH to variables: a ``.env``, a Compose file, a folder with either, or standard input."""

from __future__ import annotations

import re
from pathlib import Path

from .compose_file import NotCompose, Open, read_compose
from .dotenv import read_dotenv
from .outcome import Read

LARGEST = 1_000_000  # bytes of one file; real ones have a few thousand
COMPOSE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")  # in Compose's own order
_SERVICES = re.compile(r"^services\s*:\s*(?:#.*)?$", re.MULTILINE)


class SourceError(ValueError):
    """PATH cannot be used; the message names the file and quotes nothing of it."""


def read_source(path: Path) -> Read:
    """Read PATH. Raises SourceError."""
    try:
        return _read(path)
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}") from None


def _read(path: Path) -> Read:
    if path.is_dir():
        for name in (*COMPOSE_NAMES, ".env"):
            if (path / name).is_file():
                return _read(path / name)
        raise SourceError(f"{path} holds neither a Compose file nor a .env")
    text = _text(path)
    if path.suffix not in (".yml", ".yaml"):
        return read_text(text, path.name)
    beside = path.parent / ".env"
    dotenv = read_dotenv(_text(beside), ".env") if beside.is_file() else Read(())

    def open_beside(name: str) -> str | None:
        try:
            return _text(path.parent / name)
        except (OSError, ValueError):  # a SourceError is one, and so is a name with a NUL
            return None

    return _compose(text, path, dotenv, open_beside)


def read_text(text: str, name: str) -> Read:
    """Read a text that comes alone, as from standard input. Raises SourceError."""
    if _SERVICES.search(text):
        return _compose(text, Path(name), Read(()), lambda _name: None)
    return read_dotenv(text, name)


def decoded(content: bytes, name: str) -> str:
    """Return a file's text. Raises SourceError where it is too large or not text."""
    if len(content) > LARGEST:
        raise SourceError(f"{name}: it is larger than {LARGEST:,} bytes")
    # Windows PowerShell's > writes UTF-16 with this mark.
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SourceError(f"{name}: it is not UTF-8 text") from None


def _text(path: Path) -> str:
    if not path.exists():
        raise SourceError(f"{path}: No such file or directory")
    if not path.is_file():
        raise SourceError(f"{path}: it is not an ordinary file")  # a pipe could make us wait for ever
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    return decoded(content, str(path))


def _compose(text: str, path: Path, dotenv: Read, open_beside: Open) -> Read:
    try:
        return read_compose(text, path.name, dotenv, open_beside)
    except NotCompose as problem:
        raise SourceError(f"{path}: {problem}") from None
