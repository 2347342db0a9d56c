"""The pages that change rows: one to edit, one to add, one to delete. They are forms, and need no script."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.models import Database
from mathesar.connections.opening import opened
from mathesar.explorer import edit_row
from mathesar.explorer.attempt import Attempt, Place
from mathesar.explorer.columns import PAGE
from mathesar.explorer.editors import for_editors, kept_query, row_place
from mathesar.explorer.errors import BrowsingProblem, Subject, problem
from mathesar.explorer.said import write_held
from mathesar.explorer.shown_row import new_fields, shown_fields, shown_value
from mathesar.explorer.values import REST, read_seen, seen_of, write_seen

log = logging.getLogger("mathesar.explorer")
MOST_OID = 2**32 - 1
ADDING = "add"  # in place of a row's word, which is never as short
Refusal = (ConnectionProblem, BrowsingProblem)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def edit(request: HttpRequest, database_id: UUID, oid: int, word: str) -> HttpResponse:
    """Show one row's values to be changed, or change them."""
    database = _database(database_id, oid)
    seen: dict[int, str] | None = None
    try:
        place = _place(request, database, oid, word)
        if request.method == "POST":
            seen = _seen(request, database, oid, word)
            with opened(database) as connection:
                found = edit_row.save(connection, place, seen, request.POST)
            if found.problem is None:
                said = "saved" if found.saved else "same" if found.tried else "unchanged"
                return _done(request, database, found, said)
        else:
            with opened(database) as connection:
                found = edit_row.find(connection, place, "update", "delete")
    except Refusal as refused:
        return _refused(request, database, oid, refused)
    fields = shown_fields(found, seen)
    context = _context(request, database, found) | {
        "fields": fields, "seen": _sealed(request, database, oid, word, found),
        "is_open": any(field.tag != "fixed" for field in fields),
        "is_gone": _is_gone(found), "delete": _with_query(request, "row-delete", database, oid, word),
    }  # fmt: skip
    return render(request, "explorer/row.html", context, status=_status(found))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def add(request: HttpRequest, database_id: UUID, oid: int) -> HttpResponse:
    """Show the fields of a new row, or add it."""
    database = _database(database_id, oid)
    try:
        seen = _seen(request, database, oid, ADDING) if request.method == "POST" else {}
        with opened(database) as connection:
            if request.method == "POST":
                found = edit_row.add(connection, Place(oid), seen, request.POST)
                if found.problem is None:
                    return _done(request, database, found, "added" if found.held is not None else "unseen")
            else:
                found = edit_row.find(connection, Place(oid), "insert")
    except Refusal as refused:
        return _refused(request, database, oid, refused)
    context = _context(request, database, found) | {
        "fields": new_fields(found), "is_new": True, "is_open": True,
        "seen": write_seen(_seen_place(database, oid, ADDING), seen_of({}, found.fields)),
    }  # fmt: skip
    return render(request, "explorer/row.html", context, status=_status(found))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def delete(request: HttpRequest, database_id: UUID, oid: int, word: str) -> HttpResponse:
    """Ask whether to delete a row, or delete it."""
    database = _database(database_id, oid)
    try:
        place = _place(request, database, oid, word)
        if request.method == "POST":
            seen = _seen(request, database, oid, word)
            with opened(database) as connection:
                found = edit_row.delete(connection, place, seen)
            if found.problem is None:
                return _done(request, database, found, "deleted")
        else:
            with opened(database) as connection:
                found = edit_row.find(connection, place, "delete")
    except Refusal as refused:
        return _refused(request, database, oid, refused)
    context = _context(request, database, found) | {
        "fields": shown_fields(found),
        "seen": _sealed(request, database, oid, word, found),
        "is_gone": _is_gone(found),
        "is_read": found.values is not None,
        "is_rest_changed": REST in found.changed,
        "cancel": _with_query(request, "row-edit", database, oid, word),
    }
    return render(request, "explorer/row_delete.html", context, status=_status(found))


def _database(database_id: UUID, oid: int) -> Database:
    if oid > MOST_OID:
        raise Http404
    return get_object_or_404(Database, pk=database_id)


def _place(request: HttpRequest, database: Database, oid: int, word: str) -> Place:
    text = request.GET.get("columns", "")
    skip = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    place = row_place(database.pk, oid, word, skip)
    if place is None:
        raise problem("edit-link", Subject("This table", "table"))
    return place


def _seen_place(database: Database, oid: int, word: str) -> str:
    return f"{database.pk}|{oid}|{word}"


def _seen(request: HttpRequest, database: Database, oid: int, word: str) -> dict[int, str]:
    seen = read_seen(_seen_place(database, oid, word), request.POST.get("seen", ""))
    if seen is None:
        raise problem("edit-link", Subject("This table", "table"))
    return seen


def _sealed(request: HttpRequest, database: Database, oid: int, word: str, found: Attempt) -> str:
    """Return what the form remembers: the row as it is now, or as it was shown where it could not be read."""
    if found.values is None:
        return request.POST.get("seen", "")
    return write_seen(_seen_place(database, oid, word), seen_of(found.values, found.fields))


def _is_gone(found: Attempt) -> bool:
    """Tell whether there is no row to try again with; one that is locked is only out of reach."""
    return found.problem is not None and found.problem.finding.kind == "edit-row-gone"


def _done(request: HttpRequest, database: Database, found: Attempt, said: str) -> HttpResponse:
    relation = found.relation
    if found.saved:
        name = f"{relation.schema}.{relation.name}"
        log.info("%s: %s a row of %r in the database %r.", request.user.get_username(), said, name, database.name)
    query = {**kept_query(request.GET), "said": said}
    if found.saved and found.held:
        held = [(each.field.title, shown_value(each.value)) for each in found.held]
        query["held"] = write_held(f"{database.pk}|{relation.oid}", held)
    return redirect(f"{reverse('browse-table', args=(database.pk, relation.oid))}?{urlencode(query)}")


def _with_query(request: HttpRequest, name: str, database: Database, oid: int, word: str) -> str:
    kept = kept_query(request.GET)
    return reverse(name, args=(database.pk, oid, word)) + (f"?{urlencode(kept)}" if kept else "")


def _context(request: HttpRequest, database: Database, found: Attempt) -> dict[str, Any]:
    kept = kept_query(request.GET)
    back = reverse("browse-table", args=(database.pk, found.relation.oid)) + (f"?{urlencode(kept)}" if kept else "")
    return {
        "database": database, "relation": found.relation, "back": back, "problem": found.problem,
        "faults": found.faults, "beyond": found.relation.columns > PAGE,
    }  # fmt: skip


def _status(found: Attempt) -> int:
    return found.problem.status if found.problem else 200


def _refused(
    request: HttpRequest, database: Database, oid: int, refused: ConnectionProblem | BrowsingProblem
) -> HttpResponse:
    """Say why there is no form; what was typed is kept in the page, to be sent again."""
    kept = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    context = {
        "database": database, "problem": refused, "kept": kept,
        "back": reverse("browse-table", args=(database.pk, oid)),
    }  # fmt: skip
    return render(request, "explorer/row_refused.html", context, status=refused.status)
