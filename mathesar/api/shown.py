"""What the API shows of a database; never a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from mathesar.connections.keyring import Locked, open_row
from mathesar.connections.models import Database, Source
from mathesar.connections.probe import Result
from mathesar.connections.reaching import entry_of
from mathesar.connections.told import code_of, known
from mathesar.dbschema import Dependent
from provisioner.database_url import DatabaseUrl
from provisioner.findings import rule


def database(row: Database, who: User) -> dict[str, Any]:
    """Return a row as the API shows it to somebody; only superusers see where it leads."""
    environment = row.source == Source.ENVIRONMENT
    schema_problem = known(row.schema_code)
    return {
        "id": row.pk,
        "name": row.name,
        "source": "environment" if environment else "person",
        "variable": row.variable if environment else None,
        "place": _place(row) if who.is_superuser else None,
        "status": row.status,
        "code": code_of(row),
        "server_version": row.server_version,
        "mathesar_schema": {
            "state": row.schema,
            "version": row.schema_version,
            "wanted": row.wants_schema,
            "types_only": row.types_only,
            "code": schema_problem.code if schema_problem else "",
        },
        "last_checked": row.last_checked,
        "detached_at": row.detached_at,
        "version": row.version,
    }


def seen(result: Result) -> dict[str, Any]:
    """Return what a look found."""
    return {
        "status": result.status,
        "code": rule(f"live-{result.code}").code if result.code else "",
        "server_version": result.server_version,
        "mathesar_schema": result.schema,
    }


def dependent(each: Dependent) -> dict[str, str]:
    """Return one thing that uses the Mathesar schema."""
    return {
        "schema_name": each.schema,
        "relation": each.table,
        "column": each.column,
        "type": each.type,
        "kind": each.kind,
    }


def _place(row: Database) -> dict[str, str] | None:
    url = _url(row)
    if url is None:
        return None
    return {
        "host": url.host,
        "port": url.port,
        "dbname": url.dbname,
        "username": url.user,
        "sslmode": url.params.get("sslmode", ""),
    }


def _url(row: Database) -> DatabaseUrl | None:
    if row.source == Source.ENVIRONMENT:
        entry = entry_of(row)
        return entry.url if entry is not None else None
    try:
        return open_row(row).url()
    except Locked:
        return None
