"""YAML that keeps on one line what fits there: a template has so many small tables that it is unreadable otherwise."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.layout import Noted

WIDTH = 121  # columns and one: lines are shorter than this
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.-]*(?: [A-Za-z0-9_/.-]+)*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})  # YAML 1.1 reads these otherwise


def yaml(data: Mapping[str, Any], *, header: str) -> str:
    """Return the data as YAML; `header` and what is Noted become comments, an empty line stands between the parts."""
    lines = list(_comment(header, ""))
    for key, value in data.items():
        lines += (
            ["", *_entry(f"{_scalar(key)}:", value, "")]
            if isinstance(value, Mapping)
            else _entry(f"{_scalar(key)}:", value, "")
        )
    return "\n".join(lines) + "\n"


def _comment(words: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(words, WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a key's or an item's value; `head` is what stands before it."""
    inline = _flow(value)
    if inline is not None and (len(indent) + len(head) + len(inline) < WIDTH or not _deep(value)):
        yield f"{indent}{head} {inline}"
        return
    yield f"{indent}{head}"
    yield from _block(value, f"{indent}  ")


def _block(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, Noted):
                yield from _comment(item.words, indent)
                item = item.value
            yield from _entry(f"{_scalar(key)}:", item, indent)
        return
    for item in value:
        inline = _flow(item)
        if inline is not None and len(indent) + len(inline) + 2 < WIDTH:
            yield f"{indent}- {inline}"
        else:
            first, *rest = _block(item, f"{indent}  ")
            yield f"{indent}- {first.strip()}"
            yield from rest


def _deep(value: Any) -> bool:
    return bool(value) and isinstance(value, Mapping | list | tuple)


def _flow(value: Any) -> str | None:
    """Return the value on one line; None where a comment must go into it."""
    if isinstance(value, Noted):
        return None
    if isinstance(value, Mapping):
        parts = [(_scalar(key), _flow(item)) for key, item in value.items()]
        inside = [f"{key}: {item}" for key, item in parts if item is not None]
        return "{" + ", ".join(inside) + "}" if len(inside) == len(parts) else None
    if isinstance(value, list | tuple):
        items = [item for item in map(_flow, value) if item is not None]
        return "[" + ", ".join(items) + "]" if len(items) == len(value) else None
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
