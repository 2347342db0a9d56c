"""The list of databases and its live rows."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_GET, require_POST
from psycopg import sql

from mathesar import current
from mathesar.accounts.signed_in import for_superusers, person_of
from mathesar.connections import schema, service, status
from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.keyring import Locked, open_row
from mathesar.connections.models import OUT_OF_SERVICE, Database, Schema, Source, Status
from mathesar.connections.probe import Result
from mathesar.connections.reaching import entry_of
from mathesar.connections.told import code_of, known
from provisioner.database_url import DatabaseUrl
from provisioner.findings import Finding

log = logging.getLogger("mathesar.connections")
WAIT_WITHOUT_SCRIPT_SECONDS = 1.5
REASONS = {
    "target-changed": "The same name now leads to another database than before.",
    "name-taken": "A connection added here has the same name.",
    "schema-missing": "The Mathesar schema is not installed: everything works but its types.",
    "connection-locked": "Its credentials were encrypted with another SECRET_KEY. Put the earlier key into "
    "SECRET_KEY_FALLBACKS and restart, or edit the connection and enter them again.",
}
TONES = {
    Status.CONNECTED: "good",
    Status.SCHEMA_MISSING: "warn",
    Status.LOCKED: "warn",
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
    code: str
    schema: str
    grant: str
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
    def is_open(self) -> bool:
        """Tell whether it can be tried to open it."""
        return self.database.status not in (*OUT_OF_SERVICE, Status.LOCKED)

    @property
    def installable(self) -> bool:
        """Tell whether a person may install or upgrade the Mathesar schema here."""
        return self.is_open and self.database.schema in (Schema.MISSING, Schema.OUTDATED)

    @property
    def read_only(self) -> bool:
        """Tell whether the environment defines it."""
        return self.database.source == Source.ENVIRONMENT


def databases(request: HttpRequest) -> HttpResponse:
    """Show every database with its last known status; scripts then ask for each row's live one."""
    rows = [_row(database, ask=not status.is_fresh(database)) for database in Database.objects.all()]
    here = [row for row in rows if row.database.status != Status.DETACHED]
    detached = [row for row in rows if row.database.status == Status.DETACHED]
    problems = _entry_findings("error")
    if not here and not problems and person_of(request).is_superuser and request.path_info == reverse("home"):
        return redirect("database-add")
    context = {
        "rows": here,
        "key_state": current.get_key_state(),
        "checkable": any(row.database.status not in OUT_OF_SERVICE for row in here),
        "detached": detached,
        "missing": [row.database for row in here if row.database.status == Status.MISSING],
        "errors": problems,
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


@require_POST
@for_superusers
def install_schema(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Install or upgrade the Mathesar schema."""
    try:
        row = service.get(database_id)
        schema.install(row)
    except ConnectionProblem as problem:
        return render(request, "connections/refused.html", {"problem": problem.finding}, status=problem.status)
    log.info("%s: installed the Mathesar schema in the database %r.", request.user.get_username(), row.name)
    return redirect("databases")


def _row(database: Database, *, ask: bool) -> Row:
    url = _url(database)
    place, dbname = "", ""
    if url is not None:
        hosts = zip(url.host.split(","), url.port.split(",") * 99, strict=False)
        place = ", ".join(host if host.startswith("/") else f"{host}:{port}" for host, port in hosts)
        dbname = url.dbname
    return Row(
        database=database,
        place=place,
        dbname=dbname,
        words=Status(database.status).label,
        tone=TONES.get(Status(database.status), "idle"),
        reason=_reason(database),
        code=code_of(database),
        schema=_schema(database),
        grant=_grant(database, url),
        checking=ask,
    )


def _url(database: Database) -> DatabaseUrl | None:
    if database.source == Source.ENVIRONMENT:
        entry = entry_of(database)
        return entry.url if entry is not None else None
    try:
        return open_row(database).url()
    except Locked:
        return None


def _reason(database: Database) -> str:
    if database.removing_at is not None:
        return "Its removal was interrupted. Remove it again to finish, or install the Mathesar schema to keep it."
    if database.status == Status.MISSING:
        return f"{database.variable} is not set. The entry is kept until it is set again or released."
    if database.status == Status.CONFIGURATION_ERROR:
        words = REASONS.get(database.status_code)
        return words or f"{database.variable} cannot be used as it is; the problem is shown above."
    if database.status == Status.UNREACHABLE and database.status_code:
        found = known(f"live-{database.status_code}")
        if found is None:
            return ""
        return found.hint if found.kind == "live-host-blocked" else f"{found.message} {found.hint}"
    return REASONS.get(database.status_code, "")


def _grant(database: Database, url: DatabaseUrl | None) -> str:
    """Return the statement for the owner of a database whose role may not install the schema."""
    if url is None or database.schema_code != "live-no-create":
        return ""
    statement = sql.SQL("GRANT CREATE ON DATABASE {} TO {};")
    return statement.format(sql.Identifier(url.dbname), sql.Identifier(url.user)).as_string()


def _schema(database: Database) -> str:
    """Say what there is of the Mathesar schema, and why not more."""
    if database.schema_code:
        why = known(database.schema_code)
        return f"{Schema(database.schema).label}. {why.message if why else database.schema_code}"
    if database.schema == Schema.MISSING and not database.wants_schema:
        return "Left out"
    words = Schema(database.schema).label
    return f"{words}, {database.schema_version}" if database.schema_version else words


def _entry_findings(severity: str) -> list[Finding]:
    return [item for item in current.get_plan().findings if item.severity == severity]
