"""The report for people: what stops the start, what concerns single databases, what is worth knowing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .findings import Finding
from .page import BOLD, DIM, GREEN, RED, YELLOW, Page

if TYPE_CHECKING:
    from .planning import Plan
    from .report import Source


def text(
    findings: Sequence[Finding],
    stopping: Sequence[Finding],
    *,
    plan: Plan | None,
    color: bool,
    width: int,
    source: Source | None,
) -> str:
    """Return the report wrapped at `width` columns (40 to 100), coloured with ANSI codes if asked."""
    page = ReportPage(color, width, source)
    errors = [item for item in findings if item.severity == "error"]
    stops = [item for item in errors if item in stopping]
    databases = [item for item in errors if item not in stopping]
    warnings = [item for item in findings if item.severity == "warning"]
    page.group("Stops the start", RED, stops)
    page.group("Databases that would not be shown", RED, databases)
    page.group("Worth knowing", YELLOW, warnings)
    if plan is not None:
        page.plan(plan)
    page.verdict(len(stops), len(databases), len(warnings))
    return "\n".join(page.lines) + "\n"


class ReportPage(Page):
    """Findings in groups, a plan and a verdict, as lines of text."""

    def __init__(self, color: bool, width: int, source: Source | None) -> None:
        super().__init__(color, width)
        self.source = source

    def group(self, title: str, tone: str, findings: Sequence[Finding]) -> None:
        """Add findings under a title; nothing where there are none."""
        if not findings:
            return
        self.lines += [self.paint(title, BOLD, tone), ""]
        for item in findings:
            self.finding(item, tone)

    def finding(self, item: Finding, tone: str) -> None:
        """Add one finding with its hint."""
        mark = "✗" if item.severity == "error" else "!"
        place = f", {item.entry}" if item.entry else ""
        written = self.source.written(item) if self.source else None
        if written is not None and not written.key and written.path != item.variable:
            place += f"  ({written.path}:{written.line})"
        head = f"{self.paint(mark, tone)} {self.paint(item.variable, BOLD)}{self.paint(place, DIM)}"
        self.lines.append(f"  {head}  {self.paint(item.code, DIM)}")
        if written is not None and written.key:
            self.lines += [self.paint(line, DIM) for line in self.wrap(str(written), "    ", "    ")]
        self.lines += self.wrap(item.message, "    ", "    ")
        for paragraph in filter(None, item.hint.splitlines()):
            self.lines += self.wrap(paragraph, "    → ", "      ")
        self.lines.append("")

    def plan(self, plan: Plan) -> None:
        """Add what would run."""
        self.lines += [self.paint(f"What would run on {plan.platform_label}", BOLD), ""]
        for name, value in plan_rows(plan):
            wrapped = self.wrap(value, " " * 14, " " * 14) or [""]
            self.lines.append(f"  {self.paint(f'{name:<12}', DIM)}{wrapped[0].strip()}")
            self.lines += wrapped[1:]
        self.lines.append("")

    def verdict(self, stops: int, databases: int, warnings: int) -> None:
        """Add the last lines: would it start?"""
        counts = [
            f"{stops} {'stops' if stops == 1 else 'stop'} the start" if stops else "",
            f"{databases} about databases" if databases else "",
            f"{warnings} worth knowing" if warnings else "",
        ]
        said = ", ".join(filter(None, counts))
        total = stops + databases + warnings
        noun = "finding" if total == 1 else "findings"
        if stops:
            words, tone = f"✗ Would not start. {total} {noun}: {said}.", RED
        elif databases:
            words, tone = f"✗ Would start, with faults. {total} {noun}: {said}.", RED
        else:
            words, tone = f"✓ Would start{f', {said}' if said else ''}.", GREEN
        self.lines += [self.paint(line, BOLD, tone) for line in self.wrap(words, "", "  ")]
        if total:
            more = self.wrap("More about any code or variable: provisioner explain NAME", "  ", "  ")
            self.lines += [self.paint(line, DIM) for line in more]


def plan_rows(plan: Plan) -> list[tuple[str, str]]:
    """Return the summary of `plan` as (name, value) rows; no value holds a secret."""
    internal = "SQLite in the data directory"
    if plan.internal is not None:
        internal = f"{plan.internal.url.target()} (from {plan.internal.variable})"
    shown = [f"{entry.label or entry.name} ({entry.variable})" for entry in plan.entries]
    if plan.embedded:
        shown = ["a sample database in an embedded PostgreSQL"]
    sources = {
        "environment": "SECRET_KEY",
        "database": "made once, kept wrapped in the internal database",
        "file": "made once, kept in a key file in the data directory",
    }
    workers = "1 worker" if plan.workers == 1 else f"{plan.workers} workers"
    server = (
        f"{workers} of {plan.threads} threads and {plan.pool_size} connections each, "
        f"for {plan.memory_mb} MB and a limit of {plan.connection_limit} connections"
    )
    proxy = plan.platform is None and plan.trust_forwarded_proto
    hosts = "any (the platform's router checks them)" if plan.hosts == ("*",) else ", ".join(plan.hosts)
    return [
        ("listens on", f"{plan.bind}, behind a proxy that ends TLS" if proxy else plan.bind),
        ("hosts", hosts or "none yet"),
        ("internal", internal),
        ("databases", ", ".join(shown) or "none"),
        ("secret key", sources[plan.secret_key_source]),
        ("server", server),
    ]
