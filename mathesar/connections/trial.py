"""Trying a connection for real, and installing the Mathesar schema over the same one: one connect for it all."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from mathesar import current
from mathesar.connections.credentials import Credentials
from mathesar.connections.errors import TestFailed, live
from mathesar.connections.probe import Result, ask
from mathesar.connections.reaching import connect_to, reach_with
from mathesar.connections.schema import problem_of
from mathesar.dbschema import SchemaError, grant_statement, install, may_install
from provisioner.connecting import LIMIT_SECONDS, ConnectFailed, cut_off
from provisioner.failure_codes import failure_code, sqlstate_code
from provisioner.findings import finding
from provisioner.pooling import is_transaction_pooler
from provisioner.url_advice import is_local

INSTALL_SECONDS = 30.0


@dataclass(frozen=True)
class Wish:
    """What a person wants of a connection: the Mathesar schema, its types only, and a pooler after all."""

    schema: bool = True
    types_only: bool = False
    pooler: bool = False


def try_out(credentials: Credentials, wish: Wish | None = None) -> Result:
    """Try a connection and whether what is wished would work; change nothing.

    Raises:
        TestFailed: with the reason and its fix.
    """
    return _tried(credentials, wish or Wish(), do=False)


def attempt(credentials: Credentials, wish: Wish) -> Result:
    """Try a connection, and do what is wished.

    Raises:
        TestFailed: with the reason and its fix; the database is as it was.
    """
    return _tried(credentials, wish, do=True)


def _tried(credentials: Credentials, wish: Wish, *, do: bool) -> Result:
    platform = current.get_plan().platform
    end = time.monotonic() + LIMIT_SECONDS
    try:
        connection = connect_to(reach_with(credentials))
        with connection:
            with cut_off(connection, end - time.monotonic()):
                seen = _examine(connection, credentials, wish)
            if do and wish.schema and seen.schema in ("missing", "outdated"):
                seen = _install(connection, seen, wish)
            return seen
    except ConnectFailed as failed:
        if failed.code == "refused" and is_local([credentials.host]) and in_container():
            raise TestFailed(finding("live-container", "host")) from None
        raise TestFailed(live(failed.code, platform=platform, what=failed.what)) from None
    except SchemaError as error:
        raise TestFailed(problem_of(error)) from None
    except psycopg.Error as error:
        code = sqlstate_code(error.sqlstate) or failure_code(str(error))
        raise TestFailed(live("timeout" if code == "timeout" else "lost", platform=platform)) from None


def in_container() -> bool:
    """Tell whether Docker or Podman runs this process; both leave a file at the root."""
    return any(Path(name).exists() for name in ("/.dockerenv", "/run/.containerenv"))


def _install(connection: psycopg.Connection[Any], seen: Result, wish: Wish) -> Result:
    try:
        with cut_off(connection, INSTALL_SECONDS):
            state = install(connection, types_only=wish.types_only)
    except SchemaError:
        if seen.schema == "outdated":  # another role made it: what is there goes on working
            return seen
        raise
    return replace(seen, schema=state.state, schema_version=state.version)


def _examine(connection: psycopg.Connection[Any], credentials: Credentials, wish: Wish) -> Result:
    platform = current.get_plan().platform
    if not wish.pooler and is_transaction_pooler(connection, lambda: connect_to(reach_with(credentials))):
        raise TestFailed(finding("live-pooler", "port", platform=platform))
    seen = ask(connection, credentials.url())
    if wish.schema and seen.schema == "foreign":
        raise TestFailed(finding("schema-foreign", "schema"))
    if wish.schema and seen.schema == "missing" and not may_install(connection):
        raise TestFailed(finding("live-no-create", "schema", grant=grant_statement(connection)))
    return seen
