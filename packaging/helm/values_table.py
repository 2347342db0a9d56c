"""Write the table of the chart's values into README.md, or with --check say whether it is as generated.

What a value is for stands in values.schema.json, what it is by default in values.yaml: here both are only laid out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PAGE = HERE / "README.md"
BEGIN, END = "<!-- values: begin -->\n", "<!-- values: end -->\n"


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield each value's path, its default as JSON and its description; KeyError where one of them is missing."""
    schema = json.loads((HERE / "mathesar" / "values.schema.json").read_text(encoding="utf-8"))
    values = yaml.safe_load((HERE / "mathesar" / "values.yaml").read_text(encoding="utf-8"))
    del schema["properties"]["global"]  # Helm's own
    yield from _rows(schema["properties"], values, "")


def _rows(properties: dict[str, Any], values: dict[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    if set(properties) != set(values):
        raise KeyError(f"{path or 'values'}: {sorted(set(properties) ^ set(values))} in one file alone")
    for name, default in values.items():  # in the order of values.yaml
        inner = properties[name]
        if "properties" in inner:
            yield from _rows(inner["properties"], default, f"{path}{name}.")
        else:
            yield path + name, json.dumps(default), inner["description"]


def table() -> str:
    """Return the table in Markdown."""
    lines = ["| Value | Default | What it is for |", "| --- | --- | --- |"]
    lines += [f"| `{path}` | `{default}` | {words.replace('|', chr(92) + '|')} |" for path, default, words in rows()]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return README.md with the table in its place. Raises ValueError where the marks are missing."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:before]}\n{table()}\n{text[after:]}"


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv and made != PAGE.read_text(encoding="utf-8"):
        sys.exit(f"{PAGE.name}: not as generated: run python packaging/helm/values_table.py")
    PAGE.write_text(made, encoding="utf-8")
