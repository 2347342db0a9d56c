"""What is in force as text for people or JSON for programs, with where each value came from and no secret."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .config_rows import Row
from .configuration import Configuration
from .page import BOLD, DIM, Page
from .planning import Examination
from .report import document, render

_NAMES = 36  # columns of names before what they are by default


def as_text(
    found: Sequence[Row], configuration: Configuration, examination: Examination, *, color: bool, width: int
) -> str:
    """Return the variables, the findings and what would run, wrapped at `width` columns."""
    page = Page(color, width)
    for title, rows in (
        ("Set", [row for row in found if row.source != "default"]),
        ("Left at the default", [row for row in found if row.source == "default"]),
    ):
        page.lines += [page.paint(title, BOLD), ""]
        for row in rows:
            _default(page, row) if row.source == "default" else _set(page, row)
        page.lines += [] if rows else ["  nothing"]
        page.lines.append("")
    report = render(
        examination.findings, "text", plan=examination.plan, stopping=examination.stopping,
        source=configuration.source, color=color, width=width,
    )  # fmt: skip
    return "\n".join(page.lines) + "\n" + report


def _set(page: Page, row: Row) -> None:
    page.lines.append(f"  {page.paint(row.name, BOLD)}")
    for value in row.values or ("(cannot be used)",):
        page.lines += page.wrap(value, "    ", "      ")
    page.lines += [page.paint(line, DIM) for line in page.wrap(origin(row), "    ", "      ")]


def _default(page: Page, row: Row) -> None:
    indent = " " * (_NAMES + 2)
    words = row.sentence
    if row.values and row.values[0] != words:
        words = f"{row.values[0]} ({words})"
    first, *rest = page.wrap(words, indent, indent)
    page.lines += [f"  {page.paint(f'{row.name:<{_NAMES}}', DIM)}{first.strip()}", *rest]


def origin(row: Row) -> str:
    """Say where a value came from, in a few words."""
    words = {"option": "option --config", "name_file": f"{row.variable} {row.points_to}"}.get(row.source, row.source)
    if row.source == "environment" and row.variable != row.name:
        words += f", as {row.variable}"
    if row.source == "platform" and row.variable:
        words += f", {row.variable}"
    if row.written is not None:
        place = f"{row.written.path}:{row.written.line}"
        words = f"file {place}" if row.source == "file" else f"{words}, file {place}"
    return words + (f"; goes before {row.hidden.path}:{row.hidden.line}" if row.hidden else "")


def as_json(found: Sequence[Row], configuration: Configuration, examination: Examination) -> str:
    """Return the same as JSON; keys are only ever added, and `version` counts what is taken away or changed."""
    report = document(examination.findings, examination.stopping, examination.plan, configuration.source)
    whole = {**report, "config_file": configuration.path, "variables": [_item(row) for row in found]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _item(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "value": ",".join(row.values) if row.values else None,
        "source": row.source,
        "variable": row.variable or None,
        "path": row.points_to or None,
        "file": row.written.path if row.written else None,
        "line": row.written.line if row.written else None,
        "key": row.written.key if row.written else None,
        "goes_before_line": row.hidden.line if row.hidden else None,
        "default": row.sentence or None,
    }
