"""Which databases are looked at, and under which circumstances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg

from provisioner.connecting import LIMIT_SECONDS, connect
from provisioner.database_url import DatabaseUrl
from provisioner.doctor.diagnosis import Purpose
from provisioner.entries import DatabaseEntry
from provisioner.findings import Finding, finding
from provisioner.hosts import Profile
from provisioner.planning import Plan
from provisioner.sizing import DEFAULT_WORKERS, OVERLAP, THREADS, USER_CONNECTIONS


@dataclass(frozen=True, slots=True)
class Load:
    """How many processes connect, and how many connections each keeps for the internal database."""

    workers: int = DEFAULT_WORKERS
    pool_size: int = THREADS
    replicas: int = 1

    def need(self, purposes: frozenset[Purpose]) -> int:
        """Return the most connections that can be open at once to one database; see `provisioner.sizing`."""
        processes = self.workers * self.replicas
        internal = processes * self.pool_size * OVERLAP if "internal" in purposes else 0
        return internal + (processes * USER_CONNECTIONS if "user" in purposes else 0)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for every database of a run.

    `authority` is the platform's own certificate authority (PEM), `seconds` bounds each connect.
    """

    profile: Profile = "local"
    platform: str | None = None
    authority: str | None = None
    block_private: bool = False
    load: Load = field(default_factory=Load)
    seconds: float = LIMIT_SECONDS


@dataclass(frozen=True, slots=True)
class Subject:
    """One database to look at, and what it is for."""

    entry: DatabaseEntry
    purposes: frozenset[Purpose]
    circumstances: Circumstances

    def connect(self, url: DatabaseUrl | None = None) -> psycopg.Connection[Any]:
        """Connect as the app would, or with a changed URL; raises ConnectFailed."""
        at = self.circumstances
        return connect(
            url or self.entry.url,
            profile=at.profile,
            authority=at.authority,
            block_private=at.block_private,
            seconds=at.seconds,
        )

    def finding(self, kind: str, **details: str) -> Finding:
        """Make a finding about this database, in the platform's words."""
        entry = self.entry
        place = f"'{entry.title}'" if entry.name != "internal" and "user" in self.purposes else None
        return finding(kind, entry.variable, platform=self.circumstances.platform, entry=place, **details)


def subjects(plan: Plan, replicas: int = 1) -> list[Subject]:
    """Return every database of a plan, the internal one first; one that is both comes once."""
    circumstances = Circumstances(
        profile=plan.profile,
        platform=plan.platform,
        authority=plan.ca_certificate,
        load=Load(plan.workers, plan.pool_size, replicas),
    )
    internal = plan.internal
    found: list[Subject] = []
    if internal is not None:
        both = [each for each in plan.entries if each.url == internal.url]
        purposes: frozenset[Purpose] = frozenset({"internal", "user"}) if both else frozenset({"internal"})
        found.append(Subject(both[0] if both else internal, purposes, circumstances))
    for entry in plan.entries:
        if not (found and found[0].entry is entry):
            found.append(Subject(entry, frozenset({"user"}), circumstances))
    return found
