"""Connections to user databases for pages and API: few, short-lived, and given back clean.

A connection is kept for the next request for a minute, because a new one costs more than most queries. It is
dropped when its row changed, when the server closed it, and after five minutes, so that rotated passwords age out.
At most two exist for one database in one process.
"""

from __future__ import annotations

import atexit
import contextlib
import select
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus

from mathesar.connections.errors import ConnectionRefused, live
from mathesar.connections.models import Database
from mathesar.connections.reaching import connect_to, reach_of, refused
from provisioner.connecting import ConnectFailed

MOST = 2
IDLE_SECONDS = 60.0
LIFETIME_SECONDS = 300.0
WAIT_SECONDS = 2.0

Key = tuple[UUID, int]  # a row and its version


@dataclass
class _Kept:
    connection: psycopg.Connection[Any]
    made_at: float
    given_back_at: float = 0.0


@dataclass
class _Pool:
    condition: threading.Condition = field(default_factory=threading.Condition)
    idle: dict[Key, list[_Kept]] = field(default_factory=dict)
    out: Counter[Key] = field(default_factory=Counter)
    timer: threading.Timer | None = None


_pool = _Pool()


@contextlib.contextmanager
def opened(row: Database) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection to a row's database, in autocommit mode; what a transaction left open is rolled back.

    Only `SET LOCAL` may be used on it: the next request gets it as it is left.

    Raises:
        ConnectionRefused: it cannot be had now; `finding` says why.
        Locked: its credentials cannot be read.
    """
    key = (row.pk, row.version)
    _take_slot(key)
    kept: _Kept | None = None
    try:
        kept = _reuse(key) or _new(row)
        yield kept.connection
    finally:
        _give_back(key, kept)


@atexit.register
def forget_all() -> None:
    """Close everything that is kept; a process that ends says goodbye to its servers."""
    with _pool.condition:
        gone = [kept for each in _pool.idle.values() for kept in each]
        _pool.idle.clear()
        if _pool.timer is not None:
            _pool.timer.cancel()
            _pool.timer = None
    for kept in gone:
        kept.connection.close()


def forget(row_id: UUID) -> None:
    """Close what is kept for a row; call it when the row was changed or removed."""
    with _pool.condition:
        gone = [kept for key in list(_pool.idle) if key[0] == row_id for kept in _pool.idle.pop(key)]
    for kept in gone:
        kept.connection.close()


def _take_slot(key: Key) -> None:
    end = time.monotonic() + WAIT_SECONDS
    with _pool.condition:
        while _pool.out[key] >= MOST:
            left = end - time.monotonic()
            if left <= 0:
                raise ConnectionRefused(live("busy"))
            _pool.condition.wait(left)
        _pool.out[key] += 1


def _reuse(key: Key) -> _Kept | None:
    while True:
        with _pool.condition:
            kept = _pool.idle[key].pop() if _pool.idle.get(key) else None
        if kept is None or _is_usable(kept):
            return kept
        kept.connection.close()


def _new(row: Database) -> _Kept:
    try:
        return _Kept(connect_to(reach_of(row)), time.monotonic())
    except ConnectFailed as failed:
        raise refused(failed) from None


def _is_usable(kept: _Kept) -> bool:
    """Tell whether a kept connection is young, and the server did not close it: an idle one has nothing to read."""
    now = time.monotonic()
    if now - kept.made_at > LIFETIME_SECONDS or now - kept.given_back_at > IDLE_SECONDS:
        return False
    with contextlib.suppress(psycopg.Error, OSError, ValueError):
        return not select.select([kept.connection.pgconn.socket], [], [], 0)[0]
    return False


def _give_back(key: Key, kept: _Kept | None) -> None:
    if kept is not None and not _is_clean(kept.connection):
        kept.connection.close()
        kept = None
    with _pool.condition:
        if kept is not None:
            kept.given_back_at = time.monotonic()
            _pool.idle.setdefault(key, []).append(kept)
            _schedule()
        _pool.out[key] -= 1
        if not _pool.out[key]:
            del _pool.out[key]
        _pool.condition.notify_all()


def _is_clean(connection: psycopg.Connection[Any]) -> bool:
    if connection.closed:
        return False
    if connection.info.transaction_status == TransactionStatus.IDLE:
        return True
    if connection.info.transaction_status == TransactionStatus.ACTIVE:  # a query was left running
        return False
    with contextlib.suppress(psycopg.Error):
        connection.rollback()
        return True
    return False


def _schedule() -> None:
    """Have the idle ones closed in a while; called with the lock held."""
    if _pool.timer is None:
        _pool.timer = threading.Timer(IDLE_SECONDS, _sweep)
        _pool.timer.daemon = True
        _pool.timer.start()


def _sweep() -> None:
    with _pool.condition:
        _pool.timer = None
        gone: list[_Kept] = []
        for key, all_kept in list(_pool.idle.items()):
            stale = [kept for kept in all_kept if not _is_usable(kept)]
            gone += stale
            left = [kept for kept in all_kept if kept not in stale]
            if left:
                _pool.idle[key] = left
            else:
                del _pool.idle[key]
        if _pool.idle:
            _schedule()
    for kept in gone:
        kept.connection.close()
