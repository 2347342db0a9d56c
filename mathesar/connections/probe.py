"""One live look at a database: does it answer, which one is it, which version."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import psycopg

from mathesar import current
from provisioner.connecting import LIMIT_SECONDS, ConnectFailed, connect, cut_off
from provisioner.failure_codes import failure_code, sqlstate_code

if TYPE_CHECKING:
    from provisioner.dsn import DatabaseUrl

__all__ = ["LIMIT_SECONDS", "Result", "ask", "look"]


@dataclass(frozen=True)
class Result:
    """What was seen; `code` is dns, refused, timeout, tls, auth, no-database, other or ""."""

    status: Literal["connected", "unreachable"]
    code: str = ""
    server_version: str = ""
    identity: str = ""


def look(url: DatabaseUrl, *, authority: str | None = None) -> Result:
    """Connect, ask for version and identity, and disconnect; in `LIMIT_SECONDS` once the name is resolved.

    Never raises for what the server or the network does, and never tells their words: only a code of a closed
    list.
    """
    plan = current.get_plan()
    end = time.monotonic() + LIMIT_SECONDS
    try:
        connection = connect(
            url,
            profile=plan.profile,
            authority=authority or plan.ca_certificate,
            block_private=plan.block_private_hosts,
        )
        with cut_off(connection, end - time.monotonic()), connection, connection.transaction():
            return ask(connection, url)
    except ConnectFailed as failed:
        return Result("unreachable", failed.code)
    except psycopg.Error as error:
        return Result("unreachable", sqlstate_code(error.sqlstate) or failure_code(str(error)))


def ask(connection: psycopg.Connection[Any], url: DatabaseUrl) -> Result:
    """Ask for version and identity inside the transaction that the caller has begun."""
    connection.execute("SET LOCAL statement_timeout = '2s'")
    row = connection.execute(
        "SELECT current_setting('server_version'), d.oid::text,"
        " has_function_privilege('pg_control_system()', 'execute')"
        " FROM pg_database d WHERE d.datname = current_database()"
    ).fetchone()
    if row is None:
        return Result("unreachable", "other")
    version, oid, may_ask = row
    if may_ask:
        system = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
        identity = f"system:{system[0] if system else ''}/{oid}"
    else:  # a weaker mark: the same object number at the same address
        place = hashlib.sha256(url.target().encode()).hexdigest()[:24]
        identity = f"place:{place}/{oid}"
    return Result("connected", "", str(version).split(" ")[0], identity)
