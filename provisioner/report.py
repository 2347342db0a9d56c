"""Findings as text for people, JSON for programs, SARIF for code scanning and GitHub annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .findings import Finding

if TYPE_CHECKING:
    from .planning import Plan

FORMATS = ("text", "json", "sarif", "github")
_ENTRY = re.compile(r"entry \d+|'.*'")


class Written(NamedTuple):
    """Where something is written: a file, its line from 1, and the file's own key for it or ''."""

    path: str
    line: int
    key: str

    def __str__(self) -> str:
        return f"{self.key} in {self.path}, line {self.line}" if self.key else f"{self.path}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Source:
    """The file that variables were read from; `lines` maps each name to its line, from 1.

    `keys` maps names to what a configuration file calls them. Where the file is not the whole environment, what it
    does not have is looked for in `rest`, and stands in no file where that is None.
    """

    path: str
    lines: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    rest: Source | None = None

    def written(self, item: Finding) -> Written | None:
        """Return where the value that a finding is about is written; None for what stands in no file."""
        # An entry is written "entry 2 'name'", or without its number or its name.
        short = _ENTRY.match(item.entry) if item.entry else None
        names = (f"{item.variable}, {short[0]}" if short else "", item.variable, f"{item.variable}_FILE")
        for name in names:
            if name in self.lines:
                return Written(self.path, self.lines[name], self.keys.get(name, ""))
        return self.rest.written(item) if self.rest else None

    def place(self, item: Finding) -> Written | None:
        """Return the same, or the first line of the file that is the whole environment."""
        found = self.written(item)
        if found is not None or not self.whole:
            return found or (self.rest.place(item) if self.rest else None)
        return Written(self.path, 1, "")


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
        return json.dumps(document(findings, stopping, plan, source), indent=2, ensure_ascii=False) + "\n"
    if fmt == "sarif":
        from .sarif import document as sarif

        return json.dumps(sarif(findings, source), indent=2, ensure_ascii=False) + "\n"
    if fmt == "github":
        return "".join(_placed(item, source) for item in findings)
    raise ValueError(f"unknown format {fmt!r}; known: {', '.join(FORMATS)}")


def document(
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
    path, line, key = (source.place(item) if source else None) or (None, None, "")
    return {**item.as_dict(), "stops_start": stops, "file": path, "line": line, "key": key or None}


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
    place = source.place(item) if source else None
    return annotation(item, {"file": place.path, "line": str(place.line)} if place else {})


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
