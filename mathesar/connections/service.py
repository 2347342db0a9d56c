"""Adding, editing, adopting and removing connections: the one place that pages, API and commands go through.

Everything is tried on the live database first and stored afterwards. The order makes a kill at any moment harmless:
the schema of the user database is one transaction, the row of the internal database another, and doing it again
finishes what was begun.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from mathesar.connections import opening
from mathesar.connections.credentials import Credentials, read_name
from mathesar.connections.errors import Conflict, NotFound
from mathesar.connections.guard import ReadOnlyDatabase, changes_from_the_environment
from mathesar.connections.keyring import fingerprints, seal_for
from mathesar.connections.models import Database, Source, Status
from mathesar.connections.status import record
from mathesar.connections.trial import Wish, attempt
from mathesar.current import get_plan
from provisioner.entries import name_key
from provisioner.findings import finding


def get(row_id: UUID) -> Database:
    """Return a row.

    Raises:
        NotFound: there is none.
    """
    found = Database.objects.filter(pk=row_id).first()
    if found is None:
        raise NotFound(finding("connection-unknown", "id"))
    return found


def add(name: str, credentials: Credentials, wish: Wish | None = None) -> Database:
    """Try the connection, install the Mathesar schema if wished, then store both; return the new row.

    Raises:
        InvalidFields: the name cannot be used.
        Conflict: the name, or the same place with the same user, is here already.
        TestFailed: the database cannot be used so; nothing is stored.
    """
    wish = wish or Wish()
    name = read_name(name)
    _refuse_taken(name)
    _refuse_same(credentials)
    seen = attempt(credentials, wish)
    row_id = uuid4()
    try:
        with transaction.atomic():
            row = Database.objects.create(
                pk=row_id,
                source=Source.PERSON,
                name=name,
                key=name_key(name),
                position=Database.objects.count(),
                wants_schema=wish.schema,
                types_only=wish.types_only,
                **seal_for(row_id, credentials),
            )
            record(row, seen)
    except IntegrityError:  # somebody else was quicker
        raise Conflict(finding("connection-name-taken", "name", name=repr(name))) from None
    row.refresh_from_db()
    return row


def edit(
    row: Database,
    *,
    name: str | None = None,
    credentials: Credentials | None = None,
    wish: Wish | None = None,
    version: int | None = None,
) -> Database:
    """Rename a connection, or swap its credentials after trying the new ones; the old ones need not be readable.

    With credentials, `wish` is what becomes of the Mathesar schema: by default what was wished before. `version` is
    the one that the person's form began from. With no credentials nothing is connected to.

    Raises:
        ReadOnlyDatabase: the environment defines it.
        InvalidFields, Conflict, TestFailed: as for `add`; nothing is changed.
    """
    row.refuse_if_environment()
    values: dict[str, object] = {}
    if name is not None and name.strip() != row.name:
        new = read_name(name)
        _refuse_taken(new, but=row.pk)
        values |= {"name": new, "key": name_key(new)}
    seen = None
    if credentials is not None:
        _refuse_same(credentials, but=row.pk)
        wish = wish or Wish(row.wants_schema, row.types_only)
        seen = attempt(credentials, wish)
        values |= {"wants_schema": wish.schema, "types_only": wish.types_only, **seal_for(row.pk, credentials)}
    try:
        with transaction.atomic():
            stored = Database.objects.select_for_update().get(pk=row.pk)
            if version is not None and stored.version != version:
                raise Conflict(finding("connection-changed", "version"))
            for column, value in {**values, "version": stored.version + 1}.items():
                setattr(stored, column, value)
            stored.save()
            if seen is not None:
                record(stored, seen)
    except Database.DoesNotExist:
        raise NotFound(finding("connection-unknown", "id")) from None
    except IntegrityError:
        raise Conflict(finding("connection-name-taken", "name", name=repr(values.get("name")))) from None
    opening.forget(row.pk)
    stored.refresh_from_db()
    return stored


def adopt(row: Database, credentials: Credentials, wish: Wish | None = None) -> Database:
    """Make an ordinary connection of a detached entry, keeping its id.

    Raises:
        Conflict: it is not detached.
        TestFailed: the database cannot be used so; it stays detached.
    """
    if row.source != Source.ENVIRONMENT or row.status != Status.DETACHED:
        raise Conflict(finding("entry-not-detached", row.variable or "name"))
    wish = wish or Wish()
    _refuse_same(credentials, but=row.pk)
    seen = attempt(credentials, wish)
    with changes_from_the_environment(), transaction.atomic():
        stored = Database.objects.select_for_update().filter(pk=row.pk).first()
        if stored is None:
            raise NotFound(finding("connection-unknown", "id"))
        if stored.source != Source.ENVIRONMENT or stored.status != Status.DETACHED:
            raise Conflict(finding("entry-not-detached", stored.variable or "name"))
        columns = {
            "source": Source.PERSON,
            "variable": "",
            "status": Status.PENDING,
            "status_code": "",
            "detached_at": None,
            "identity": "",
            "wants_schema": wish.schema,
            "types_only": wish.types_only,
            "version": stored.version + 1,
            **seal_for(stored.pk, credentials),
        }
        for column, value in columns.items():
            setattr(stored, column, value)
        stored.save()
        record(stored, seen)
    stored.refresh_from_db()
    return stored


def refuse_environment(row: Database) -> None:
    """Raise `ReadOnlyDatabase` for an entry that the environment defines; a detached one is nobody's any more."""
    if row.source == Source.ENVIRONMENT and row.status != Status.DETACHED:
        raise ReadOnlyDatabase(row.name, row.variable)


def is_removable(row_id: UUID) -> bool:
    """Tell whether a row is there that a person may remove."""
    row = Database.objects.filter(pk=row_id).first()
    return row is not None and (row.source == Source.PERSON or row.status == Status.DETACHED)


def _refuse_taken(name: str, *, but: UUID | None = None) -> None:
    key = name_key(name)
    taken = Database.objects.filter(key=key).exclude(pk=but).exists()
    if taken or any(name_key(entry.name) == key for entry in get_plan().entries):
        raise Conflict(finding("connection-name-taken", "name", name=repr(name)))


def _refuse_same(credentials: Credentials, *, but: UUID | None = None) -> None:
    """Refuse what is here already: same host, port, database and user."""
    found = Database.objects.filter(source=Source.PERSON, fingerprint__in=fingerprints(credentials)).exclude(pk=but)
    name = found.values_list("name", flat=True).first()
    for entry in get_plan().entries:
        if (entry.url.target(), entry.url.user) == (credentials.url().target(), credentials.username):
            name = entry.title
    if name is not None:
        raise Conflict(finding("connection-same-target", "host", name=repr(name)))
