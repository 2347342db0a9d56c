"""The lines of a log that matter, and the findings that our own app wrote into it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from provisioner.findings import Finding, finding, rule

CODE = re.compile(r"\b(MP\d{3})\b")
_HEAD = re.compile(r"^\s*\S (?P<variable>[A-Z][A-Z0-9_]*)(?: \S.*?)?  (?P<code>MP\d{3})$")
_HINT = re.compile(r"^\s+(?:→|>|->) (.*)")
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
    """Return a finding for each of our codes in the log: in the log's words where it has any."""
    found: dict[str, Finding] = {}
    for number, line in enumerate(lines):
        for code in CODE.findall(line):
            try:
                kind = rule(code).kind
            except KeyError:
                continue
            name = _NAME.search(CODE.sub("", line))
            made = finding(kind, name[1] if name else "the environment")
            head = _HEAD.match(line)
            if head is not None:
                message, hint = _words(itertools.islice(lines, number + 1, None))
                made = replace(made, variable=head["variable"], message=message or made.message, hint=hint or made.hint)
            found.setdefault(code, made)
    return list(found.values())


def _words(lines: Iterator[str]) -> tuple[str, str]:
    """Return the message and the hint of a finding: indented lines up to an empty one, the hint after its arrow."""
    message: list[str] = []
    hint: list[str] = []
    for line in itertools.takewhile(str.strip, lines):
        arrow = _HINT.match(line)
        if arrow is not None:
            hint.append(arrow[1].strip())
        else:
            (hint or message).append(line.strip())
    return " ".join(message), " ".join(hint)
