"""Making the rows say what the environment says: add, re-attach, detach; never delete.

The latch: an entry that left is detached only when its variable was read and does not name it any more. When
MATHESAR_DATABASES is unset or cannot be read, its entries are kept as `missing` or `configuration_error`: one
slip of the pen in a dashboard must not detach every database.
"""

from __future__ import annotations

import hmac
import logging
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from mathesar import current
from mathesar.connections.guard import ReadOnlyDatabase, changes_from_the_environment
from mathesar.connections.models import OUT_OF_SERVICE, Database, Source, Status
from provisioner.entries import name_key

if TYPE_CHECKING:
    from provisioner.entries import DatabaseEntry
    from provisioner.planning import Plan

LIST_VARIABLE = "MATHESAR_DATABASES"
NAME_TAKEN = "name-taken"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """One row to write: `row` None means a new one."""

    row: Database | None
    values: dict[str, Any]


def is_behind(plan: Plan) -> bool:
    """Tell whether `reconcile` would change a row; one query."""
    return bool(_changes(plan, Database.objects.all()))


def reconcile(plan: Plan) -> None:
    """Write what the plan says in one transaction; doing it again changes nothing. Runs in the boot lock."""
    with changes_from_the_environment(), transaction.atomic():
        for change in _changes(plan, Database.objects.select_for_update()):
            row = change.row or Database(source=Source.ENVIRONMENT)
            before = row.status
            for name, value in change.values.items():
                setattr(row, name, value)
            row.save()
            _tell(row, before, new=change.row is None)


def detach(name: str) -> Database:
    """Release an entry that is `missing` or in error and that the environment does not name any more.

    Raises:
        Database.DoesNotExist: no entry of the environment has this name.
        ReadOnlyDatabase: the environment names it; its variable is the place to remove it.
    """
    key = name_key(name)
    with changes_from_the_environment(), transaction.atomic():
        row = Database.objects.select_for_update().get(source=Source.ENVIRONMENT, key=key)
        if any(name_key(entry.name) == key for entry in current.get_plan().entries):
            raise ReadOnlyDatabase(row.name, row.variable)
        if row.status != Status.DETACHED:
            row.status, row.status_code, row.detached_at = Status.DETACHED, "", timezone.now()
            row.save()
            log.warning("Database %r is detached; its row and its settings are kept.", row.name)
        return row


def fingerprint(entry: DatabaseEntry) -> str:
    """Return the HMAC of the entry's target (host, port, database name) as 64 hex digits."""
    key = current.derived_key("fingerprint")
    return hmac.digest(key, entry.url.target().encode(), "sha256").hex()


def _changes(plan: Plan, rows: Iterable[Database]) -> list[Change]:
    """Compare the plan with all rows; pure but for the clock."""
    known: dict[str, Database] = {}
    taken: set[str] = set()
    for row in rows:
        if row.source == Source.ENVIRONMENT:
            known[row.key] = row
        else:
            taken.add(row.key)
    changes = []
    named = set()
    for position, entry in enumerate(plan.entries):
        key = name_key(entry.name)
        named.add(key)
        values = _entry_values(entry, key, position, known.get(key), key in taken)
        changes.append(_difference(known.get(key), values))
    for key, row in known.items():
        if key not in named:
            changes.append(_difference(row, _absent_values(plan, row)))
    return [change for change in changes if change.values]


def _entry_values(
    entry: DatabaseEntry, key: str, position: int, row: Database | None, name_taken: bool
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": entry.name,
        "key": key,
        "label": entry.label,
        "variable": entry.variable,
        "position": position,
        "fingerprint": fingerprint(entry),
        "detached_at": None,
    }
    if name_taken:  # a person's own connection has the name: show both, open neither by mistake
        return {**values, "status": Status.CONFIGURATION_ERROR, "status_code": NAME_TAKEN}
    if row is None or row.status in OUT_OF_SERVICE or row.fingerprint != values["fingerprint"]:
        return {**values, "status": Status.PENDING, "status_code": ""}
    return values


def _absent_values(plan: Plan, row: Database) -> dict[str, Any]:
    """Return what becomes of a row that the plan does not name."""
    if row.status == Status.DETACHED:
        return {}
    code = error_code(plan, row.variable)
    if code:
        return {"status": Status.CONFIGURATION_ERROR, "status_code": code}
    if row.variable == LIST_VARIABLE and plan.entries_state == "unset":
        return {"status": Status.MISSING, "status_code": ""}
    return {"status": Status.DETACHED, "status_code": "", "detached_at": timezone.now()}


def error_code(plan: Plan, variable: str) -> str:
    """Return the code of the first error about a variable (or its `_FILE` form), "" when there is none."""
    names = (variable, f"{variable}_FILE")
    found = (item.code for item in plan.findings if item.severity == "error" and item.variable in names)
    invalid = variable == LIST_VARIABLE and plan.entries_state == "invalid"
    return next(found, "invalid" if invalid else "")


def _difference(row: Database | None, values: dict[str, Any]) -> Change:
    if row is None:
        return Change(None, values)
    return Change(row, {name: value for name, value in values.items() if getattr(row, name) != value})


def _tell(row: Database, before: str, *, new: bool) -> None:
    if row.status == before and not new:
        return
    if row.status == Status.MISSING:
        log.warning(
            "%s is unset; database %r is kept, and not detached. Set the variable again, or run "
            "`mathesar detach %s`.",
            LIST_VARIABLE, row.name, shlex.quote(row.name),
        )  # fmt: skip
    elif row.status == Status.CONFIGURATION_ERROR:
        log.warning("Database %r cannot be used: %s (%s).", row.name, row.status_code, row.variable)
    elif row.status == Status.DETACHED:
        log.warning("Database %r left %s and is detached; its row is kept.", row.name, row.variable)
    elif new:
        log.info("Database %r added from %s.", row.name, row.variable)
