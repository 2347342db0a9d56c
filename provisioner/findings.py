"""Findings: what is wrong with an environment, all of it at once, and never a secret.

The errors of this package:

    ProvisionerError
    ├── InvalidEnvironment      the environment cannot be used; carries every finding
    ├── UnknownPlatform         a platform was named that is not installed
    └── Unmakeable              a platform's files cannot be made of a spec (manifests.py)
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from provisioner.catalogue import RULES, Rule
from provisioner.catalogue.rule import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about one variable.

    ``code`` is stable (``MP101``), ``kind`` its readable name, ``entry`` the place in a list
    (``entry 2 'two'``). No field ever holds any part of a variable's value.
    """

    code: str
    kind: str
    severity: Severity
    variable: str
    message: str
    hint: str
    entry: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return it as every JSON report has it; reports put what they know besides it behind."""
        return {
            "code": self.code,
            "kind": self.kind,
            "severity": self.severity,
            "variable": self.variable,
            "entry": self.entry,
            "message": self.message,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        where = f"{self.variable} ({self.entry})" if self.entry else self.variable
        return f"{self.code} {where}: {self.message}"


class ProvisionerError(Exception):
    """The root of this package's errors."""


class InvalidEnvironment(ProvisionerError):
    """The environment cannot be used; ``findings`` says everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)

    __repr__ = __str__


class UnknownPlatform(ProvisionerError):
    """A platform was named that no installed package provides."""


@functools.cache
def _index() -> dict[str, Rule]:
    return {key: rule for rule in RULES for key in (rule.kind, rule.code)}


class _Words(dict[str, str]):
    """What a caller does not say is left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def rule(code_or_kind: str) -> Rule:
    """Return the rule with this code (``MP101``) or kind (``scheme``); KeyError when there is none."""
    return _index()[code_or_kind]


def finding(
    kind: str, variable: str, *, platform: str | None = None, entry: str | None = None, **details: str
) -> Finding:
    """Make a finding from the table, with the fix in ``platform``'s words where it has its own.

    ``details`` fill the message's fields; they must be safe to show.
    """
    found = rule(kind)
    fix = found.on.get(platform, found.fix) if platform else found.fix
    words = _Words(details, variable=variable)
    return Finding(
        found.code,
        found.kind,
        found.severity,
        variable,
        found.message.format_map(words),
        fix.format_map(words),
        entry,
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any of the findings is more than a warning."""
    return any(each.severity == "error" for each in findings)
