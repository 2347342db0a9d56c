"""What can keep a page of somebody's database from being shown, each with a finding; no word of the server is in it.

BrowsingProblem             carries a finding and an HTTP status
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg

from provisioner.findings import Finding, finding

STATUS = {
    "browse-gone": 404, "browse-denied": 403, "browse-slow": 504, "browse-locked": 409, "browse-cursor": 400,
    "live-lost": 503, "edit-denied": 403, "edit-slow": 504, "edit-busy": 409, "edit-changed": 409, "edit-row-gone": 404,
    "edit-read-only": 409, "edit-link": 400, "edit-no-table": 409, "edit-no-key": 409, "edit-heirs": 409,
    "edit-unknown": 503, "edit-not-one": 409, "edit-failed": 409, "edit-referenced": 409,
    "edit-columns": 409, "edit-unfilled": 422,
    "edit-invalid": 422, "edit-not-null": 422, "edit-duplicate": 422, "edit-reference": 422, "edit-check": 422,
}  # fmt: skip
GONE = frozenset({"42P01", "42703", "3F000"})  # undefined table, column, schema
LOST = frozenset({"57P01", "57P02", "57P03", "25P03", "08003", "08006"})
VIEWS = frozenset({"view", "materialized view"})


class BrowsingProblem(Exception):
    """Why a page cannot be shown; `finding` says it to people, `grant` is the SQL that would allow it."""

    def __init__(self, found: Finding, grant: str = "") -> None:
        super().__init__(found.code)
        self.finding = found
        self.grant = grant

    def __str__(self) -> str:
        return f"{self.finding} {self.finding.hint}"

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows nothing else."""
        return STATUS.get(self.finding.kind, 500)


@dataclass(frozen=True)
class Subject:
    """What is being read, in words that are safe to show; `grant` is the SQL that lets the role read it."""

    name: str = "The database"
    kind: str = "database"
    grant: str = ""


def problem(kind: str, subject: Subject, **details: str) -> BrowsingProblem:
    """Return the problem with a finding of `provisioner/catalogue/browsing.py` or `editing.py`."""
    return BrowsingProblem(finding(kind, subject.kind, name=subject.name, **details), subject.grant)


def problem_of(error: psycopg.Error, subject: Subject, *, lost: bool) -> BrowsingProblem:
    """Return the problem behind an error of PostgreSQL's; only its SQLSTATE is looked at."""
    state = error.sqlstate or ""
    if lost or state in LOST:
        return problem("live-lost", subject)
    if state == "42501":
        return problem("browse-denied", subject)
    if state == "57014":
        return problem("browse-slow", subject)
    if state == "55P03":
        return problem("browse-locked", subject)
    if state in GONE and subject.kind not in VIEWS:
        return problem("browse-gone", subject)
    return problem("browse-failed", subject, state=state or "unknown", what=words_of(state))


def words_of(state: str) -> str:
    """Return what a SQLSTATE means, by its name in PostgreSQL's own list: `22012` is `division by zero`."""
    try:
        name = psycopg.errors.lookup(state).__name__
    except KeyError:
        return "an error of its own"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
