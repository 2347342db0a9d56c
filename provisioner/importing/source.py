"""From PATH to variables: a ``.env``, a Compose file, a folder with either, or standard input."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from provisioner.findings import finding
from provisioner.text import may_hold_password, printable

from .compose_file import read_compose
from .compose_text import NotCompose
from .dotenv import read_dotenv
from .outcome import Read

LARGEST = 1_000_000  # bytes of one file; real ones have a few thousand
COMPOSE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")  # in Compose's own order
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # a Path has one / left
OVERRIDE_NAMES = tuple(
    f"{stem}.override.{suffix}" for stem in ("compose", "docker-compose") for suffix in ("yml", "yaml")
)
_SERVICES = re.compile(r"^services\s*:\s*(?:#.*)?$", re.MULTILINE)


class SourceError(ValueError):
    """PATH cannot be used; the message names the file and quotes nothing of it."""


def read_source(path: Path) -> Read:
    """Read PATH. Raises SourceError."""
    if _URL.match(str(path)):
        raise SourceError("it is a URL, not a path")  # which is not shown: it may hold a password
    try:
        return _read(path)
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}") from None


def _read(path: Path) -> Read:
    if path.is_dir():
        return _folder(path)
    text = _text(path)
    if path.suffix not in (".yml", ".yaml"):
        return replace(read_text(text, path.name), files=(path.resolve(),))
    dotenv = _dotenv(path.parent)
    listed = _listed(dotenv)
    if path.resolve() in [(path.parent / name).resolve() for name in listed]:
        return _project(path.parent, listed, dotenv)
    if path.name not in COMPOSE_NAMES:
        return _project(path.parent, [path.name], dotenv)
    if listed:
        unread = finding("import-not-read", path.name, what="the files that COMPOSE_FILE in .env names in its place")
        dotenv = replace(dotenv, findings=(*dotenv.findings, unread))
        return _project(path.parent, [path.name], dotenv)
    return _project(path.parent, [path.name, *_override(path.parent)], dotenv)


def _folder(folder: Path) -> Read:
    """Read what Compose would read in a folder, or the .env alone."""
    dotenv = _dotenv(folder)
    if listed := _listed(dotenv):
        return _project(folder, listed, dotenv)
    for name in COMPOSE_NAMES:
        if (folder / name).is_file():
            return _project(folder, [name, *_override(folder)], dotenv)
    if (folder / ".env").is_file():
        return _read(folder / ".env")
    raise SourceError(f"{folder} holds neither a Compose file nor a .env")


def _dotenv(folder: Path) -> Read:
    """Return the .env beside a Compose file, or nothing."""
    path = folder / ".env"
    return read_dotenv(_text(path), ".env", compose=True) if path.is_file() else Read(())


def _listed(dotenv: Read) -> list[str]:
    """Return the files that COMPOSE_FILE in .env names, in their order; the sign between them is : or of its own."""
    values = {each.name: each.text for each in dotenv.variables}
    given = values.get("COMPOSE_FILE", "")
    separator = values.get("COMPOSE_PATH_SEPARATOR") or (";" if ";" in given else ":")
    return [each.strip() for each in given.split(separator) if each.strip()]


def _override(folder: Path) -> list[str]:
    """Return the file that Compose reads over the first one where it is there; of several the first counts."""
    return [name for name in OVERRIDE_NAMES if (folder / name).is_file()][:1]


def _project(folder: Path, names: list[str], dotenv: Read) -> Read:
    """Read a Compose file with those that go over it, and note every file that is read."""
    first, *others = names
    if may_hold_password(first):
        raise SourceError(f"{folder / '.env'}: COMPOSE_FILE names a URL, and nothing is read from the network")
    files = [(folder / name).resolve() for name in (first, ".env")]
    text = _text(folder / first)

    def open_beside(name: str) -> str | None:
        try:
            content = _text(folder / name)
        except (OSError, ValueError):  # a SourceError is one, and so is a name with a NUL
            return None
        files.append((folder / name).resolve())
        return content

    try:
        read = read_compose(text, first, dotenv, open_beside, others)
    except NotCompose as problem:
        raise SourceError(f"{folder / first}: {problem}") from None
    return replace(read, files=tuple(each for each in files if each.exists()))


def read_text(text: str, name: str) -> Read:
    """Read a text that comes alone, as from standard input. Raises SourceError."""
    if _SERVICES.search(text):
        try:
            return read_compose(text, name, Read(()), lambda _name: None)
        except NotCompose as problem:
            raise SourceError(f"{name}: {problem}") from None
    return read_dotenv(text, printable(name))


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
