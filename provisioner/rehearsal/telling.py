"""The lines of a log that matter, and the findings that our own app wrote into it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from provisioner.findings import Finding, finding, rule

CODE = re.compile(r"\b(MP\d{3})\b")
_NAME = re.compile(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|DEBUG)\b")
_TELLING = re.compile(
    r"(?i)error|exception|fatal|refused|denied|failed|cannot|could not|not set|traceback|killed|MP\d{3}"
)
MOST = 12


def telling(lines: Sequence[str]) -> list[str]:
    """Return the lines that speak of what went wrong, else the last ones; at most MOST."""
    marked = [line for line in lines if _TELLING.search(line)]
    return (marked or list(lines))[-MOST:]


def findings_in(lines: Sequence[str]) -> list[Finding]:
    """Return a finding for each of our codes in the log, with the variable that its line names."""
    found: dict[str, Finding] = {}
    for line in lines:
        for code in CODE.findall(line):
            try:
                kind = rule(code).kind
            except KeyError:
                continue
            name = _NAME.search(CODE.sub("", line))
            found.setdefault(code, finding(kind, name[1] if name else "the environment"))
    return list(found.values())
