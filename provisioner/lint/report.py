"""What was found in manifests, as text for people, JSON, SARIF and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from provisioner.page import BOLD, DIM, GREEN, RED, YELLOW, Page
from provisioner.report import annotation
from provisioner.sarif import Place, log

from .engine import Linted, findings


def render(files: Sequence[Linted], fmt: str, *, color: bool = False, width: int = 80) -> str:
    """Return the report in the format ``text``, ``json``, ``sarif`` or ``github``; ValueError for another."""
    if fmt == "text":
        return _text(files, color, width)
    if fmt == "json":
        return json.dumps(_document(files), indent=2, ensure_ascii=False) + "\n"
    if fmt == "sarif":
        rows = [
            (item.finding, Place(item.file, item.line, item.column, "object")) for file in files for item in file.marks
        ]
        return json.dumps(log(rows), indent=2, ensure_ascii=False) + "\n"
    if fmt == "github":
        return "".join(
            annotation(item.finding, {"file": item.file, "line": str(item.line), "col": str(item.column)})
            for file in files
            for item in file.marks
        )
    raise ValueError(f"unknown format {fmt!r}")


def counts(files: Sequence[Linted]) -> tuple[int, int]:
    """Return how many errors and warnings there are."""
    found = findings(files)
    errors = sum(item.severity == "error" for item in found)
    return errors, len(found) - errors


def _document(files: Sequence[Linted]) -> dict[str, Any]:
    errors, warnings = counts(files)
    return {
        "version": 1,
        "ok": errors == 0,
        "errors": errors,
        "warnings": warnings,
        "files": [
            {
                "path": file.path,
                "platform": file.platform or None,
                "findings": [
                    {
                        "code": item.finding.code,
                        "kind": item.finding.kind,
                        "severity": item.finding.severity,
                        "field": item.finding.variable,
                        "line": item.line,
                        "column": item.column,
                        "message": item.finding.message,
                        "hint": item.finding.hint,
                    }
                    for item in file.marks
                ],
            }
            for file in files
        ],
    }


def _text(files: Sequence[Linted], color: bool, width: int) -> str:
    page = Page(color, width)
    for file in files:
        if not file.marks:
            continue
        page.lines.append(f"{page.paint(file.path, BOLD)}  {page.paint(file.label or 'no known platform', DIM)}")
        for item in file.marks:
            error = item.finding.severity == "error"
            where = "" if item.finding.variable == "(top)" else f"  {page.paint(item.finding.variable, BOLD)}"
            sign = page.paint("✗" if error else "!", RED if error else YELLOW)
            spot = page.paint(f"{item.line}:{item.column}", DIM)
            page.lines.append(f"  {sign} {spot}{where}  {page.paint(item.finding.code, DIM)}")
            page.lines += page.wrap(item.finding.message, "      ", "      ")
            page.lines += page.wrap(item.finding.hint, "      → ", "        ")
        page.lines.append("")
    errors, warnings = counts(files)
    page.lines += [page.paint(line, BOLD, RED if errors else GREEN) for line in _verdict(files, errors, warnings)]
    if errors or warnings:
        page.lines.append(page.paint("  More about any code: provisioner explain CODE", DIM))
    return "\n".join(page.lines) + "\n"


def _verdict(files: Sequence[Linted], errors: int, warnings: int) -> list[str]:
    read = f"{len(files)} manifest{'' if len(files) == 1 else 's'}"
    if not errors and not warnings:
        return [f"✓ {read}, nothing to say."]
    said = [f"{errors} error{'' if errors == 1 else 's'}"] if errors else []
    said += [f"{warnings} warning{'' if warnings == 1 else 's'}"] if warnings else []
    return [f"{'✗' if errors else '✓'} {read}: {', '.join(said)}."]
