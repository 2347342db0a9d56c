"""SARIF 2.1.0 (OASIS): one run, one rule for each code that occurs, one result for each finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .explain import spell_out
from .findings import Finding, rule

if TYPE_CHECKING:
    from .report import Source

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: a file ("" for none), line and column from 1, and what `variable` is there.

    `kind` is one of SARIF's kinds of a logical location: variable, object.
    """

    path: str = ""
    line: int = 1
    column: int | None = None
    kind: str = "variable"


def document(findings: Sequence[Finding], source: Source | None) -> dict[str, Any]:
    """Return the log; results point at the env file where there is one, and at the variable always."""
    written = [source.place(item) if source else None for item in findings]
    places = [Place(place.path, place.line) if place else Place() for place in written]
    return log(list(zip(findings, places, strict=True)))


def log(rows: Sequence[tuple[Finding, Place]]) -> dict[str, Any]:
    """Return the log of findings that have a place."""
    from importlib.metadata import version

    codes = sorted({item.code for item, _ in rows})
    driver = {"name": "provisioner", "version": version("mathesar"), "rules": [_rule(code) for code in codes]}
    results = [_result(item, codes.index(item.code), place) for item, place in rows]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(code: str) -> dict[str, Any]:
    row = rule(code)
    return {
        "id": row.code,
        "name": row.kind,
        "shortDescription": {"text": spell_out(row.meaning)},
        "help": {"text": spell_out(row.fix)},
        "defaultConfiguration": {"level": row.severity},
    }


def _uri(path: str) -> str:
    """Return a relative reference, or a file URI for an absolute path (SARIF refuses a leading slash)."""
    place = Path(path)
    return place.as_uri() if place.is_absolute() else quote(place.as_posix())


def _result(item: Finding, index: int, place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"name": item.variable, "fullyQualifiedName": item.variable, "kind": place.kind}]
    }
    if place.path:
        column = {} if place.column is None else {"startColumn": place.column}
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(place.path)},
            "region": {"startLine": place.line, **column},
        }
    where = f"{item.variable}, {item.entry}" if item.entry else item.variable
    return {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.severity,
        "message": {"text": f"{where}: {item.message} {item.hint}".strip()},
        "locations": [location],
        "partialFingerprints": {"finding/v1": f"{item.code}:{item.variable}:{item.entry or ''}"},
    }
