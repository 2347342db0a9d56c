"""The server itself: its version, and whether it takes changes."""

from __future__ import annotations

from provisioner.doctor.diagnosis import Check, complaint
from provisioner.doctor.facts import NEWEST, OLDEST, Facts
from provisioner.doctor.statements import shown
from provisioner.doctor.subject import Subject

VERSION, CHANGES, SETUP = "version", "changes", "first superuser"


def version(facts: Facts, subject: Subject) -> Check:
    """Return the row: is this version one that Mathesar is tried with?"""
    number = shown(facts.version.partition(" ")[0])
    words = f"PostgreSQL {number}"
    if facts.major < OLDEST:
        problem = subject.finding("doctor-version-old", version=number, oldest=str(OLDEST))
        return complaint(VERSION, f"{words}, which is too old", problem)
    if facts.major > NEWEST:
        problem = subject.finding("doctor-version-new", version=number, newest=str(NEWEST))
        return complaint(VERSION, f"{words}, which is new to Mathesar", problem)
    return Check(VERSION, "ok", words, holds=True)


def changes(facts: Facts, subject: Subject) -> Check | None:
    """Return the row of a database that takes no changes, else None."""
    if not facts.read_only:
        return None
    why = "it is a standby server's" if facts.standby else "this role's transactions are read-only by default"
    internal = "internal" in subject.purposes
    return complaint(
        CHANGES,
        f"none: {why}",
        subject.finding("doctor-internal-read-only" if internal else "doctor-read-only", why=why),
    )


def setup(facts: Facts, subject: Subject) -> Check | None:
    """Return the row: is the first superuser set up? None where the app has not started on this database yet."""
    if facts.claimed is None or "internal" not in subject.purposes:
        return None
    if facts.claimed:
        return Check(SETUP, "ok", "set up", holds=True)
    return complaint(SETUP, "not set up yet", subject.finding("doctor-setup-open"))
