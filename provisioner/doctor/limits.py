"""Are there enough connections, and is this database another one again? Both need what all databases said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from provisioner.doctor.diagnosis import Check, complaint
from provisioner.doctor.facts import Facts
from provisioner.doctor.subject import Subject
from provisioner.sizing import MIGRATION

CONNECTIONS, SAMENESS = "connections", "same database"
Seen = tuple[Subject, Facts]


def connections(one: Seen, everyone: Sequence[Seen]) -> Check:
    """Return the row: what the app may open against the server's, the role's and the database's limit."""
    subject, facts = one
    there = [each for each in everyone if _same_server(each, one)]
    as_role = [each for each in there if each[1].role == facts.role]
    inside = [each for each in there if each[1].database_id == facts.database_id]
    judged = [
        ("the server", facts.max_connections - facts.reserved, _need(there)),
        ("this role", facts.role_limit, _need(as_role)),
        ("this database", facts.database_limit, _need(inside)),
    ]
    limits = [each for each in judged if each[1] >= 0]
    limited, limit, need = min(limits, key=lambda each: each[1] - each[2])
    words = f"at most {need} needed of {limit} that {limited} allows; {facts.in_use} in use now"
    if need <= limit:
        return Check(CONNECTIONS, "ok", words, holds=True)
    problem = subject.finding("doctor-connections-short", need=str(need), limit=str(limit), limited=limited)
    return complaint(CONNECTIONS, words, problem)


def sameness(one: Seen, everyone: Sequence[Seen]) -> Check | None:
    """Return the row: is it the internal database, or one that an earlier entry names? None where it is alone.

    Two entries with the same address are known before anything is connected to, and complained about there.
    """
    subject, _ = one
    if subject.purposes == frozenset({"internal"}) or len(everyone) == 1:
        return None
    if "internal" in subject.purposes:
        return Check(SAMENESS, "ok", "this is the internal database too", holds=True)
    twins = [each[0] for each in everyone[: everyone.index(one)] if _same_database(each, one)]
    if not twins:
        return Check(SAMENESS, "ok", "none that is named before", holds=False)
    if any("internal" in twin.purposes for twin in twins):
        return Check(SAMENESS, "ok", "the internal database, by another address or role", holds=True)
    other = f"'{twins[0].entry.title}'"
    if any(twin.entry.url.target() == subject.entry.url.target() for twin in twins):
        return Check(SAMENESS, "ok", f"the one of {other}", holds=True)
    problem = subject.finding("doctor-same-database", other=other)
    return replace(complaint(SAMENESS, f"the one of {other}", problem), holds=True)


def _need(seen: Sequence[Seen]) -> int:
    need = sum(subject.circumstances.load.need(subject.purposes) for subject, _ in seen)
    return need + (MIGRATION if any("internal" in subject.purposes for subject, _ in seen) else 0)


def _same_server(one: Seen, other: Seen) -> bool:
    """Compare the servers' own identifiers, or the addresses where a role may not ask."""
    if one[1].system and other[1].system:
        return one[1].system == other[1].system
    return _address(one) == _address(other)


def _same_database(one: Seen, other: Seen) -> bool:
    return _same_server(one, other) and one[1].database_id == other[1].database_id


def _address(seen: Seen) -> str:
    return seen[0].entry.url.target().rpartition("/")[0]
