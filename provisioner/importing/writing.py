"""Today's variables as a file: the only place where an import shows their values."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from .outcome import Imported
from .quoting import commented, quoted

FORMATS = ("env", "json")


class Exists(Exception):
    """The file is there already."""


def render(imported: Imported, fmt: str) -> str:
    """Return the variables in one of FORMATS, with their values. Raises ValueError for another format.

    The old values that nothing took over are in it too: as comments, or in JSON under `left`, beside `variables`.
    """
    if fmt == "env":
        return _env(imported)
    if fmt == "json":
        return _json(imported)
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
        for old in imported.left:
            lines += [f"# {old.name} of {old.place}: {old.why}", f"#{old.name}={commented(old.text)}"]
    return "\n".join(lines) + "\n"


def _json(imported: Imported) -> str:
    document = {
        "variables": {each.name: each.value.get_secret_value() for each in imported.variables},
        "left": [
            {"name": each.name, "value": each.text, "place": each.place, "why": each.why} for each in imported.left
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
