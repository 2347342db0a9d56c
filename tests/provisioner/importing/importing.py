"""Conversions for tests, with a key that is no surprise."""

from __future__ import annotations

import shutil
from pathlib import Path

from provisioner import libpq
from provisioner.env_file import read_env_file
from provisioner.importing.convert import convert
from provisioner.importing.dotenv import read_dotenv
from provisioner.importing.outcome import Imported, Read
from provisioner.importing.source import read_source

FIXTURES = Path(__file__).with_name("env")
NEW_KEY = "A new key: made for this test, 7 words and 50 signs"


def made_key() -> str:
    return NEW_KEY


def convert_read(read: Read, target: str | None = None) -> Imported:
    return convert(read, target, make_key=made_key)


def convert_text(text: str, target: str | None = None) -> Imported:
    """Convert a .env file's text."""
    return convert_read(read_dotenv(text, ".env"), target)


def read_fixture(name: str, folder: Path) -> Read:
    """Read a fixture in a copy, where a Compose file's `dotenv` has its real name."""
    source = FIXTURES / f"{name}.env"
    if source.is_file():
        return read_source(source)
    copy = folder / name
    shutil.copytree(FIXTURES / name, copy)
    (copy / "dotenv").rename(copy / ".env")
    return read_source(copy)


def values(imported: Imported) -> dict[str, str]:
    return {each.name: each.value.get_secret_value() for each in imported.variables}


def reread(text: str) -> dict[str, str]:
    """Return what the product's own reader makes of a written file."""
    return {name: value for name, (value, _line) in read_env_file(text).items()}


def held(imported: Imported) -> str:
    """Return all that the new variables and the comments hold, URLs also in their parts."""
    texts = [*values(imported).values(), *(each.text for each in imported.left)]
    for value in values(imported).values():
        for url in [value, *(piece.strip("(), ").partition("|")[2] for piece in value.split("),"))]:
            texts += (libpq.read(url) or {}).values() if "://" in url else []
    return "\n".join(texts)


def pieces(text: str) -> list[str]:
    """Return the parts of a URL, since another spelling of it may stay; of anything else the whole."""
    parts = {**(libpq.read(text) or {}), "port": ""}  # 5432 is what libpq takes without one
    return list(parts.values()) if len(parts) > 1 else [text]
