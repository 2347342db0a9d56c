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
    """Make a mark of the catalogue's `kind`; `details` must be safe to show."""
    return Mark(finding(kind, written(at), platform=platform, **details), at)


def mark_at(found: Mark, at: Path) -> Mark:
    """Return the mark about another place."""
    return Mark(replace(found.finding, variable=written(at)), at)


def place(found: Mark, document: Document) -> Mark:
    """Return the mark with its file, line and column."""
    return Mark(found.finding, found.at, document.path, *document.place(found.at))
