"""After start: the Mathesar schema installed or upgraded in every database that can be reached.

In parallel and outside the start-up lock: a database that is silent or says no holds up neither the start nor the
others; its row says what happened. Several replicas may do it at once; the schema's own lock lets one through.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import psycopg
from django.db import connection

from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.keyring import Locked
from mathesar.connections.models import OUT_OF_SERVICE, Database, Status
from mathesar.connections.probe import Result, ask
from mathesar.connections.reaching import Reach, connect_to, reach_of
from mathesar.connections.schema import problem_of
from mathesar.connections.status import record
from mathesar.dbschema import SchemaError, install, may_install
from provisioner.connecting import LIMIT_SECONDS, ConnectFailed, cut_off
from provisioner.failure_codes import failure_code, sqlstate_code

THREADS = 50  # nearly all of their time they wait for a server
PER_SERVER = 4
PATIENCE = 120.0  # seconds; the others on the same server may be many
INSTALL_SECONDS = 30.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one database; `schema_code` is the kind of the finding that says why there is no schema."""

    row: Database
    result: Result
    schema_code: str = ""


def bring_up_to_date() -> int:
    """Look at every database in service, install or upgrade its schema where wished; return how many were done.

    Never raises for what a database or the network does.
    """
    rows = list(Database.objects.exclude(status__in=OUT_OF_SERVICE).filter(removing_at=None))
    outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
    waiting: queue.SimpleQueue[tuple[Database, Reach]] = queue.SimpleQueue()
    expected = 0
    for row, reach in _reachable(rows):
        waiting.put((row, reach))
        expected += 1
    for _ in range(min(THREADS, expected)):
        threading.Thread(target=_work, args=(waiting, outcomes), name="upkeep", daemon=True).start()
    for _ in range(expected):
        outcome = outcomes.get()
        if outcome is not None:
            _note(outcome)
    connection.close()
    return expected


def _reachable(rows: Iterable[Database]) -> Iterable[tuple[Database, Reach]]:
    for row in rows:
        try:
            yield row, reach_of(row)
        except Locked:
            row.record_status(status=Status.LOCKED, status_code="connection-locked")
        except ConnectionProblem:
            continue


def _work(waiting: queue.SimpleQueue[tuple[Database, Reach]], outcomes: queue.SimpleQueue[Outcome | None]) -> None:
    while True:
        try:
            row, reach = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            outcome = _one(row, reach)
        except Exception as error:  # whatever it is, the others are waited for and the server goes on serving
            log.error("The upkeep of database %r failed: %s.", row.name, type(error).__name__)
            outcome = None
        outcomes.put(outcome)


def _one(row: Database, reach: Reach) -> Outcome:
    seen = Result("unreachable", "lost")
    try:
        connection = connect_to(reach, background=True, most=PER_SERVER, patience=PATIENCE)
        end = time.monotonic() + LIMIT_SECONDS
        with connection:
            with cut_off(connection, end - time.monotonic()):
                seen = ask(connection, reach.url)
                able = may_install(connection)
            if not row.wants_schema or seen.schema not in ("missing", "outdated"):
                return Outcome(row, seen)
            if seen.schema == "missing" and not able:
                return Outcome(row, seen, "live-no-create")
            with cut_off(connection, INSTALL_SECONDS):
                state = install(connection, types_only=row.types_only)
            return Outcome(row, replace(seen, schema=state.state, schema_version=state.version))
    except ConnectFailed as failed:
        return Outcome(row, Result("unreachable", failed.code))
    except SchemaError as error:
        return Outcome(row, seen, problem_of(error).kind)
    except psycopg.Error as error:
        return Outcome(row, Result("unreachable", sqlstate_code(error.sqlstate) or failure_code(str(error))))


def _note(outcome: Outcome) -> None:
    record(outcome.row, outcome.result, outcome.schema_code)
    if outcome.schema_code:
        log.warning("Database %r has no current Mathesar schema: %s.", outcome.row.name, outcome.schema_code)
