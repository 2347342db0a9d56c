"""Configuration files for tests, written as a person would, in a file that only its owner can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from provisioner.configuration import Configuration, configure


def quoted(text: str) -> str:
    """Return a TOML basic string; it is JSON's but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def written(values: Mapping[str, str], databases: Mapping[str, str] | None = None) -> str:
    """Return a file that sets these keys to texts, and a table of databases."""
    lines = [f"{key} = {quoted(value)}" for key, value in values.items()]
    if databases is not None:
        lines += ["[databases]", *(f"{quoted(name)} = {quoted(url)}" for name, url in databases.items())]
    return "\n".join(lines) + "\n"


def save(folder: Path, text: str | bytes, *, mode: int = 0o600) -> str:
    """Write it, and return its path."""
    path = folder / "mathesar.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return str(path)


def configured(folder: Path, text: str | bytes, environ: Mapping[str, str] | None = None) -> Configuration:
    """Return what is in force with this file behind this environment."""
    return configure(environ or {}, named=save(folder, text), implicit=None)
