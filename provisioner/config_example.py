"""A configuration file with every key, each in a comment: made of the table of variables, so it cannot drift."""

from __future__ import annotations

import json
import textwrap

from .config_values import LISTS
from .variables import VARIABLES, Variable

_HEAD = """\
# Mathesar's configuration: TOML (https://toml.io). Take away the # before a key to set it.
#
# For each setting by itself the environment goes first: DATABASE_URL, or DATABASE_URL_FILE, replaces
# database_url. Every key can be given as key_file, too: the path of a file that holds the value.
# `mathesar config show` says what is in force and where it came from.
"""
_WIDTH = 100


def example() -> str:
    """Return the file's text; what is left when every ``#key`` loses its mark is valid TOML with known keys only."""
    keys = [row for row in VARIABLES if row.key and row.kind != "databases"]
    tables = [row for row in VARIABLES if row.key and row.kind == "databases"]
    return _HEAD + "".join(map(_key, keys)) + "".join(map(_table, tables))


def _comment(words: str) -> str:
    return "\n".join(textwrap.wrap(words, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False))


def _key(row: Variable) -> str:
    lines = [_comment(row.what.replace(", separated by commas", ""))]
    if row.required != "no":
        lines.append(_comment(f"Required {row.required}."))
    if row.default != "none":
        lines.append(_comment(f"Default: {row.default}."))
    lines.append(f"#{row.key} = {_value(row)}")
    return "\n" + "\n".join(lines) + "\n"


def _value(row: Variable) -> str:
    if row.kind in ("boolean", "integer"):
        return row.example
    return json.dumps([row.example] if row.kind in LISTS else row.example)  # TOML writes these as JSON does


def _table(row: Variable) -> str:
    words = "Databases to show, each by the name that people see. A table goes on to the end of the file: keep it last."
    entries = [part.strip("()").partition("|") for part in row.example.split("),(")]
    lines = [_comment(words), f"#[{row.key}]"]
    lines += [f"#{json.dumps(name)} = {json.dumps(url)}" for name, _, url in entries]
    return "\n" + "\n".join(lines) + "\n"
