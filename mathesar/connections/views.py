"""The list of databases and its live rows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_GET, require_POST

from mathesar import current
from mathesar.connections import status
from mathesar.connections.models import OUT_OF_SERVICE, Database, Source, Status
from mathesar.connections.probe import Result
from mathesar.connections.reaching import entry_of
from provisioner.findings import Finding

WAIT_WITHOUT_SCRIPT_SECONDS = 1.5
REASONS = {
    "dns": "The host name is not known.",
    "refused": "Nothing accepts connections at that address.",
    "timeout": "No answer within 5 seconds.",
    "tls": "No encrypted connection could be agreed on.",
    "auth": "The user name or password was refused.",
    "no-database": "The server has no database of that name.",
    "other": "The server refused the connection.",
    "target-changed": "The same name now leads to another database than before.",
    "name-taken": "A connection added here has the same name.",
}
TONES = {
    Status.CONNECTED: "good",
    Status.UNREACHABLE: "bad",
    Status.CONFIGURATION_ERROR: "bad",
    Status.TARGET_CHANGED: "warn",
    Status.MISSING: "warn",
}


@dataclass(frozen=True)
class Row:
    """One entry as the page shows it; no secret is in it."""

    database: Database
    place: str
    dbname: str
    words: str
    tone: str
    reason: str
    checking: bool

    @property
    def checked(self) -> str:
        """Say how long ago it was checked, in words."""
        moment = self.database.last_checked
        if moment is None:
            return "Never"
        seconds = (timezone.now() - moment).total_seconds()
        return "Just now" if seconds < 60 else f"{timesince(moment, depth=1)} ago"

    @property
    def read_only(self) -> bool:
        """Tell whether the environment defines it."""
        return self.database.source == Source.ENVIRONMENT


def databases(request: HttpRequest) -> HttpResponse:
    """Show every database with its last known status; scripts then ask for each row's live one."""
    rows = [_row(database, ask=not status.is_fresh(database)) for database in Database.objects.all()]
    here = [row for row in rows if row.database.status != Status.DETACHED]
    context = {
        "rows": here,
        "checkable": any(row.database.status not in OUT_OF_SERVICE for row in here),
        "detached": [row for row in rows if row.database.status == Status.DETACHED],
        "missing": [row.database for row in here if row.database.status == Status.MISSING],
        "errors": _entry_findings("error"),
        "warnings": _entry_findings("warning"),
    }
    return render(request, "databases.html", context)


@require_GET
def row(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Return one row: with what was found, or still asking. It never waits for the database."""
    database = get_object_or_404(Database, pk=database_id)
    asking = not status.is_fresh(database)
    if asking:
        status.start_check(database)
        database.refresh_from_db()
        if status.is_overdue(database):
            status.record(database, Result(Status.UNREACHABLE, "timeout"))
            database.refresh_from_db()
        asking = not status.is_fresh(database)
    found = _row(database, ask=asking)
    return render(request, "_database.html", {"row": found, "swapped": True})


@require_POST
def check_all(request: HttpRequest) -> HttpResponse:
    """Check every database now: what answers at once is shown at once, the rest on the next look."""
    rows = [each for each in Database.objects.all() if each.status not in OUT_OF_SERVICE]
    for each in rows:
        status.start_check(each)
    status.wait_for_checks(rows, WAIT_WITHOUT_SCRIPT_SECONDS)
    return redirect("databases")


def _row(database: Database, *, ask: bool) -> Row:
    entry = entry_of(database) if database.source == Source.ENVIRONMENT else None
    tone = TONES.get(Status(database.status), "idle")
    place, dbname = "", ""
    if entry is not None:
        hosts = zip(entry.url.host.split(","), entry.url.port.split(",") * 99, strict=False)
        place = ", ".join(host if host.startswith("/") else f"{host}:{port}" for host, port in hosts)
        dbname = entry.url.dbname
    return Row(
        database=database,
        place=place,
        dbname=dbname,
        words=Status(database.status).label,
        tone=tone,
        reason=_reason(database),
        checking=ask,
    )


def _reason(database: Database) -> str:
    if database.status == Status.MISSING:
        return f"{database.variable} is not set. The entry is kept until it is set again or released."
    if database.status == Status.CONFIGURATION_ERROR:
        known = REASONS.get(database.status_code)
        return known or f"{database.variable} cannot be used as it is; the problem is shown above."
    return REASONS.get(database.status_code, "")


def _entry_findings(severity: str) -> list[Finding]:
    return [item for item in current.get_plan().findings if item.severity == severity]
