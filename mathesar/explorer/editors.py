"""Who may change rows, and the links to their pages. There is one role above looking today: superusers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from mathesar.accounts.signed_in import person_of
from mathesar.explorer.attempt import Place, digest_of
from mathesar.explorer.cursors import LONGEST, read_address, write_addresses


def may_edit(person: User) -> bool:
    """Tell whether somebody may change rows."""
    return person.is_superuser


def for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 403 to everybody who may only look."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit(person_of(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def kept_query(query: QueryDict) -> dict[str, str]:
    """Return which rows and columns of the table a person came from."""
    kept = {name: query.get(name, "") for name in ("after", "columns")}
    return {name: value for name, value in kept.items() if value and len(value) <= LONGEST}


def edit_links(
    database_id: UUID, oid: int, key: Sequence[str], rows: Sequence[Sequence[str]], kept: dict[str, str]
) -> list[str]:
    """Return the path of each row's page, "" for a row whose key is too long for one."""
    digest = digest_of(key)
    words = write_addresses(_place(database_id, oid), [(digest, *row) for row in rows])
    start, _, end = reverse("row-edit", args=(database_id, oid, "\0")).partition("%00")
    query = f"?{urlencode(kept)}" if kept else ""
    return [f"{start}{word}{end}{query}" if word else "" for word in words]


def row_place(database_id: UUID, oid: int, word: str, skip: int) -> Place | None:
    """Return the place that a link's word means; None where nobody made it for this table."""
    found = read_address(_place(database_id, oid), word)
    return Place(oid, skip, found[1:], found[0]) if found and len(found) > 1 else None


def _place(database_id: UUID, oid: int) -> str:
    return f"{database_id}|{oid}"
