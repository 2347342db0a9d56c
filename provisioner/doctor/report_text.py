"""The doctor's report for people: a table for each database, then what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.doctor.diagnosis import Check, Diagnosis
from provisioner.doctor.report import Visit
from provisioner.findings import Finding
from provisioner.page import BOLD, DIM, GREEN, RED, YELLOW, Page
from provisioner.report import Source

_MARKS = {"ok": ("✓", GREEN), "warning": ("!", YELLOW), "error": ("✗", RED), "unknown": ("?", DIM)}
_ABSENT = ("·", DIM)  # what does not hold, and need not
_NAMES = 20  # columns of a check's name


def text(visit: Visit, *, color: bool, width: int, source: Source | None = None) -> str:
    """Return the report wrapped at `width` columns (40 to 100), coloured with ANSI codes if asked.

    Statements are never wrapped: each is a line of its own, to be pasted.
    """
    page = _Page(color, width, source)
    page.general(visit.general)
    for each in visit.diagnoses:
        page.database(each)
    page.verdict(visit)
    return "\n".join(page.lines) + "\n"


class _Page(Page):
    def __init__(self, color: bool, width: int, source: Source | None) -> None:
        super().__init__(color, width)
        self.source = source

    def general(self, findings: Sequence[Finding]) -> None:
        if findings:
            self.lines += [self.paint("In general", BOLD), ""]
        for item in findings:
            mark, tone = _MARKS[item.severity]
            place = f", {item.entry}" if item.entry else ""
            self.lines.append(
                f"  {self.paint(mark, tone)} {self.paint(item.variable, BOLD)}{place}  {self.paint(item.code, DIM)}"
            )
            written = self.source.written(item) if self.source else None
            if written is not None:
                self.lines += [self.paint(line, DIM) for line in self.wrap(str(written), "    ", "    ")]
            self.advice(item, None)

    def database(self, seen: Diagnosis) -> None:
        self.lines.append(f"{self.paint(seen.title, BOLD)}  {self.paint(seen.target, DIM)}")
        both = "; for the internal tables and for people's own" if len(seen.purposes) > 1 else ""
        self.lines += [self.paint(line, DIM) for line in self.wrap(f"from {seen.variable}{both}", "", "  ")]
        self.lines.append("")
        for check in seen.checks:
            self.row(check)
        self.lines.append("")
        wrong = [check for check in seen.checks if check.finding is not None]
        for check in wrong:
            self.complaint(check)
        needed = list(dict.fromkeys(check.statement for check in wrong if check.statement))
        self.statements("To be run by the database's owner or a superuser:", needed, BOLD)
        more = [check.statement for check in seen.checks if check.statement and check.statement not in needed]
        self.statements("Not needed; only if it is wanted:", list(dict.fromkeys(more)), DIM)

    def row(self, check: Check) -> None:
        mark, tone = _ABSENT if check.outcome == "ok" and check.holds is False else _MARKS[check.outcome]
        first, *rest = self.wrap(check.words, " " * (_NAMES + 4), " " * (_NAMES + 4))
        name = self.paint(f"{check.name:<{_NAMES}}", DIM)
        self.lines += [f"  {self.paint(mark, tone)} {name}{first.strip()}", *rest]

    def complaint(self, check: Check) -> None:
        item = check.finding
        if item is not None:
            mark, tone = _MARKS[item.severity]
            self.lines.append(
                f"  {self.paint(mark, tone)} {self.paint(check.name, BOLD)}  {self.paint(item.code, DIM)}"
            )
            self.advice(item, check.statement)

    def advice(self, item: Finding, statement: str | None) -> None:
        hint = item.hint.replace(f": {statement}", " the statement below.") if statement else item.hint
        self.lines += self.wrap(item.message, "    ", "    ")
        for paragraph in filter(None, hint.splitlines()):
            self.lines += self.wrap(paragraph, "    → ", "      ")
        self.lines.append("")

    def statements(self, title: str, statements: Sequence[str], tone: str) -> None:
        if statements:
            self.lines += [f"  {self.paint(title, tone)}", "", *(f"    {each}" for each in statements), ""]

    def verdict(self, visit: Visit) -> None:
        graves = [check.outcome for each in visit.diagnoses for check in each.checks]
        graves += [item.severity for item in visit.general]
        errors, warnings = graves.count("error"), graves.count("warning")
        counts = [_count(errors, "error"), _count(warnings, "warning")]
        said = ", ".join(filter(None, counts))
        looked = _count(len(visit.diagnoses), "database") or "no database"
        mark, tone = ("✓", GREEN) if visit.healthy else ("✗", RED)
        words = f"{mark} Looked at {looked}: {said or ('nothing is wrong' if visit.diagnoses else 'none is named')}."
        self.lines += [self.paint(line, BOLD, tone) for line in self.wrap(words, "", "  ")]
        if said:
            self.lines.append(self.paint("  More about any code: provisioner explain NAME", DIM))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
