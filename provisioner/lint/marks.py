"""A finding about one place in a manifest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from provisioner.findings import Finding, finding

from .document import Document, Path, written


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding, the path of the value it is about, and once placed its file, line and column (from 1)."""

    finding: Finding
    at: Path
    file: str = ""
    line: int = 1
    column: int = 1


def mark(kind: str, at: Path, platform: str | None = None, **details: str) -> Mark:
    """Make a mark of the catalogue's `kind`; `details` must be no secret."""
    shown = {name: printable(detail) for name, detail in details.items()}
    return Mark(finding(kind, printable(written(at)), platform=platform, **shown), at)


def mark_at(found: Mark, at: Path) -> Mark:
    """Return the mark about another place."""
    return Mark(replace(found.finding, variable=printable(written(at))), at)


def printable(text: str) -> str:
    """Return a stranger's text with ``\\x1b`` and the like for what would move, colour or break a line."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def place(found: Mark, document: Document) -> Mark:
    """Return the mark with its file, line and column."""
    return Mark(found.finding, found.at, document.path, *document.place(found.at))
