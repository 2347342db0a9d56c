"""The operations on databases: the same service that the pages use, and the same refusals."""

from __future__ import annotations

import logging
from typing import Any, Literal
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status

from mathesar.api import schemas, shown
from mathesar.api.auth import person, superuser
from mathesar.connections import keyring, pace, removal, schema, service
from mathesar.connections.credentials import FIELDS, Credentials, read_fields, read_url
from mathesar.connections.errors import ConnectionRefused, InvalidFields, live
from mathesar.connections.models import Database
from mathesar.connections.probe import look
from mathesar.connections.reaching import reach_of
from mathesar.connections.status import record
from mathesar.connections.trial import Wish, try_out
from provisioner.findings import finding


class Asked(HttpRequest):
    """A request as the API's own check leaves it."""

    auth: User


log = logging.getLogger("mathesar.connections")
router = Router(tags=["databases"])
PROBLEMS = {status: schemas.Problem for status in (400, 401, 403, 404, 405, 409, 415, 422, 429, 503)}


def _answers(**more: Any) -> dict[int, Any]:
    return {**{int(status[1:]): form for status, form in more.items()}, **PROBLEMS}


ONE = "/databases/{uuid:id}"
SHOWN = _answers(_200=schemas.Database)
SEEN = _answers(_200=schemas.Seen)
GONE = _answers(_204=None)


@router.get("/databases", auth=person, response=_answers(_200=schemas.Databases), summary="List the databases")
def list_databases(request: Asked) -> dict[str, Any]:
    """Every database with what was last known of it; no database is waited for."""
    who: User = request.auth
    return {"databases": [shown.database(row, who) for row in Database.objects.all()]}


@router.post("/databases", auth=superuser, response=_answers(_201=schemas.Database), summary="Connect a database")
def create_database(request: Asked, response: HttpResponse, body: schemas.NewDatabase) -> Any:
    """It is tried first, and the Mathesar schema installed; nothing is stored unless that works."""
    who: User = request.auth
    credentials = _credentials(body, None)
    pace.allow_test(who.pk)
    row = service.add(body.name, credentials, _wish(body))
    log.info("%s: added the database %r.", who.get_username(), row.name)
    response["Location"] = f"{reverse('api', args=('databases',))}/{row.pk}"
    return Status(201, shown.database(row, who))


@router.post("/databases/test", auth=superuser, response=SEEN, summary="Try a connection")
def test_connection(request: Asked, body: schemas.Where) -> dict[str, Any]:
    """Try whether it would work; nothing is changed or stored."""
    who: User = request.auth
    credentials = _credentials(body, None)
    pace.allow_test(who.pk)
    return shown.seen(try_out(credentials, _wish(body)))


@router.get(ONE, auth=person, response=SHOWN, summary="Read a database")
def read_database(request: Asked, id: UUID) -> dict[str, Any]:
    """What was last known of it."""
    who: User = request.auth
    return shown.database(service.get(id), who)


@router.patch(ONE, auth=superuser, response=SHOWN, summary="Change a connection")
def update_database(request: Asked, id: UUID, body: schemas.ChangedDatabase) -> dict[str, Any]:
    """New credentials are tried first; until they work the old ones stay. One from the environment: 409."""
    who: User = request.auth
    row = service.get(id)
    row.refuse_if_environment()
    credentials = wish = None
    if body.url or any(getattr(body, name) is not None for name in (*FIELDS, "mathesar_schema")):
        credentials = _credentials(body, _stored(row, body))
        wish = _wish(body, row)
        pace.allow_test(who.pk)
    row = service.edit(row, name=body.name, credentials=credentials, wish=wish, version=body.version)
    log.info("%s: changed the database %r.", who.get_username(), row.name)
    return shown.database(row, who)


@router.delete(ONE, auth=superuser, response=GONE, summary="Remove a connection")
def delete_database(
    request: Asked, id: UUID, mathesar_schema: Literal["keep", "remove"] = "keep", cascade: bool = False
) -> Any:
    """The database and its data stay. `mathesar_schema=remove` takes that first, `cascade` what uses it, too."""
    who: User = request.auth
    row = service.get(id)
    removal.remove(row, with_schema=mathesar_schema == "remove", cascade=cascade)
    log.info("%s: removed the database %r.", who.get_username(), row.name)
    return Status(204, None)


@router.post(ONE + "/test", auth=superuser, response=SEEN, summary="Look at a database now")
def look_now(request: Asked, id: UUID) -> dict[str, Any]:
    """Connect with the stored credentials, within five seconds, and note what was found."""
    who: User = request.auth
    row = service.get(id)
    reach = reach_of(row)
    pace.allow_test(who.pk)
    seen = look(reach, background=False)
    if seen.code == "busy":  # nobody looked
        raise ConnectionRefused(live("busy"))
    record(row, seen)
    return shown.seen(seen)


@router.post(
    ONE + "/adopt",
    auth=superuser,
    response=SHOWN,
    summary="Adopt a detached one",
)
def adopt_database(request: Asked, id: UUID, body: schemas.Where) -> dict[str, Any]:
    """Make an ordinary connection of an entry that left the environment; its id stays."""
    who: User = request.auth
    row = service.get(id)
    service.refuse_environment(row)
    credentials = _credentials(body, None)
    pace.allow_test(who.pk)
    row = service.adopt(row, credentials, _wish(body))
    log.info("%s: adopted the database %r.", who.get_username(), row.name)
    return shown.database(row, who)


@router.put(
    ONE + "/schema",
    auth=superuser,
    response=SHOWN,
    summary="Install the schema",
)
def install_schema(request: Asked, id: UUID, types_only: bool | None = None) -> dict[str, Any]:
    """Install the Mathesar schema, or upgrade it."""
    who: User = request.auth
    row = service.get(id)
    schema.install(row, types_only=types_only)
    log.info("%s: installed the Mathesar schema in %r.", who.get_username(), row.name)
    return shown.database(service.get(id), who)


@router.delete(ONE + "/schema", auth=superuser, response=GONE, summary="Remove the schema")
def remove_schema(request: Asked, id: UUID, cascade: bool = False) -> Any:
    """Remove the Mathesar schema; 409 while something uses it, unless `cascade` takes that, too."""
    row = service.get(id)
    schema.remove(row, cascade=cascade)
    log.info("%s: removed the Mathesar schema from %r.", request.auth.get_username(), row.name)
    return Status(204, None)


@router.get(
    ONE + "/dependents",
    auth=superuser,
    response=_answers(_200=schemas.Dependents),
    summary="What uses it",
)
def list_dependents(request: Asked, id: UUID) -> dict[str, Any]:
    """What uses the Mathesar schema, and would be lost with it."""
    return {"dependents": [shown.dependent(each) for each in schema.dependents(service.get(id))]}


def _credentials(body: schemas.Where, stored: Credentials | None) -> Credentials:
    if body.url:
        if any(getattr(body, name) is not None for name in FIELDS):
            raise InvalidFields(finding("field-invalid", "url", what="give either the URL or the fields, not both"))
        return read_url(body.url)
    return read_fields({name: getattr(body, name) for name in FIELDS}, stored)


def _stored(row: Database, body: schemas.Where) -> Credentials | None:
    try:
        return keyring.open_row(row)
    except keyring.Locked:
        if body.url or all((body.host, body.dbname, body.username, body.password)):
            return None
        raise


def _wish(body: schemas.Where, row: Database | None = None) -> Wish:
    if body.mathesar_schema is None and row is not None:
        return Wish(row.wants_schema, row.types_only, body.pooler)
    return Wish(body.mathesar_schema != "none", body.mathesar_schema == "types_only", body.pooler)
