"""Findings as text for people, JSON for programs, SARIF for code scanning and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .findings import Finding

if TYPE_CHECKING:
    from .planning import Plan

FORMATS = ("text", "json", "sarif", "github")


@dataclass(frozen=True, slots=True)
class Source:
    """The file that the environment was read from; `lines` maps each name to its line, from 1."""

    path: str
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, variable: str) -> int:
        """Return the line of `variable`, or of its NAME_FILE form; 1 for one that is not in the file."""
        return self.lines.get(variable) or self.lines.get(f"{variable}_FILE") or 1


def render(
    findings: Sequence[Finding],
    fmt: str,
    *,
    plan: Plan | None = None,
    color: bool = False,
    width: int = 80,
    stopping: Sequence[Finding] | None = None,
    source: Source | None = None,
) -> str:
    """Return the report in one of FORMATS, ending in a line feed unless it is empty.

    `stopping` are the findings that keep the app from starting: by default every error where there is no
    `plan`, and none where there is one. `color` and `width` (columns) are for text alone. Raises ValueError
    for an unknown format.
    """
    if stopping is None:
        stopping = [] if plan is not None else [item for item in findings if item.severity == "error"]
    if fmt == "text":
        from .report_text import text

        return text(findings, stopping, plan=plan, color=color, width=width, source=source)
    if fmt == "json":
        return json.dumps(_document(findings, stopping, plan, source), indent=2, ensure_ascii=False) + "\n"
    if fmt == "sarif":
        from .sarif import document

        return json.dumps(document(findings, source), indent=2, ensure_ascii=False) + "\n"
    if fmt == "github":
        return "".join(_placed(item, source) for item in findings)
    raise ValueError(f"unknown format {fmt!r}; known: {', '.join(FORMATS)}")


def _document(
    findings: Sequence[Finding], stopping: Sequence[Finding], plan: Plan | None, source: Source | None
) -> dict[str, Any]:
    """Return the JSON form; keys are only ever added, and `version` counts what is taken away or changed."""
    errors = sum(item.severity == "error" for item in findings)
    return {
        "version": 1,
        "ok": errors == 0,
        "starts": not stopping,
        "errors": errors,
        "warnings": len(findings) - errors,
        "findings": [_item(item, item in stopping, source) for item in findings],
        "plan": summary(plan) if plan is not None else None,
    }


def _item(item: Finding, stops: bool, source: Source | None) -> dict[str, Any]:
    place = (source.path, source.line(item.variable)) if source else (None, None)
    return {**item.as_dict(), "stops_start": stops, "file": place[0], "line": place[1]}


def summary(plan: Plan) -> dict[str, Any]:
    """Return what would run, without any secret: databases by host, port and name only."""
    return {
        "platform": plan.platform,
        "profile": plan.profile,
        "bind": plan.bind,
        "hosts": list(plan.hosts),
        "origins": list(plan.origins),
        "internal": plan.internal.url.target() if plan.internal else None,
        "entries": [
            {"name": entry.name, "target": entry.url.target(), "variable": entry.variable} for entry in plan.entries
        ],
        "entries_state": plan.entries_state,
        "embedded": plan.embedded,
        "secret_key_source": plan.secret_key_source,
        "workers": plan.workers,
        "threads": plan.threads,
        "pool_size": plan.pool_size,
        "connection_limit": plan.connection_limit,
        "memory_mb": plan.memory_mb,
        "debug": plan.debug,
    }


def _placed(item: Finding, source: Source | None) -> str:
    place = {"file": source.path, "line": str(source.line(item.variable))} if source else {}
    return annotation(item, place)


def annotation(item: Finding, place: Mapping[str, str]) -> str:
    """Return one workflow command; see GitHub's "Workflow commands" for what must be escaped where.

    `place` holds the properties ``file``, ``line`` and ``col``, as far as they are known.
    """
    properties = {**place, "title": f"{item.code} {item.variable}"}
    joined = ",".join(f"{name}={_escape(value, ':,')}" for name, value in properties.items())
    where = f"{item.variable}, {item.entry}: " if item.entry else f"{item.variable}: "
    return f"::{item.severity} {joined}::{_escape(f'{where}{item.message} {item.hint}'.strip())}\n"


def _escape(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":  # the percent sign first, so that nothing is escaped twice
        text = text.replace(character, f"%{ord(character):02X}")
    return text
