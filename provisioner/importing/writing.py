"""Today's variables as a file: the only place where an import shows their values."""

from __future__ import annotations

import json
import os
import re
import secrets
from pathlib import Path

from .outcome import Imported

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=*\[\]-]+")  # read alike by Compose, systemd, sh and docker run
_ESCAPED = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
FORMATS = ("env", "json")


class Exists(Exception):
    """The file is there already."""


def render(imported: Imported, fmt: str) -> str:
    """Return the variables in one of FORMATS, with their values. Raises ValueError for another format."""
    if fmt == "env":
        return _env(imported)
    if fmt == "json":
        values = {each.name: each.value.get_secret_value() for each in imported.variables}
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    raise ValueError(f"unknown format {fmt!r}; known: {', '.join(FORMATS)}")


def write(text: str, path: Path, *, force: bool) -> None:
    """Write a file that its owner alone may read (0600), whole or not at all.

    Raises Exists where it is there already and not `force`, and OSError.
    """
    # Made under its own name where it must be new: no other file can come between. Else it takes the old one's place.
    made = path if not force else path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Exists from None
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if force:
            made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _env(imported: Imported) -> str:
    lines = [f"# Mathesar's variables for {imported.label}, made by: provisioner import", ""]
    for each in imported.variables:
        lines.append(f"# from {', '.join(each.sources)}" if each.sources else "# made by the import")
        lines.append(f"{each.name}={quoted(each.value.get_secret_value())}")
    if imported.left:
        lines += ["", "# Not taken over; nothing reads these lines."]
        reasons = {each.name: each.why for each in imported.outcomes}
        for old in imported.left:
            lines += [f"# {old.name}: {reasons[old.name]}", f"#{old.name}={quoted(old.text)}"]
    return "\n".join(lines) + "\n"


def quoted(value: str) -> str:
    """Return a value as a .env file holds it, quoted only where it must be."""
    if _PLAIN.fullmatch(value):
        return value
    if "'" not in value and not any(each in value for each in "\n\r\t"):
        return f"'{value}'"
    return '"' + "".join(_ESCAPED.get(each, each) for each in value) + '"'
