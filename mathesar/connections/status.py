"""Live status without waiting: a request starts a check and goes on; a later one reads what was found.

Checks run in a few threads of their own, at most `PER_TARGET` at a time against one server, so a silent
server holds up neither the request threads nor the checks of other servers. A check refused for want of room
is simply asked for again by the page.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from mathesar.connections.errors import ConnectionRefused
from mathesar.connections.keyring import Locked
from mathesar.connections.models import OUT_OF_SERVICE, Database, Schema, Source, Status
from mathesar.connections.probe import Result, look
from mathesar.connections.reaching import Reach, reach_of
from provisioner.connecting import LIMIT_SECONDS

FRESH = timedelta(seconds=10)
THREADS = 6
PER_TARGET = 2
OVERDUE_SECONDS = LIMIT_SECONDS + 0.5


@dataclass
class _Running:
    future: Future[None]
    target: str
    since: float


class _Checks:
    """The checks of this process."""

    lock = threading.Lock()
    executor: ThreadPoolExecutor | None = None  # made after the fork
    running: dict[UUID, _Running] = {}  # noqa: RUF012 - one registry for the process, guarded by the lock


def is_fresh(row: Database) -> bool:
    """Tell whether the row's status was looked at a moment ago (by any process) or needs no look."""
    if row.status in OUT_OF_SERVICE:
        return True
    return row.last_checked is not None and timezone.now() - row.last_checked < FRESH


def start_check(row: Database) -> bool:
    """Start a check unless one runs; return False when there is no room now. Never waits."""
    try:
        reach = reach_of(row)
    except ConnectionRefused:
        return True
    except Locked:
        row.record_status(status=Status.LOCKED, status_code="connection-locked", last_checked=timezone.now())
        return True
    with _Checks.lock:
        _drop_finished()
        if row.pk in _Checks.running:
            return True
        target = f"{reach.url.host}:{reach.url.port}"
        busy = Counter(check.target for check in _Checks.running.values())
        if len(_Checks.running) >= THREADS or busy[target] >= PER_TARGET:
            return False
        if _Checks.executor is None:
            _Checks.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="status")
        future = _Checks.executor.submit(_check, row, reach)
        _Checks.running[row.pk] = _Running(future, target, time.monotonic())
    return True


def is_overdue(row: Database) -> bool:
    """Tell whether the row's check takes longer than any answer is worth (a silent name server)."""
    with _Checks.lock:
        check = _Checks.running.get(row.pk)
        return check is not None and time.monotonic() - check.since > OVERDUE_SECONDS


def wait_for_checks(rows: Sequence[Database], seconds: float) -> None:
    """Wait for the running checks of these rows, not longer than `seconds`."""
    with _Checks.lock:
        futures = [_Checks.running[row.pk].future for row in rows if row.pk in _Checks.running]
    wait(futures, timeout=seconds)


def record(row: Database, result: Result, schema_code: str | None = None) -> None:
    """Write what a look found; another database under an entry's name is told apart, not adopted.

    `schema_code` is why the Mathesar schema could not be installed or upgraded, "" where it could.
    """
    columns = {"status": result.status, "status_code": result.code, "last_checked": timezone.now()}
    if result.status == Status.CONNECTED:
        columns |= {
            "server_version": result.server_version,
            "schema": result.schema,
            "schema_version": result.schema_version,
        }
        if row.wants_schema and result.schema not in (Schema.CURRENT, Schema.OUTDATED):
            columns |= {"status": Status.SCHEMA_MISSING, "status_code": "schema-missing"}
        if schema_code is not None or result.schema == Schema.CURRENT:
            columns["schema_code"] = schema_code or ""
        if row.source == Source.ENVIRONMENT and row.identity and row.identity != result.identity:
            columns |= {"status": Status.TARGET_CHANGED, "status_code": "target-changed"}
        else:
            columns["identity"] = result.identity
    row.record_status(**columns)


def _check(row: Database, reach: Reach) -> None:
    result = look(reach)
    try:
        if result.code != "busy":  # nobody looked
            record(row, result)
    except DatabaseError:  # the internal database is away; /readyz tells, and the next look writes again
        return
    finally:
        connection.close()


def _drop_finished() -> None:
    for key in [key for key, check in _Checks.running.items() if check.future.done()]:
        del _Checks.running[key]
