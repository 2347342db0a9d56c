"""What an import did, for people and for programs; no value of a variable is in it."""

from __future__ import annotations

import json

from provisioner.page import BOLD, DIM, GREEN, RED, YELLOW
from provisioner.report import summary
from provisioner.report_text import ReportPage, text

from .outcome import Imported, Outcome

_MARKS = {"kept": "=", "changed": "~", "renamed": "→", "merged": "→", "carried": "=", "dropped": "-"}


def render(imported: Imported, fmt: str, *, written: str | None, color: bool, width: int) -> str:
    """Return the report as `text` or `json`; `written` is where the variables went, None where nowhere."""
    if fmt == "json":
        return json.dumps(_document(imported, written), indent=2, ensure_ascii=False) + "\n"
    page = _Page(color, width, None)
    page.outcomes(imported.outcomes)
    page.variables(imported)
    page.group("About the old configuration", YELLOW, imported.findings)
    page.check(imported)
    page.end(imported, written)
    return "\n".join(page.lines) + "\n"


class _Page(ReportPage):
    def outcomes(self, outcomes: tuple[Outcome, ...]) -> None:
        """Say in a line or two what became of each old variable."""
        self.lines += [self.paint("What became of each old variable", BOLD), ""]
        for each in outcomes:
            tone = DIM if each.fate == "dropped" else GREEN
            self.lines.append(f"  {self.paint(_MARKS[each.fate], tone)} {self.paint(each.name, BOLD)}  {_said(each)}")
            if each.why:
                self.lines += [self.paint(line, DIM) for line in self.wrap(each.why, "    ", "    ")]
        self.lines.append("")

    def variables(self, imported: Imported) -> None:
        """List the new variables, with their sources in place of their values."""
        self.lines += [self.paint(f"The variables for {imported.label}", BOLD), ""]
        for each in imported.variables:
            source = f"from {', '.join(each.sources)}" if each.sources else "made now"
            self.lines.append(f"  {each.name}")
            self.lines += [self.paint(line, DIM) for line in self.wrap(source, "    ", "    ")]
        if imported.platform_sets:
            words = f"{imported.label} sets {' and '.join(imported.platform_sets)} itself."
            self.lines += ["", *self.wrap(words, "  ", "  ")]
        self.lines.append("")

    def check(self, imported: Imported) -> None:
        """Say what would run; where the platform's manifest has to add something first, only what is wrong."""
        found = imported.examination
        if found.plan is not None or found.stopping:
            said = text(
                found.findings, found.stopping, plan=found.plan, color=self.color, width=self.width, source=None
            )
            self.lines += said.splitlines()
            return
        errors = [each for each in found.findings if each.severity == "error"]
        self.group("Databases that would not be shown", RED, errors)
        self.group("Worth knowing", YELLOW, [each for each in found.findings if each not in errors])
        words = f"once {imported.label} adds {' and '.join(imported.awaited)}."
        mark, tone = ("✗ Would start, with faults,", RED) if errors else ("✓ Would start", GREEN)
        self.lines += [self.paint(line, BOLD, tone) for line in self.wrap(f"{mark} {words}", "", "  ")]

    def end(self, imported: Imported, written: str | None) -> None:
        """Say where the values are."""
        words = (
            f"Written to {written}, readable to you alone: it holds secrets."
            if written
            else "No value is shown here. Write them with --out FILE, or to standard output with --out -."
        )
        self.lines.append("")
        errors = sum(each.severity == "error" for each in imported.findings)
        if errors:
            noun = "error" if errors == 1 else "errors"
            self.lines.append(self.paint(f"✗ {errors} {noun} about the old configuration: see above.", BOLD, RED))
        self.lines += [self.paint(line, DIM) for line in self.wrap(words, "", "  ")]


def _said(outcome: Outcome) -> str:
    to = " and ".join(outcome.to)
    return {
        "kept": "kept",
        "changed": "changed",
        "renamed": f"now {to}",
        "merged": f"into {to}",
        "carried": "carried over",
        "dropped": "left out",
    }[outcome.fate]


def _document(imported: Imported, written: str | None) -> dict[str, object]:
    """Return the JSON form; keys are only ever added, and `version` counts what is taken away or changed."""
    examination = imported.examination
    return {
        "version": 1,
        "ok": not imported.failed,
        "target": imported.target,
        "written": written,
        "old": [
            {"name": each.name, "place": each.place, "fate": each.fate, "to": list(each.to), "why": each.why}
            for each in imported.outcomes
        ],
        "variables": [{"name": each.name, "sources": list(each.sources)} for each in imported.variables],
        "platform_sets": list(imported.platform_sets),
        "awaited": list(imported.awaited),
        "findings": [each.as_dict() for each in imported.findings],
        "check": {
            "starts": not examination.stopping,
            "findings": [each.as_dict() for each in examination.findings],
            "plan": summary(examination.plan) if examination.plan else None,
        },
    }
