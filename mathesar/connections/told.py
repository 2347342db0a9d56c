"""What a row's stored kinds mean to people: the same codes on pages and in the API."""

from __future__ import annotations

from mathesar import current
from mathesar.connections.models import Database, Status
from provisioner.findings import Finding, finding

# A row keeps the kind of what went wrong, not its details.
UNTOLD = {"live-host-blocked": "one that nobody may reach", "schema-not-owner": "not this one"}


def known(kind: str) -> Finding | None:
    """Return the finding of a stored kind; None for none, and for one that another version wrote."""
    if not kind:
        return None
    try:
        return finding(kind, "host", platform=current.get_plan().platform, what=UNTOLD.get(kind, ""))
    except KeyError:
        return None


def code_of(database: Database) -> str:
    """Return the code of what keeps a database from use, the same that a form or the API gives; "" for nothing."""
    kind = database.status_code
    if database.status == Status.UNREACHABLE and kind:
        kind = f"live-{kind}"
    elif database.status == Status.SCHEMA_MISSING:
        kind = database.schema_code
    found = known(kind)
    return found.code if found is not None else kind
