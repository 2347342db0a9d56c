"""A rehearsal in the terminal: each step as it happens, then what failed and a table of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from provisioner.findings import Finding
from provisioner.page import BOLD, DIM, GREEN, RED, YELLOW, Page

from .pressing import Placed
from .run import Outcome
from .timeline import Step

NAME, TIME = 26, 8  # columns of a step's name and its seconds
_PLAIN = str.maketrans({"✓": "+", "✗": "x", "…": ".", "→": ">", "·": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'"})
Write = Callable[[str], None]


class Live:
    """Writes what happens as it happens. With `inplace` a step shows while it runs; else only when it has ended."""

    def __init__(
        self, write: Write, total: int, *, color: bool = False, width: int = 80, inplace: bool = False
    ) -> None:
        self.write, self.total, self.inplace = write, total, inplace
        self.color, self.width = color, width
        self.number = 0
        self._open = False

    def begin(self, label: str, scenario: str, shows: str) -> None:
        """Write the heading of a scenario on a platform."""
        self.number += 1
        page = Page(self.color, self.width)
        count = page.paint(f"[{self.number}/{self.total}]", DIM)
        lead = [""] if self.number > 1 else []
        sentence = [page.paint(line, DIM) for line in page.wrap(shows, "  ", "  ")]
        self._lines([*lead, f"{page.paint(f'{label}: {scenario}', BOLD)}  {count}", *sentence])

    def tell(self, step: Step) -> None:
        """Write a step that begins or has ended."""
        page = Page(self.color, self.width)
        if step.verdict == "running":
            if self.inplace:
                self.write(f"  … {step.name}"[: page.width - 1])
                self._open = True
            return
        self.clear()
        self._lines(step_lines(page, step))
        if step.verdict == "failed" and (why := failure_lines(page, step)):
            self._lines(["", *why])

    def clear(self) -> None:
        """Take away the line of a step that runs, so that something else can be written."""
        if self._open:
            self.write("\r" + " " * (Page(False, self.width).width - 1) + "\r")
            self._open = False

    def _lines(self, lines: Sequence[str]) -> None:
        self.write("".join(f"{line}\n" for line in lines))


def plain(text: str) -> str:
    """Return the text without the signs that an old terminal lacks."""
    return text.translate(_PLAIN)


def step_lines(page: Page, step: Step) -> list[str]:
    """Return a step that has ended: sign, name, seconds, detail."""
    sign, tone = {"failed": ("✗", RED), "expected": ("✓", YELLOW)}.get(step.verdict, ("✓", GREEN))
    seconds = f"{step.seconds:.1f} s"
    lead = 4 + NAME + TIME + 2
    words = f"{step.detail} (as the scenario wants)" if step.verdict == "expected" else step.detail
    name = page.wrap(step.name, "", "") or [""]
    head = f"  {page.paint(sign, tone)} {name[0]:<{NAME}}{page.paint(f'{seconds:>{TIME}}', DIM)}"
    if page.width < 70:
        return [head, *page.wrap(words, "      ", "      ")]
    shown = page.wrap(words, " " * lead, " " * lead)
    if len(name[0]) > NAME or not shown:
        return [head, *shown]
    return [f"{head}  {shown[0][lead:]}", *shown[1:]]


def failure_lines(page: Page, step: Step) -> list[str]:
    """Return why a step failed: its findings, then the lines of the log that matter."""
    lines = finding_lines(page, step.findings)
    if step.log:
        lines.append(page.paint("    The log's lines that matter:", DIM))
        for line in step.log:
            lines += page.wrap(line, "      ", "        ") or [""]
    return lines if lines[-1:] != [""] else lines[:-1]


def finding_lines(page: Page, findings: Sequence[Finding]) -> list[str]:
    """Return the findings, each with an empty line after it."""
    lines: list[str] = []
    for item in errors_first(findings):
        # A warning in the manifest is why the rehearsal is red; one in the log is not.
        stops = item.severity == "error" or isinstance(item, Placed)
        sign = page.paint("✗", RED) if stops else page.paint("!", YELLOW)
        where = f"  {page.paint(place(item), DIM)}" if place(item) else ""
        lines.append(f"    {sign} {page.paint(item.variable, BOLD)}{where}  {page.paint(item.code, DIM)}")
        lines += page.wrap(item.message, "      ", "      ")
        for paragraph in filter(None, item.hint.splitlines()):
            lines += page.wrap(paragraph, "      → ", "        ")
        lines.append("")
    return lines


def errors_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, warnings last."""
    return sorted(findings, key=lambda item: item.severity != "error")


def place(item: Finding) -> str:
    """Return the file and line of a finding that has one, else the place in its variable."""
    return f"{item.file}:{item.line}" if isinstance(item, Placed) else item.entry or ""


def failures(outcome: Outcome, *, color: bool = False, width: int = 80) -> str:
    """Return what failed of one rehearsal; nothing where nothing did."""
    page = Page(color, width)
    for step in outcome.steps:
        if step.verdict == "failed":
            page.lines += [page.paint(f"{outcome.label}: {outcome.scenario}", BOLD), *step_lines(page, step)]
            page.lines += ["", *failure_lines(page, step)]
    return "".join(f"{line}\n" for line in page.lines)


def summary(outcomes: Sequence[Outcome], *, color: bool = False, width: int = 80, table: bool = True) -> str:
    """Return the table of everything, and the verdict."""
    page = Page(color, width)
    page.lines = [*([*_table(page, outcomes), ""] if table else []), *_verdict(page, outcomes)]
    return "\n".join(page.lines) + "\n"


def figures(outcome: Outcome) -> tuple[str, str, str]:
    """Return seconds, memory and connections in words; a dash for what was never measured."""
    memory = f"{outcome.memory_mb:.0f} of {outcome.plan_mb} MB" if outcome.memory_mb else "-"
    open_ = f"{outcome.connections} of {outcome.limit}" if outcome.connections else "-"
    return f"{outcome.seconds:.1f} s", memory, open_


def _table(page: Page, outcomes: Sequence[Outcome]) -> list[str]:
    head = ("Scenario", "", "Time", "Memory", "Connections")
    rows = [(item.scenario, "✓" if item.passed else "✗", *figures(item)) for item in outcomes]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    if 2 + sum(widths) + 2 * (len(widths) - 1) > page.width:
        return _narrow(page, outcomes)

    def line(row: tuple[str, ...], *tones: str) -> str:
        cells = [cell.rjust(widths[at]) if at > 1 else cell.ljust(widths[at]) for at, cell in enumerate(row)]
        cells[1] = page.paint(cells[1], *tones) if tones else cells[1]
        return "  " + "  ".join(cells)

    lines, before = [page.paint(line(head), DIM)], ""
    for item, row in zip(outcomes, rows, strict=True):
        if item.label != before:
            before = item.label
            lines.append(page.paint(before, BOLD))
        lines.append(line(row, GREEN if item.passed else RED))
    return lines


def _narrow(page: Page, outcomes: Sequence[Outcome]) -> list[str]:
    lines = []
    for item in outcomes:
        sign = page.paint("✓", GREEN) if item.passed else page.paint("✗", RED)
        seconds, memory, open_ = figures(item)
        lines.append(f"{sign} {page.paint(f'{item.label}: {item.scenario}', BOLD)}")
        lines += page.wrap(f"{seconds}, {memory}, {open_} connections", "    ", "    ")
    return lines


def _verdict(page: Page, outcomes: Sequence[Outcome]) -> list[str]:
    sentence = verdict(outcomes)
    good = all(item.passed for item in outcomes)
    return [page.paint(line, BOLD, GREEN if good else RED) for line in page.wrap(sentence, "", "  ")]


def verdict(outcomes: Sequence[Outcome]) -> str:
    """Return the verdict in a sentence."""
    red: dict[str, list[str]] = {}
    for item in outcomes:
        if not item.passed:
            red.setdefault(item.label, []).append(item.scenario)
    total = len(outcomes)
    noun = "1 rehearsal" if total == 1 else f"{total} rehearsals"
    if red:
        count = sum(map(len, red.values()))
        which = "; ".join(f"{label} ({', '.join(names)})" for label, names in red.items())
        return f"✗ {count} of {noun} {'is' if count == 1 else 'are'} red: {which}."
    seconds = sum(item.seconds for item in outcomes)
    return f"✓ {'Green' if total == 1 else 'All green'}: {noun} in {seconds:.0f} s."
