"""A rehearsal as one HTML page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .report_text import errors_first, figures, place, verdict
from .run import Outcome
from .timeline import Step

SHORTEST_BAR = 0.4  # percent; a step of a millisecond is still to be seen
TEMPLATES = Path(__file__).parents[1] / "templates"


def render(outcomes: Sequence[Outcome], when: str) -> str:
    """Return the page; `when` says in words when it was."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    labels = list(dict.fromkeys(item.label for item in outcomes))
    return made.get_template("rehearsal.html.j2").render(
        title=f"Rehearsal of {_listed(labels)}",
        good=all(item.passed for item in outcomes),
        verdict=verdict(outcomes).lstrip("✓✗ "),
        when=when,
        many=len(labels) > 1,
        rows=[_row(item, number) for number, item in enumerate(outcomes, 1)],
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _row(outcome: Outcome, number: int) -> dict[str, Any]:
    end = max([outcome.seconds, 0.001, *(step.began + step.seconds for step in outcome.steps)])
    seconds, memory, connections = figures(outcome)
    return {
        "id": f"r{number}",
        "outcome": outcome,
        "seconds": seconds,
        "memory": memory,
        "connections": connections,
        "ticks": [f"{end * part:.{0 if end >= 20 else 1}f} s" for part in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "steps": [_bar(step, end) for step in outcome.steps],
    }


def _bar(step: Step, end: float) -> dict[str, Any]:
    width = max(100 * step.seconds / end, SHORTEST_BAR)
    words = {"failed": "failed", "expected": "failed, as it must", "passed": "passed"}.get(step.verdict, step.verdict)
    return {
        "step": step,
        "words": words,
        "left": f"{min(100 * step.began / end, 100 - width):.2f}",
        "width": f"{width:.2f}",
        "seconds": f"{step.seconds:.1f} s",
        "findings": [(item, place(item)) for item in errors_first(step.findings)],
    }
