"""Removing a connection: first what it would take along, then the choice."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from mathesar.accounts.signed_in import for_superusers
from mathesar.connections import removal, service
from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.models import Status

log = logging.getLogger("mathesar.connections")
MOST_LISTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_superusers
def remove(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Ask, or remove. What the schema takes along is looked at by `takes`, so the question appears at once."""
    problem = None
    try:
        row = service.get(database_id)
        service.refuse_environment(row)
        if request.method == "POST":
            with_schema = request.POST.get("schema") == "remove"
            removal.remove(row, with_schema=with_schema, cascade=request.POST.get("cascade") == "yes")
            how = " and the Mathesar schema in it" if with_schema else ""
            log.info("%s: removed the database %r%s.", request.user.get_username(), row.name, how)
            return redirect("databases")
    except ConnectionProblem as refused:
        if refused.status == 404 or not service.is_removable(database_id):
            return render(request, "connections/refused.html", {"problem": refused.finding}, status=refused.status)
        problem = refused
    context = {"row": row, "problem": problem.finding if problem else None, "detached": row.status == Status.DETACHED}
    if "look" in request.GET or problem is not None:
        context |= _takes(row)
    return render(request, "connections/remove.html", context, status=problem.status if problem else 200)


@require_GET
@for_superusers
def takes(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Return the choice about the schema, with everything that uses it."""
    try:
        row = service.get(database_id)
        context = {"row": row, **_takes(row)}
    except ConnectionProblem as refused:
        return render(request, "connections/_problem.html", {"problem": refused.finding}, status=200)
    return render(request, "connections/_takes.html", context)


def _takes(row: service.Database) -> dict[str, object]:
    found = removal.foresee(row)
    return {
        "found": found,
        "listed": found.dependents[:MOST_LISTED],
        "more": max(0, len(found.dependents) - MOST_LISTED),
    }
