"""The pages inside a database: its tables, one table, and the next rows of one. Whoever is signed in may look.

Who may edit as well finds links to `edit_views` here; for everybody else the pages do no more work than they need.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from mathesar.accounts.signed_in import person_of
from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.models import Database
from mathesar.connections.opening import opened
from mathesar.explorer import catalog
from mathesar.explorer.cursors import read_cursor, write_cursor
from mathesar.explorer.edit_row import why_not
from mathesar.explorer.editors import edit_links, kept_query, may_edit
from mathesar.explorer.errors import BrowsingProblem, Subject, problem
from mathesar.explorer.rows import Order
from mathesar.explorer.said import DOUBTFUL, SAID, read_held
from mathesar.explorer.shapes import Shapes
from mathesar.explorer.shown_overview import ShownOverview
from mathesar.explorer.shown_table import ShownTable
from mathesar.explorer.table import Request, Table, look_again, look_at
from mathesar.explorer.transaction import looking

MOST_OID = 2**32 - 1
LONGEST_FILTER = 63
_shapes = Shapes()


@require_GET
def overview(request: HttpRequest, database_id: UUID) -> HttpResponse:
    """Show the schemas, tables and views of a database, by name, narrowed down by a text and a schema."""
    database = get_object_or_404(Database, pk=database_id)
    place = f"{database.pk}|overview"
    chosen = catalog.Filter(
        text=request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_FILTER],
        schema=_number(request, "schema") or None,
        after=_pair(read_cursor(place, request.GET["after"])) if request.GET.get("after") else None,
    )
    try:
        with opened(database) as connection, looking(connection) as look:
            seen = catalog.read_overview(look.ask(*catalog.overview_questions(chosen), last=True))
    except (ConnectionProblem, BrowsingProblem) as refused:
        return _refused(request, database, refused)
    cursor = write_cursor(place, seen.after) if seen.after else None
    context = {"database": database, "seen": seen, "chosen": chosen, "shown": ShownOverview(seen, chosen, cursor)}
    return render(request, "explorer/overview.html", context)


@require_GET
def table(request: HttpRequest, database_id: UUID, oid: int) -> HttpResponse:
    """Show one table or view: what it is, its columns, a page of its rows."""
    database = get_object_or_404(Database, pk=database_id)
    asked = _asked(request, database, oid)
    try:
        with opened(database) as connection:
            seen = look_at(connection, asked)
    except (ConnectionProblem, BrowsingProblem) as refused:
        return _refused(request, database, refused)
    return render(request, "explorer/table.html", _context(request, database, asked, seen))


@require_GET
def rows(request: HttpRequest, database_id: UUID, oid: int) -> HttpResponse:
    """Return the rows after a cursor alone, for a page that has the others already."""
    database = get_object_or_404(Database, pk=database_id)
    asked = _asked(request, database, oid, brief=True)
    try:
        with opened(database) as connection:
            seen = _look_quickly(connection, database, asked)
    except (ConnectionProblem, BrowsingProblem) as refused:
        return render(request, "explorer/_rows.html", {"problem": refused})
    return render(request, "explorer/_rows.html", _context(request, database, asked, seen))


def _look_quickly(connection: psycopg.Connection[Any], database: Database, asked: Request) -> Table:
    key = (database.pk, database.version, asked.oid, asked.skip)
    shape = _shapes.get(key)
    seen = look_again(connection, asked, shape) if shape else None
    if seen is None:
        if connection.closed:
            raise problem("live-lost", Subject())
        seen = look_at(connection, asked)
        if seen.page is not None and seen.stamp:
            _shapes.put(key, seen.shape)
    return seen


def _asked(request: HttpRequest, database: Database, oid: int, *, brief: bool = False) -> Request:
    if oid > MOST_OID:
        raise Http404
    cursor = request.GET.get("after")

    def after(order: Order) -> tuple[str, ...] | None:
        values = read_cursor(_place(database, oid, order), cursor or "")
        return values if values is not None and len(values) == len(order.columns) else None

    return Request(
        oid, skip=_number(request, "columns"), after=after if cursor else None, brief=brief,
        count=request.GET.get("count") == "1",
    )  # fmt: skip


def _place(database: Database, oid: int, order: Order) -> str:
    return f"{database.pk}|{oid}|{order.by_place}|{order.key}"


def _context(request: HttpRequest, database: Database, asked: Request, seen: Table) -> dict[str, Any]:
    after = seen.page.after if seen.page else None
    cursor = write_cursor(_place(database, asked.oid, seen.order), after) if after else None
    fixed, links = None, []
    said = request.GET.get("said", "")
    held: list[tuple[str, str]] = []
    editor = may_edit(person_of(request))
    if editor:
        held = read_held(f"{database.pk}|{asked.oid}", request.GET.get("held", ""))
        fixed = why_not(seen.relation, bool(seen.order.key))
        if fixed is None and seen.page and (seen.relation.may_update or seen.relation.may_delete):
            links = edit_links(database.pk, asked.oid, seen.order.key, seen.page.keys, kept_query(request.GET))
    return {
        "database": database,
        "shown": ShownTable(seen, asked.skip, cursor, asked.after is not None, links, editor, fixed),
        "problem": seen.problem,
        "said": SAID.get(said) if editor else None,
        "held": held,
        "is_doubtful": bool(held) or said in DOUBTFUL,
    }


def _refused(request: HttpRequest, database: Database, refused: ConnectionProblem | BrowsingProblem) -> HttpResponse:
    return render(request, "explorer/problem.html", {"database": database, "problem": refused}, status=refused.status)


def _number(request: HttpRequest, name: str) -> int:
    """Return a whole number of the address, 0 where it is none."""
    text = request.GET.get(name, "")
    return min(int(text), MOST_OID) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _pair(values: tuple[str, ...] | None) -> tuple[str, str] | None:
    return (values[0], values[1]) if values and len(values) == 2 else None
