"""What was seen of one database: a row for each question, with an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from provisioner.findings import Finding

Outcome = Literal["ok", "warning", "error", "unknown"]
Purpose = Literal["internal", "user"]


@dataclass(frozen=True, slots=True)
class Check:
    """One answer. `holds` is the plain yes or no where the question has one; what need not hold is still ok.

    `statement` is SQL that would make it hold, complete and quoted, to be run by somebody who may; it is never run
    here. Nothing in a check is a secret, and no text of the server's or libpq's is in it.
    """

    name: str
    outcome: Outcome
    words: str
    finding: Finding | None = None
    statement: str | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every check of one database. `target` is host:port/dbname; `variable` is where its URL is set."""

    title: str
    target: str
    variable: str
    purposes: frozenset[Purpose]
    checks: tuple[Check, ...]
    names: Mapping[str, Check] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {check.name: check for check in self.checks})

    def __getitem__(self, name: str) -> Check:
        """Return the check of this name; KeyError where the question did not come up."""
        return self.names[name]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong, in the order of the checks."""
        return tuple(check.finding for check in self.checks if check.finding is not None)

    @property
    def outcome(self) -> Outcome:
        """Return the worst of the checks' outcomes."""
        order: tuple[Outcome, ...] = ("error", "warning", "unknown")
        outcomes = {check.outcome for check in self.checks}
        return next((outcome for outcome in order if outcome in outcomes), "ok")


def complaint(name: str, words: str, finding: Finding, *, statement: str | None = None) -> Check:
    """Return the check of something that is wrong, as grave as its finding."""
    return Check(name, finding.severity, words, finding, statement, holds=False)
