"""Where the tables and keys of a TOML text stand; Python's own reader does not say."""

from __future__ import annotations

import re
from typing import Any

from .document import Path

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def places(text: str, data: Any) -> dict[Path, tuple[int, int]]:
    """Return the line and column of each table and key that stands at the start of a line, from 1.

    What only looks like a key, inside a longer string, is left out: its path is not in `data`.
    """
    found: dict[Path, tuple[int, int]] = {(): (1, 1)}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        column = len(line) - len(line.lstrip()) + 1
        if header := _HEADER.fullmatch(line):
            table = _resolved(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            if _holds(data, table):
                found.setdefault(table, (number, column))
                if isinstance(table[-1], int):
                    found.setdefault(table[:-1], (number, column))
        elif (key := _KEY.match(line)) and _holds(data, at := (*table, *_parts(key[1]))):
            found.setdefault(at, (number, column))
    return found


def _parts(text: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _resolved(parts: Path, counts: dict[Path, int]) -> Path:
    """Return the path with the index of the last item wherever it goes through an array of tables."""
    made: Path = ()
    for index, part in enumerate(parts):
        made = (*made, part)
        if made in counts and index < len(parts) - 1:
            made = (*made, counts[made])
    return made


def _holds(data: Any, at: Path) -> bool:
    for part in at:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
