"""What start-up says: one line at a time, at once, to whoever reads the log."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Sequence

from mathesar import configured
from provisioner.findings import Finding


def say(text: str) -> None:
    """Write one line to standard output now. A reader that has gone away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def mention(item: Finding) -> None:
    """Write a finding to standard output as one line, with where its value is written if that is a file."""
    source = configured.source()
    written = source.written(item) if source else None
    say(f"{item} {item.hint}{f' ({written})' if written else ''}")


def show(findings: Sequence[Finding]) -> None:
    """Write findings to standard error as `provisioner check` shows them."""
    from provisioner.report import render

    colour, width = _terminal()
    _write(render(findings, "text", color=colour, width=width, source=configured.source()))


def show_refusal(findings: Sequence[Finding]) -> None:
    """Write what keeps one command from its work to standard error; it says nothing of the start."""
    from provisioner.page import RED
    from provisioner.report_text import ReportPage

    page = ReportPage(*_terminal(), configured.source())
    page.group("Stops the command", RED, findings)
    _write("\n".join(page.lines))


def _terminal() -> tuple[bool, int]:
    """Return whether standard error takes colour, and its width in columns."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    return colour, min(shutil.get_terminal_size().columns, 100)


def _write(report: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(report, end="", file=sys.stderr, flush=True)
