"""One live look at a database: does it answer, which one is it, which version, is the Mathesar schema there."""

from __future__ import annotations

import contextlib
import hashlib
import time
from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from mathesar.connections.models import Schema
from mathesar.connections.reaching import Reach, connect_to
from mathesar.dbschema import SchemaError, read_state
from provisioner.connecting import LIMIT_SECONDS, ConnectFailed, cut_off
from provisioner.database_url import DatabaseUrl
from provisioner.failure_codes import failure_code, sqlstate_code


@dataclass(frozen=True)
class Result:
    """What was seen; `code` is one of `ConnectFailed`'s or ""; `schema` one of `Schema`'s."""

    status: Literal["connected", "unreachable"]
    code: str = ""
    server_version: str = ""
    identity: str = ""
    schema: str = Schema.UNKNOWN
    schema_version: str = ""


def look(reach: Reach, *, background: bool = True) -> Result:
    """Connect, ask, and disconnect; in `LIMIT_SECONDS` once the name is resolved.

    Never raises for what the server or the network does, and never tells their words: only a code of a closed
    list.
    """
    end = time.monotonic() + LIMIT_SECONDS
    try:
        connection = connect_to(reach, background=background)
        with cut_off(connection, end - time.monotonic()), connection:
            return ask(connection, reach.url)
    except ConnectFailed as failed:
        return Result("unreachable", failed.code)
    except SchemaError as error:
        return Result("unreachable", "lost" if error.code == "lost" else "other")
    except psycopg.Error as error:
        return Result("unreachable", sqlstate_code(error.sqlstate) or failure_code(str(error)))


def ask(connection: psycopg.Connection[Any], url: DatabaseUrl) -> Result:
    """Ask an idle autocommit connection for version, identity and the state of the Mathesar schema."""
    connection.execute("BEGIN; SET LOCAL statement_timeout = '2s'")
    try:
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
        state = read_state(connection)
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.execute("ROLLBACK")
    return Result("connected", "", str(version).split(" ")[0], identity, state.state, state.version)
