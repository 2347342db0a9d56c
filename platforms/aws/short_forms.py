"""CloudFormation's short forms, ``!Ref Name``, as their long ones, ``{Ref: Name}``: the same thing said in YAML."""

from __future__ import annotations

import re
from typing import Any

from provisioner.lint.document import Document, Path

# At a place stands the value itself, in a list; or its key, in a table.
_TAG = re.compile(r"""(?:(?:"[^"\n]*"|'[^'\n]*'|[^\s"'!]\S*?)\s*:\s+)?!(?P<name>\w+)""")
_PLAIN = ("Ref", "Condition")  # those without Fn:: before them


def long_forms(document: Document) -> Any:
    """Return the document's data with every short form in its long one."""
    if "!" not in document.text or document.format != "yaml":
        return document.data
    starts = [0]
    for line in document.text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return _long(document, starts, document.data, ())


def _long(document: Document, starts: list[int], value: Any, at: Path) -> Any:
    if isinstance(value, dict):
        found: Any = {key: _long(document, starts, item, (*at, key)) for key, item in value.items()}
    elif isinstance(value, list):
        found = [_long(document, starts, item, (*at, index)) for index, item in enumerate(value)]
    else:
        found = value
    line, column = document.places.get(at, (0, 0))
    if not at or not 0 < line < len(starts):
        return found
    tag = _TAG.match(document.text, starts[line - 1] + column - 1)
    return _function(tag["name"], found) if tag else found


def _function(name: str, value: Any) -> dict[str, Any]:
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in _PLAIN else f"Fn::{name}": value}
