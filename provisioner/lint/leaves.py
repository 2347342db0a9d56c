"""Secrets that tell themselves by their form, wherever in a manifest they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .document import Document, Path
from .marks import Mark, mark
from .secrets import known_secret, known_token

VALUES = frozenset({"value", "Value", "previewValue", "defaultValue", "Default"})
NAMES = ("key", "name", "Name", "id")
PROSE = frozenset(
    ["description", "label", "title", "summary", "documentation", "instructions", "start", "end", "notes", "comment"]
)
_PAIR = re.compile(r"([A-Za-z_][\w.-]*)=")


def written_out(document: Document, found: Iterable[Mark], platform: str) -> Iterator[Mark]:
    """Yield a mark for each secret that `found` has not told at its place or around it."""
    told = {item.at for item in found if item.finding.kind == "secret-in-clear"}
    for at, name, text in _texts(document.data, (), ""):
        if any(at[:length] in told for length in range(1, len(at) + 1)):
            continue
        # A sentence for people shows what a URL looks like; a token in it is a token.
        if known_token(text) if at[-1] in PROSE else known_secret(name, text.strip(), in_shell=True):
            yield mark("secret-in-clear", at, platform, name=name)


def _texts(value: Any, at: Path, name: str) -> Iterator[tuple[Path, str, str]]:
    """Yield place, name and text of each text: its key, or what the table around calls its value."""
    if isinstance(value, dict):
        named = next((value[key] for key in NAMES if isinstance(value.get(key), str)), name)
        for key, inner in value.items():
            yield from _texts(inner, (*at, key), named if key in VALUES else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            pair = _PAIR.match(inner) if isinstance(inner, str) else None
            yield from _texts(inner, (*at, index), pair[1] if pair else name)
    elif isinstance(value, str):
        yield at, name, value
