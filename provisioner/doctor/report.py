"""What the doctor saw, as text for people, JSON for programs, SARIF and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.doctor.diagnosis import Check, Diagnosis
from provisioner.findings import Finding, has_errors
from provisioner.report import Source
from provisioner.report import render as render_findings


@dataclass(frozen=True, slots=True)
class Visit:
    """The outcome of a run: every database, and `general` findings that concern none of them alone."""

    diagnoses: Sequence[Diagnosis]
    general: Sequence[Finding] = ()
    platform: str | None = None
    replicas: int = 1

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return every finding once."""
        found = [*self.general, *(item for each in self.diagnoses for item in each.findings)]
        return tuple(dict.fromkeys(found))

    @property
    def healthy(self) -> bool:
        """Is there no error? Warnings are none."""
        return not has_errors(self.general) and all(each.outcome != "error" for each in self.diagnoses)


def render(visit: Visit, fmt: str, *, color: bool = False, width: int = 80, source: Source | None = None) -> str:
    """Return the report in one of `provisioner.report.FORMATS`; `color` and `width` (columns) are for text alone."""
    if fmt == "text":
        from provisioner.doctor.report_text import text

        return text(visit, color=color, width=width, source=source)
    if fmt == "json":
        return json.dumps(_document(visit), indent=2, ensure_ascii=False) + "\n"
    return render_findings(visit.findings, fmt, source=source)


def _document(visit: Visit) -> dict[str, Any]:
    """Return the JSON form; keys are only ever added, and `version` counts what is taken away or changed."""
    checks = [check for each in visit.diagnoses for check in each.checks]
    graves = [item.severity for item in visit.general] + [check.outcome for check in checks]
    return {
        "version": 1,
        "ok": visit.healthy,
        "errors": graves.count("error"),
        "warnings": graves.count("warning"),
        "platform": visit.platform,
        "replicas": visit.replicas,
        "findings": [item.as_dict() for item in visit.general],
        "databases": [_database(each) for each in visit.diagnoses],
    }


def _database(seen: Diagnosis) -> dict[str, Any]:
    return {
        "title": seen.title,
        "target": seen.target,
        "variable": seen.variable,
        "purposes": sorted(seen.purposes),
        "outcome": seen.outcome,
        "checks": [_check(check) for check in seen.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "outcome": check.outcome,
        "holds": check.holds,
        "words": check.words,
        "statement": check.statement,
        "finding": check.finding.as_dict() if check.finding else None,
    }
