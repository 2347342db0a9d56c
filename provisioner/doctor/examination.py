"""Looking at one database: connect, ask, try, and put the answers into rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from provisioner.connecting import ConnectFailed, cut_off
from provisioner.doctor import limits, reach, server
from provisioner.doctor.attempts import attempt
from provisioner.doctor.diagnosis import Check, Diagnosis, Purpose, complaint
from provisioner.doctor.facts import Facts, read_facts
from provisioner.doctor.pooler import pooler
from provisioner.doctor.privileges import privileges
from provisioner.doctor.subject import Circumstances, Subject
from provisioner.doctor.tls import tls_in_use, tls_that_would_work
from provisioner.entries import DatabaseEntry
from provisioner.failure_codes import failure_code, sqlstate_code

SESSION_SECONDS = 20.0  # for all questions to one database, once connected


@dataclass(frozen=True, slots=True)
class Sight:
    """What one database alone says; the rows that need the other databases come with `diagnosis`."""

    subject: Subject
    checks: tuple[Check, ...]
    facts: Facts | None = None


def diagnose(
    entry: DatabaseEntry,
    *,
    purposes: frozenset[Purpose] = frozenset({"user"}),
    circumstances: Circumstances | None = None,
) -> Diagnosis:
    """Look at one database, and change nothing; takes seconds where the server is slow, and never raises for it."""
    seen = look(Subject(entry, purposes, circumstances or Circumstances()))
    return diagnosis(seen, [seen])


def look(subject: Subject) -> Sight:
    """Connect and ask; never raises for what the network or the server does, nor tells their words."""
    checks: list[Check] = []
    facts = None
    try:
        connection = subject.connect()
        with cut_off(connection, SESSION_SECONDS), connection:
            facts = read_facts(connection, internal="internal" in subject.purposes)
            checks += [*reach.reached(connection, facts.role), server.version(facts, subject)]
            checks += filter(None, (server.changes(facts, subject), server.setup(facts, subject)))
            checks += [tls_in_use(connection, subject), pooler(connection, subject)]
            checks += privileges(facts, attempt(connection, facts), subject)
    except ConnectFailed as failed:
        if facts is not None:  # the second connection of the same minute
            checks.append(complaint("session", "no further connection", subject.finding(f"live-{failed.code}")))
        else:
            checks += reach.unreached(failed, subject)
        if failed.code == "tls":
            checks.append(tls_that_would_work(subject))
    except psycopg.Error as error:
        code = sqlstate_code(error.sqlstate) or failure_code(str(error))
        kind = "live-timeout" if code == "timeout" else "live-lost"
        checks.append(complaint("session", "broke off before every question was answered", subject.finding(kind)))
    return Sight(subject, tuple(checks), facts)


def diagnosis(one: Sight, everyone: Sequence[Sight]) -> Diagnosis:
    """Add the rows that concern several databases; `everyone` holds `one` itself."""
    checks = list(one.checks)
    if one.facts is not None:
        seen = [(each.subject, each.facts) for each in everyone if each.facts is not None]
        own = (one.subject, one.facts)
        checks.append(limits.connections(own, seen))
        checks += filter(None, (limits.sameness(own, seen),))
    subject = one.subject
    title = subject.entry.title if "user" in subject.purposes else "the internal database"
    return Diagnosis(title, subject.entry.url.target(), subject.entry.variable, subject.purposes, tuple(checks))
