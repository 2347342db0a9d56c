"""The shape of one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Rule:
    """One kind of finding.

    ``message`` and the fixes are format strings over ``variable`` and details that are safe to show;
    ``on`` holds the fix in one platform's own words, by the platform's name.
    """

    code: str
    kind: str
    severity: Severity
    message: str
    meaning: str
    fix: str
    on: Mapping[str, str] = field(default_factory=dict)


def error(code: str, kind: str, message: str, meaning: str, fix: str, **on: str) -> Rule:
    return Rule(code, kind, "error", message, meaning, fix, on)


def warning(code: str, kind: str, message: str, meaning: str, fix: str, **on: str) -> Rule:
    return Rule(code, kind, "warning", message, meaning, fix, on)
