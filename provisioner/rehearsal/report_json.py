"""A rehearsal as JSON; keys are only ever added, and `version` counts what is taken away or changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from provisioner.findings import Finding

from .pressing import Placed
from .run import Outcome
from .timeline import Step


def render(outcomes: Sequence[Outcome]) -> str:
    """Return the report, ending in a line feed."""
    return json.dumps(document(outcomes), indent=2, ensure_ascii=False) + "\n"


def document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the report as plain data. Times in seconds, memory in MiB."""
    red = sum(not item.passed for item in outcomes)
    return {
        "version": 1,
        "ok": red == 0,
        "green": len(outcomes) - red,
        "red": red,
        "seconds": round(sum(item.seconds for item in outcomes), 3),
        "rehearsals": [_rehearsal(item) for item in outcomes],
    }


def _rehearsal(outcome: Outcome) -> dict[str, Any]:
    return {
        "platform": outcome.platform,
        "label": outcome.label,
        "scenario": outcome.scenario,
        "shows": outcome.shows,
        "ok": outcome.passed,
        "seconds": round(outcome.seconds, 3),
        "memory_mb": round(outcome.memory_mb, 1),
        "plan_mb": outcome.plan_mb,
        "connections": outcome.connections,
        "connection_limit": outcome.limit,
        "steps": [_step(step) for step in outcome.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "verdict": step.verdict,
        "began": round(step.began, 3),
        "seconds": round(step.seconds, 3),
        "detail": step.detail,
        "memory_mb": round(step.memory_mb, 1),
        "connections": step.connections,
        "findings": [_finding(item) for item in step.findings],
        "log": list(step.log),
    }


def _finding(item: Finding) -> dict[str, Any]:
    placed = item if isinstance(item, Placed) else None
    return {**item.as_dict(), "file": placed.file if placed else None, "line": placed.line if placed else None}
