"""What this role may do: predicted from its privileges, and then tried."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.doctor.attempts import INTERNAL, PUBLIC, SCHEMA
from provisioner.doctor.diagnosis import Check, Outcome, complaint
from provisioner.doctor.facts import INTERNAL_SCHEMA, TYPES_SCHEMA, WANTED, Facts
from provisioner.doctor.statements import (
    allow_databases,
    grant_create_on_database,
    grant_create_on_schema,
    grant_role,
    shown,
)
from provisioner.doctor.subject import Subject

ROLE, CREATE, TYPES, TABLES = "role", "CREATE on database", "Mathesar schema", "tables in public"
INTERNAL_TABLES, DATABASES, EXTENSIONS = "internal tables", "new databases", "extensions"
Tried = Mapping[str, bool | None]


def privileges(facts: Facts, tried: Tried, subject: Subject) -> list[Check]:
    """Return the rows about the role; what need not hold for the database's purpose is ok either way."""
    rows = [_role(facts), _create(facts)]
    if "user" in subject.purposes:
        rows.append(_types(facts, tried, subject))
    if "internal" in subject.purposes:
        rows.append(_internal(facts, tried, subject))
    return [*rows, _tables(facts, tried, subject), _databases(facts), _extensions(facts, tried)]


def _role(facts: Facts) -> Check:
    what = "an ordinary role"
    if facts.superuser:
        what = "a superuser"
    elif facts.owner == facts.role:
        what = "the database's owner"
    elif facts.owns:
        what = f"a member of the owner, {shown(facts.owner)}"
    return Check(ROLE, "ok", f"{shown(facts.role)}, {what}", holds=True)


def _create(facts: Facts) -> Check:
    if facts.may_create:
        return Check(CREATE, "ok", "granted", holds=True)
    return Check(CREATE, "ok", "not granted", statement=_grant(facts), holds=False)


def _types(facts: Facts, tried: Tried, subject: Subject) -> Check:
    if facts.types_owner is not None and not facts.types_are_ours:
        return complaint(TYPES, f"another {TYPES_SCHEMA} is in its place", subject.finding("schema-foreign"))
    if facts.types_owner is not None and not facts.owns_types:
        owner = shown(facts.types_owner)
        statement = grant_role(facts.types_owner, facts.role)
        problem = subject.finding("doctor-schema-upgrade", owner=owner, statement=statement)
        return complaint(TYPES, f"installed by {owner}; this role cannot upgrade it", problem, statement=statement)
    if facts.types_owner is not None:
        return Check(TYPES, "ok", "installed", holds=True)
    holds, how = _judge(facts.may_create, tried.get(SCHEMA), facts)
    if holds:
        return Check(TYPES, "ok", f"can be installed ({how})", holds=True)
    if facts.may_create:
        return _refused(TYPES, "warning", f"cannot be installed ({how})", "a new schema", facts, subject)
    problem = subject.finding("live-no-create", grant=_grant(facts))
    return complaint(TYPES, f"cannot be installed ({how})", problem, statement=_grant(facts))


def _internal(facts: Facts, tried: Tried, subject: Subject) -> Check:
    predicted = facts.may_create if facts.may_create_in_internal is None else facts.may_create_in_internal
    holds, how = _judge(predicted, tried.get(INTERNAL), facts)
    if holds:
        return Check(INTERNAL_TABLES, "ok", f"can be created ({how})", holds=True)
    if predicted:
        return _refused(INTERNAL_TABLES, "error", f"cannot be created ({how})", "new tables", facts, subject)
    if facts.may_create_in_internal is None:
        why, who, statement = "this role may not create a schema", "the database's owner", _grant(facts)
    else:
        why, who = f"this role may not create tables in {INTERNAL_SCHEMA}", "that schema's owner"
        statement = grant_create_on_schema(INTERNAL_SCHEMA, facts.role)
    problem = subject.finding("doctor-no-internal", why=why, who=who, statement=statement)
    return complaint(INTERNAL_TABLES, f"cannot be created ({how})", problem, statement=statement)


def _tables(facts: Facts, tried: Tried, subject: Subject) -> Check:
    if facts.may_create_in_public is None:
        return Check(TABLES, "ok", "there is no schema public", holds=False)
    holds, how = _judge(facts.may_create_in_public, tried.get(PUBLIC), facts)
    if holds:
        return Check(TABLES, "ok", f"can be created ({how})", holds=True)
    words = f"cannot be created ({how})"
    if facts.may_create_in_public:
        return _refused(TABLES, "warning", words, "new tables", facts, subject)
    statement = grant_create_on_schema("public", facts.role)
    if "user" not in subject.purposes:
        return Check(TABLES, "ok", words, statement=statement, holds=False)
    return complaint(TABLES, words, subject.finding("doctor-no-tables", statement=statement), statement=statement)


def _databases(facts: Facts) -> Check:
    """CREATE DATABASE cannot be tried: it runs in no transaction."""
    if (facts.superuser or facts.creates_databases) and not facts.standby:
        return Check(DATABASES, "ok", "can be created", holds=True)
    statement = None if facts.standby else allow_databases(facts.role)
    return Check(DATABASES, "ok", "cannot be created, and need not be", statement=statement, holds=False)


def _extensions(facts: Facts, tried: Tried) -> Check:
    """`holds` says whether all of those that Mathesar makes use of are there or can be."""
    have = [each for each in facts.installed if not each.startswith("plpgsql ")]
    names = {each.partition(" ")[0] for each in have}
    available = dict(facts.available)
    missing = [name for name in WANTED if name in available and name not in names]
    predicted = {name: facts.superuser or (facts.may_create and available[name]) for name in missing}
    can = [name for name in missing if _judge(predicted[name], tried.get(name), facts)[0]]
    cannot = [name for name in missing if name not in can]
    absent = [name for name in WANTED if name not in available and name not in names]
    said = [
        f"installed: {', '.join(map(shown, have))}" if have else "",
        f"can be created: {', '.join(can)}" if can else "",
        f"cannot be created: {', '.join(cannot)}" if cannot else "",
        f"not offered by the server: {', '.join(absent)}" if absent else "",
    ]
    holds = len(names.intersection(WANTED)) + len(can) == len(WANTED)
    statement = _grant(facts) if cannot and not facts.may_create and not facts.read_only else None
    return Check(EXTENSIONS, "ok", "; ".join(filter(None, said)) or "none", statement=statement, holds=holds)


def _refused(name: str, outcome: Outcome, words: str, what: str, facts: Facts, subject: Subject) -> Check:
    """Return the row of what the role may do and the server does not; that it is read-only, another row says."""
    if facts.read_only:
        return Check(name, outcome, words, holds=False)
    return complaint(name, words, subject.finding("doctor-refused", what=what))


def _judge(predicted: bool, tried: bool | None, facts: Facts) -> tuple[bool, str]:
    """Return what holds, and how that is known: what was tried counts for more than what was predicted."""
    if tried is None:
        return predicted and not facts.read_only, "by its privileges"
    if predicted and not tried:
        return False, "read-only" if facts.read_only else "tried; the server refuses it"
    return tried, "tried and rolled back" if tried else "tried"


def _grant(facts: Facts) -> str:
    return grant_create_on_database(facts.database, facts.role)
