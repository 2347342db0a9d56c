"""Plain data as text for manifests: YAML with comments where we want them, JSON, and Jinja2 for the rest."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

WIDTH = 100
_PLAIN = re.compile(r"(?:\./)?[A-Za-z_/][A-Za-z0-9_/.-]*(?: [A-Za-z0-9_/.-]+)*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}  # YAML 1.1 reads these as something else


class Noted:
    """A value with a comment above it; `words` may be several sentences, wrapped when written."""

    def __init__(self, value: Any, words: str) -> None:
        self.value = value
        self.words = words


def yaml(data: Any, *, header: str = "") -> str:
    """Return block-style YAML of dicts, lists, strings, numbers and booleans; `header` becomes comment lines.

    Strings are quoted unless they are plain words, so that no reader takes one for another type.
    """
    lines = _comment(header, "") + _block(data, 0)
    return "\n".join(lines) + "\n"


def json_text(data: Any) -> str:
    """Return JSON as people write it: two spaces, keys in the given order."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def render(template: Path, **values: Any) -> str:
    """Return a Jinja2 template's text; an undefined name is an error (jinja2.UndefinedError)."""
    return _environment(template.parent).get_template(template.name).render(**values)


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    shared = Path(__file__).parent / "templates"
    made = Environment(  # noqa: S701 - what is written is TOML, Python and Markdown, never HTML
        loader=FileSystemLoader([folder, shared]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    return made


def _comment(words: str, indent: str) -> list[str]:
    lines: list[str] = []
    for paragraph in words.splitlines():
        lines += textwrap.wrap(paragraph, WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False) or [
            ""
        ]
    return [f"{indent}# {line}".rstrip() for line in lines]


def _block(value: Any, depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, item in value.items():
            words, plain = _noted(item)
            lines += _comment(words, indent)
            lines += _entry(f"{indent}{_scalar(key)}:", plain, depth)
        return lines
    for item in value:
        words, plain = _noted(item)
        lines += _comment(words, indent)
        if _is_block(plain):
            first, *rest = _block(plain, depth + 1)
            lines += [f"{indent}- {first.strip()}", *rest]
        else:
            lines.append(f"{indent}- {_inline(plain)}")
    return lines


def _entry(head: str, value: Any, depth: int) -> list[str]:
    if isinstance(value, str) and "\n" in value:
        inner = "  " * (depth + 1)
        text = value if value.endswith("\n") else f"{value}\n"
        mark = "|" if value.endswith("\n") else "|-"
        return [f"{head} {mark}", *(f"{inner}{line}".rstrip() for line in text.splitlines())]
    if not _is_block(value):
        return [f"{head} {_inline(value)}"]
    return [head, *_block(value, depth + 1)]


def _noted(item: Any) -> tuple[str, Any]:
    return (item.words, item.value) if isinstance(item, Noted) else ("", item)


def _is_block(value: Any) -> bool:
    return bool(value) and isinstance(value, Mapping | Sequence) and not isinstance(value, str)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
