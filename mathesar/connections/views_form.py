"""Adding, editing and adopting: one form, tried on the live database before anything is stored.

A password is never sent back in a page. With script the form stays in the browser and only what came of it is
swapped in; without, the password has to be typed again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mathesar.accounts.signed_in import for_superusers
from mathesar.connections import keyring, pace, service
from mathesar.connections.credentials import FIELDS, MODES, Credentials, read_fields, read_name, read_url
from mathesar.connections.errors import ConnectionProblem, InvalidFields
from mathesar.connections.models import Database, Status
from mathesar.connections.probe import Result
from mathesar.connections.trial import Wish, try_out
from provisioner.findings import Finding

log = logging.getLogger("mathesar.connections")
MODE_WORDS = {
    "require": "encrypted, whoever the server is",
    "verify-full": "encrypted, and the server's certificate and name are checked",
    "verify-ca": "encrypted, and the server's certificate is checked",
    "prefer": "encrypted if the server can; for a private network",
    "disable": "never encrypted; for this machine only",
}
ENTERED = ("url", "host", "dbname", "username", "password")  # what nobody types who only renames a locked one
STATEMENT = re.compile(r"(.*?:) (GRANT .*;) ?([^;]*)", re.DOTALL)  # a quoted name may hold a semicolon
Work = Callable[[str, Credentials | None, Wish], Database]


@sensitive_post_parameters("password", "url")
@require_http_methods(["GET", "HEAD", "POST"])
@for_superusers
def add(request: HttpRequest) -> HttpResponse:
    """Add a connection."""

    def work(name: str, credentials: Credentials | None, wish: Wish) -> Database:
        assert credentials is not None  # noqa: S101 - only an edit may leave them out
        return service.add(name, credentials, wish)

    return _answer(request, None, "add", work)


@sensitive_post_parameters("password", "url")
@require_http_methods(["GET", "HEAD", "POST"])
@for_superusers
def edit(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Change a connection's name or credentials."""
    try:
        row = service.get(database_id)
        if row.status == Status.DETACHED:
            return redirect("database-adopt", row.pk)
        row.refuse_if_environment()
    except ConnectionProblem as problem:
        return _refused(request, problem)

    def work(name: str, credentials: Credentials | None, wish: Wish) -> Database:
        return service.edit(row, name=name, credentials=credentials, wish=wish, version=_version(request.POST))

    return _answer(request, row, "edit", work)


@sensitive_post_parameters("password", "url")
@require_http_methods(["GET", "HEAD", "POST"])
@for_superusers
def adopt(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Make an ordinary connection of a detached entry."""
    try:
        row = service.get(database_id)
        service.refuse_environment(row)
    except ConnectionProblem as problem:
        return _refused(request, problem)

    def work(name: str, credentials: Credentials | None, wish: Wish) -> Database:
        assert credentials is not None  # noqa: S101 - only an edit may leave them out
        return service.adopt(row, credentials, wish)

    return _answer(request, row, "adopt", work)


@sensitive_post_parameters("url")
@require_POST
@for_superusers
def fill(request: HttpRequest) -> HttpResponse:
    """Return the fields that a URL means, as JSON for the form's script, which has the password itself."""
    try:
        found = read_url(request.POST.get("url", ""))
    except InvalidFields as problem:
        return JsonResponse({"problem": _words(problem.finding)}, status=problem.status)
    return JsonResponse({"fields": found.fields()}, headers={"Cache-Control": "no-store"})


def _answer(request: HttpRequest, row: Database | None, mode: str, work: Work) -> HttpResponse:
    if request.method != "POST":
        return _page(request, row, mode, _stored_fields(row))
    try:
        name, credentials, wish = _read(request.POST, row, mode)
        if credentials is not None:
            pace.allow_test(request.user.pk)
        if "test" in request.POST and credentials is not None:
            return _page(request, row, mode, _typed(request.POST), seen=try_out(credentials, wish))
        done = work(name, credentials, wish)
    except ConnectionProblem as problem:
        return _page(request, row, mode, _typed(request.POST), problem=problem)
    log.info("%s: %s the database %r.", request.user.get_username(), PAST[mode], done.name)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": reverse("databases")})
    return redirect("databases")


PAST = {"add": "added", "edit": "changed", "adopt": "adopted"}


def _read(given: QueryDict, row: Database | None, mode: str) -> tuple[str, Credentials | None, Wish]:
    """Return what the form says; None for the credentials where an edit leaves them alone.

    Raises:
        InvalidFields: with every field that cannot be used, the name among them.
    """
    findings: list[Finding] = []
    name, credentials = row.name if row else "", None
    if mode != "adopt" and "test" not in given:  # a try stores nothing, and needs no name
        try:
            name = read_name(given.get("name", ""))
        except InvalidFields as problem:
            findings += problem.findings
    stored = _stored(row) if mode == "edit" else None
    if mode == "edit" and stored is None and "test" not in given and not any(map(given.get, ENTERED)):
        if findings:
            raise InvalidFields(*findings)
        return name, None, Wish()  # a locked one is renamed alone
    try:
        credentials = read_url(given["url"]) if given.get("url", "").strip() else read_fields(given, stored)
    except InvalidFields as problem:
        findings += problem.findings
    if findings:
        raise InvalidFields(*findings)
    schema = given.get("schema", "install")
    instead = given.getlist("instead")
    wish = Wish(schema != "none" and "no-schema" not in instead, schema == "types_only", "pooler" in instead)
    if mode == "edit" and row is not None and "test" not in given and credentials == stored:
        same = (wish.schema, wish.types_only) == (row.wants_schema, row.types_only)
        return name, None if same else credentials, wish
    return name, credentials, wish


def _stored(row: Database | None) -> Credentials | None:
    try:
        return keyring.open_row(row) if row is not None else None
    except keyring.Locked:
        return None


def _stored_fields(row: Database | None) -> dict[str, Any]:
    """Return what the form begins with."""
    stored = _stored(row)
    schema = "install" if row is None or row.wants_schema else "none"
    if row is not None and row.wants_schema and row.types_only:
        schema = "types_only"
    begin = {"name": row.name if row else "", "schema": schema, "sslmode": "require", "port": "5432"}
    return {**begin, **(stored.fields() if stored else {})}


def _typed(given: QueryDict) -> dict[str, Any]:
    """Return what was typed, but for the secrets."""
    typed = {name: given.get(name, "") for name in ("name", "schema", *FIELDS) if name != "password"}
    try:
        return {**typed, **read_url(given["url"]).fields()} if given.get("url", "").strip() else typed
    except InvalidFields:
        return typed


def _version(given: QueryDict) -> int | None:
    text = given.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _page(
    request: HttpRequest,
    row: Database | None,
    mode: str,
    fields: dict[str, Any],
    *,
    problem: ConnectionProblem | None = None,
    seen: Result | None = None,
) -> HttpResponse:
    context = {
        "row": row,
        "mode": mode,
        "fields": fields,
        "modes": [(each, MODE_WORDS[each]) for each in sorted(MODES, key=list(MODE_WORDS).index)],
        "locked": mode == "edit" and _stored(row) is None,
        "problems": [Shown(each) for each in problem.findings] if problem else [],
        "invalid": {each.variable for each in problem.findings} if problem else set(),
        "offer": _offer(problem),
        "pooler": "pooler" in request.POST.getlist("instead"),
        "seen": seen,
    }
    template = "connections/_outcome.html" if request.htmx else "connections/form.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=problem.status if problem else 200)


class Shown:
    """A finding as the page shows it: a statement that its fix holds stands on a line of its own, to be copied."""

    def __init__(self, found: Finding) -> None:
        self.code, self.variable, self.message = found.code, found.variable, found.message
        parts = STATEMENT.fullmatch(found.hint)
        self.before, self.statement, self.after = parts.groups() if parts else (found.hint, "", "")


def _offer(problem: ConnectionProblem | None) -> str:
    """Return what the person may choose instead: "no-schema", "pooler" or ""."""
    offers = {"live-no-create": "no-schema", "schema-foreign": "no-schema", "live-pooler": "pooler"}
    return offers.get(problem.finding.kind, "") if problem else ""


def _refused(request: HttpRequest, problem: ConnectionProblem) -> HttpResponse:
    return render(request, "connections/refused.html", {"problem": problem.finding}, status=problem.status)


def _words(found: Finding) -> dict[str, str]:
    return {"code": found.code, "field": found.variable, "message": found.message, "fix": found.hint}
